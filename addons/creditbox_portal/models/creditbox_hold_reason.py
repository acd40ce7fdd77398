from odoo import fields, models


class CreditboxHoldReason(models.Model):
    _inherit = "creditbox.hold.reason"

    portal_name = fields.Char(
        string="Words for the customer",
        translate=True,
        help="What the customer's area says of a bill on hold for this reason. Empty: "
        "that our office is looking at it.",
    )
