from odoo import fields, models


class CreditboxCompanySettings(models.TransientModel):
    _inherit = "creditbox.company.settings"

    currency_id = fields.Many2one(related="company_id.currency_id")
    creditbox_plan_count = fields.Integer(
        related="company_id.creditbox_plan_count", readonly=False
    )
    creditbox_plan_min_amount = fields.Monetary(
        related="company_id.creditbox_plan_min_amount", readonly=False
    )
    creditbox_plan_small_amount = fields.Monetary(
        related="company_id.creditbox_plan_small_amount", readonly=False
    )
    creditbox_plan_first_days = fields.Integer(
        related="company_id.creditbox_plan_first_days", readonly=False
    )
    creditbox_plan_offer_days = fields.Integer(
        related="company_id.creditbox_plan_offer_days", readonly=False
    )
    creditbox_plan_interest = fields.Selection(
        related="company_id.creditbox_plan_interest", readonly=False, required=True
    )
    creditbox_plan_tolerance_days = fields.Integer(
        related="company_id.creditbox_plan_tolerance_days", readonly=False
    )
    creditbox_plan_tolerance_amount = fields.Monetary(
        related="company_id.creditbox_plan_tolerance_amount", readonly=False
    )
    creditbox_plan_late_max = fields.Integer(
        related="company_id.creditbox_plan_late_max", readonly=False
    )
    creditbox_plan_broken_max = fields.Integer(
        related="company_id.creditbox_plan_broken_max", readonly=False
    )
    creditbox_plan_broken_months = fields.Integer(
        related="company_id.creditbox_plan_broken_months", readonly=False
    )
    creditbox_plan_remind_before = fields.Integer(
        related="company_id.creditbox_plan_remind_before", readonly=False
    )
    creditbox_plan_remind_after = fields.Integer(
        related="company_id.creditbox_plan_remind_after", readonly=False
    )
    creditbox_plan_journal_id = fields.Many2one(
        related="company_id.creditbox_plan_journal_id", readonly=False
    )
