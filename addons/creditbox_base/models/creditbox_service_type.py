from odoo import fields, models


class CreditboxServiceType(models.Model):
    _name = "creditbox.service.type"
    _inherit = "creditbox.typology"
    _description = "Service Type"

    code_format = fields.Selection(
        [("pod", "POD (electricity)"), ("pdr", "PDR (gas)")],
        string="Supply Code Format",
        help="National code that a supply of this service carries. Where there is "
        "none, the code of the billing system is free text.",
    )
