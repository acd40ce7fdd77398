from odoo import models


class CreditboxPositionHold(models.TransientModel):
    _inherit = "creditbox.position.hold"

    def action_hold(self):
        """Where somebody is at work on a list or a customer, he stays there."""
        action = super().action_hold()
        if self.env.context.get("creditbox_stay"):
            return {"type": "ir.actions.act_window_close"}
        return action
