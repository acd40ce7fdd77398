from odoo import fields, models


class CreditboxCompanySettings(models.TransientModel):
    _inherit = "creditbox.company.settings"

    currency_id = fields.Many2one(related="company_id.currency_id")
    creditbox_promise_tolerance_days = fields.Integer(
        related="company_id.creditbox_promise_tolerance_days", readonly=False
    )
    creditbox_promise_tolerance_amount = fields.Monetary(
        related="company_id.creditbox_promise_tolerance_amount", readonly=False
    )
    creditbox_promise_broken_count = fields.Integer(
        related="company_id.creditbox_promise_broken_count", readonly=False
    )
    creditbox_promise_broken_months = fields.Integer(
        related="company_id.creditbox_promise_broken_months", readonly=False
    )
