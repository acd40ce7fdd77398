from odoo import fields, models


class CreditboxServiceType(models.Model):
    _inherit = "creditbox.service.type"

    reactivation_standard = fields.Char(
        string="Reactivation measured by",
        help="Code of the standard of reactivations after arrears; none: not measured.",
    )
