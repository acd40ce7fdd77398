from odoo import fields, models


class CreditboxAction(models.Model):
    _inherit = "creditbox.action"

    exception = fields.Selection(
        selection_add=[("plan_refused", "No plan for this customer")]
    )
    plan_ids = fields.One2many(
        "creditbox.plan", "action_id", string="Plan offered", readonly=True
    )

    def _share_messages(self):
        """Each supply has its own plan, and its own agreement to sign."""
        return super(
            CreditboxAction, self.filtered(lambda action: action.code != "plan")
        )._share_messages()

    def _mark_done(self, date=None):
        result = super()._mark_done(date)
        offers = self.filtered(lambda action: action.code == "plan")
        # the system waits for the answer
        plans = offers.sudo().plan_ids.filtered(lambda plan: plan.state == "draft")
        plans._offered()
        return result

    def _mark_failed(self, reason, unreachable=False):
        result = super()._mark_failed(reason, unreachable)
        self.sudo().plan_ids.filtered(
            lambda plan: plan.state in ("draft", "proposed")
        )._give_up("cancelled", reason)
        return result
