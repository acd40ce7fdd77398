from odoo import fields, models


class CreditboxCustomerType(models.Model):
    _name = "creditbox.customer.type"
    _inherit = "creditbox.typology"
    _description = "Customer Type"

    is_domestic = fields.Boolean(
        string="Domestic",
        help="Households: the authority's protections of domestic users apply.",
    )
    is_public = fields.Boolean(
        string="Public Body",
        help="Bodies of the public administration, dunned in their own way.",
    )
