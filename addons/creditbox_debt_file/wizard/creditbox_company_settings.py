from odoo import fields, models


class CreditboxCompanySettings(models.TransientModel):
    _inherit = "creditbox.company.settings"

    creditbox_debt_file_days = fields.Integer(
        related="company_id.creditbox_debt_file_days", readonly=False
    )
