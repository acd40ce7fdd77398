from odoo import fields, models


class CreditboxHoldReason(models.Model):
    _inherit = "creditbox.hold.reason"

    gives_back = fields.Boolean(
        string="Gives the Supply Back",
        help="A hold of a supply or a customer for this reason stops orders at the "
        "meter and also reactivates what was cut: a payment that was shown, a plan.",
    )
