from odoo import fields, models


class CreditboxCompanySettings(models.TransientModel):
    _inherit = "creditbox.company.settings"

    currency_id = fields.Many2one(related="company_id.currency_id")
    creditbox_order_threshold = fields.Monetary(
        related="company_id.creditbox_order_threshold", readonly=False
    )
    creditbox_debt_check_minutes = fields.Integer(
        related="company_id.creditbox_debt_check_minutes", readonly=False
    )
    creditbox_counter_days = fields.Integer(
        related="company_id.creditbox_counter_days", readonly=False
    )
    creditbox_order_hour_from = fields.Float(
        related="company_id.creditbox_order_hour_from", readonly=False
    )
    creditbox_order_hour_to = fields.Float(
        related="company_id.creditbox_order_hour_to", readonly=False
    )
    creditbox_reactivation_cost = fields.Monetary(
        related="company_id.creditbox_reactivation_cost", readonly=False
    )
    creditbox_removal_days = fields.Integer(
        related="company_id.creditbox_removal_days", readonly=False
    )
