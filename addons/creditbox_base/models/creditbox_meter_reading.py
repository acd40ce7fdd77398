from odoo import fields, models


class CreditboxMeterReading(models.Model):
    _name = "creditbox.meter.reading"
    _description = "Meter Reading"
    _order = "date desc, id desc"

    meter_id = fields.Many2one(
        "creditbox.meter", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="meter_id.company_id", store=True, index=True, precompute=True
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    value = fields.Float(required=True, digits=(16, 3), aggregator=None)
    source = fields.Selection(
        [
            ("operator", "Operator on Site"),
            ("customer", "Customer"),
            ("remote", "Remote Reading"),
            ("estimate", "Estimate"),
            ("billing", "Billing System"),
        ],
        default="operator",
    )
