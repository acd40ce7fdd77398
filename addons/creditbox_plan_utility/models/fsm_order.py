from odoo import models

from odoo.addons.creditbox_plan.models.creditbox_plan import LIVE, PENDING

ENDED = ("broken", "cancelled", "renegotiated")


class FsmOrder(models.Model):
    """Bills in a plan are closed by its instalments: they are not paid by that."""

    _inherit = "fsm.order"

    def _plan(self, states):
        """:return: creditbox.plan in one of these states with bills of the order"""
        # whoever asks: what happens at a meter does not depend on it
        order = self.sudo()
        plans = order.creditbox_position_id.plan_ids
        for plan in plans:
            bills = plan.bill_ids.move_line_id
            if plan.state in states and bills & order.creditbox_move_line_ids:
                return plan
        return plans.browse()

    def _entitled(self):
        """What is in a plan waits for what the company asks of it."""
        entitled = super()._entitled()
        waiting = entitled.filtered(
            lambda order: (plan := order._plan(LIVE)) and not plan._gives_back()
        )
        # all that was cut at a supply is given back together
        supplies = (waiting - waiting._held_and_given_back()).creditbox_supply_id
        return entitled.filtered(lambda o: o.creditbox_supply_id not in supplies)

    def _reason_to_give_back(self):
        if plan := self._plan(LIVE):
            when = plan.company_id.creditbox_plan_gives_back
            if when == "first":
                return self.env._("First instalment of plan %s paid", plan.name)
            return self.env._("Plan %s agreed", plan.name)
        return super()._reason_to_give_back()

    def _reason_of_withdrawal(self):
        """A plan that has ended today gives no right to anything any more."""
        today = self.company_id._creditbox_today()
        cuts = self._cuts_of_supplies()
        for plan in cuts.creditbox_position_id.plan_ids:
            if plan.state in ENDED and plan.date_end == today:
                return self.env._("Plan %s has been broken off", plan.name)
        return super()._reason_of_withdrawal()

    def _reason_of_stop(self, left, half, several):
        if plan := self._plan((*PENDING, *LIVE)):
            return self.env._("In the repayment plan %s", plan.name)
        return super()._reason_of_stop(left, half, several)
