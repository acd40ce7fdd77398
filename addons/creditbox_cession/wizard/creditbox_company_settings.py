from odoo import fields, models


class CreditboxCompanySettings(models.TransientModel):
    _inherit = "creditbox.company.settings"

    creditbox_cession_journal_id = fields.Many2one(
        related="company_id.creditbox_cession_journal_id", readonly=False
    )
    creditbox_cession_account_id = fields.Many2one(
        related="company_id.creditbox_cession_account_id", readonly=False
    )
