from odoo import fields, models


class CreditboxCompanySettings(models.TransientModel):
    _inherit = "creditbox.company.settings"

    creditbox_writeoff_journal_id = fields.Many2one(
        related="company_id.creditbox_writeoff_journal_id", readonly=False
    )
    creditbox_loss_account_id = fields.Many2one(
        related="company_id.creditbox_loss_account_id", readonly=False
    )
    creditbox_recovery_account_id = fields.Many2one(
        related="company_id.creditbox_recovery_account_id", readonly=False
    )
    creditbox_large_firm = fields.Boolean(
        related="company_id.creditbox_large_firm", readonly=False
    )
    creditbox_small_residual = fields.Monetary(
        related="company_id.creditbox_small_residual", readonly=False
    )
