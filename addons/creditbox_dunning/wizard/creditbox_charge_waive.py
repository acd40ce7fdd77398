from odoo import fields, models


class CreditboxChargeWaive(models.TransientModel):
    _name = "creditbox.charge.waive"
    _description = "Waive Charges"
    _rec_name = "reason"

    charge_ids = fields.Many2many("creditbox.charge", readonly=True)
    reason = fields.Char(required=True)

    def action_waive(self):
        self.ensure_one()
        self.charge_ids._waive(self.reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
