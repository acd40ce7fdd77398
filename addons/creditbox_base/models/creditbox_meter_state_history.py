from odoo import fields, models


class CreditboxMeterStateHistory(models.Model):
    _name = "creditbox.meter.state.history"
    _description = "Meter State History"
    _order = "date desc, id desc"

    meter_id = fields.Many2one(
        "creditbox.meter", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="meter_id.company_id", store=True, index=True, precompute=True
    )
    meter_state_id = fields.Many2one("creditbox.meter.state", string="State")
    date = fields.Date(required=True)
    user_id = fields.Many2one("res.users", string="Changed by")
    note = fields.Char()
