from odoo import fields, models


class CreditboxCompanySettings(models.TransientModel):
    _inherit = "creditbox.company.settings"

    creditbox_plan_gives_back = fields.Selection(
        related="company_id.creditbox_plan_gives_back", readonly=False, required=True
    )
