from odoo import fields, models


class CreditboxCompanySettings(models.TransientModel):
    _inherit = "creditbox.company.settings"

    creditbox_claim_journal_id = fields.Many2one(
        related="company_id.creditbox_claim_journal_id", readonly=False
    )
