from odoo import fields, models


class CreditboxCompanySettings(models.TransientModel):
    _inherit = "creditbox.company.settings"

    creditbox_declaration_days = fields.Integer(
        related="company_id.creditbox_declaration_days", readonly=False
    )
    creditbox_declarations_a_day = fields.Integer(
        related="company_id.creditbox_declarations_a_day", readonly=False
    )
