from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    creditbox_travel_pace = fields.Float(
        string="Drive (minutes a km)",
        default=2.0,
        help="As the crow flies, between a visit and the next one.",
    )
    creditbox_fall_out = fields.Selection(
        [
            ("keep", "The others keep their hours"),
            ("up", "The later ones move up"),
        ],
        string="When an order falls out",
        default="keep",
        required=True,
        help="What becomes of a crew's day when an order is stopped or cancelled.",
    )

    _creditbox_travel_pace_positive = models.Constraint(
        "CHECK(creditbox_travel_pace >= 0)", "The drive cannot be negative."
    )
