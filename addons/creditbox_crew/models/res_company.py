from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    creditbox_crew_hold_days = fields.Integer(
        string="Hold for a receipt shown to the crew (working days)",
        default=5,
        help="For so long the bills are held, until the office has found the payment.",
    )

    _creditbox_crew_hold_positive = models.Constraint(
        "CHECK(creditbox_crew_hold_days BETWEEN 1 AND 20)",
        "A receipt shown to the crew holds the bills for 1 to 20 working days.",
    )
