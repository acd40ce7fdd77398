from odoo import fields, models


class CreditboxAction(models.Model):
    _inherit = "creditbox.action"

    exception = fields.Selection(
        selection_add=[("order_refused", "Order at the meter refused")]
    )
    order_ids = fields.One2many(
        "fsm.order", "creditbox_action_id", string="Orders at the meter", readonly=True
    )
