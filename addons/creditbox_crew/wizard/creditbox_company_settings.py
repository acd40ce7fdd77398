from odoo import fields, models


class CreditboxCompanySettings(models.TransientModel):
    _inherit = "creditbox.company.settings"

    creditbox_crew_hold_days = fields.Integer(
        related="company_id.creditbox_crew_hold_days", readonly=False
    )
