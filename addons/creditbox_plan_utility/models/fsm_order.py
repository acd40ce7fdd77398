from odoo import models

from odoo.addons.creditbox_plan.models.creditbox_plan import LIVE, PENDING

ENDED = ("broken", "cancelled", "renegotiated")


class FsmOrder(models.Model):
    """Bills in a plan are closed by its instalments: they are not paid by that."""

    _inherit = "fsm.order"

    def _plans(self, states):
        """:return: creditbox.plan in these states with bills that the order is for"""
        # whoever asks: what happens at a meter does not depend on it
        order = self.sudo()
        plans = order.creditbox_position_id.plan_ids.filtered(
            lambda plan: plan.state in states
        )
        return plans._holding(order.creditbox_move_line_ids)

    def _entitled(self):
        """What is in a plan waits for what the company asks of it."""
        entitled = super()._entitled()
        waiting = entitled.filtered(
            lambda order: any(not plan._gives_back() for plan in order._plans(LIVE))
        )
        # all that was cut at a supply is given back together
        supplies = (waiting - waiting._held_and_given_back()).creditbox_supply_id
        return entitled.filtered(lambda o: o.creditbox_supply_id not in supplies)

    def _reason_to_give_back(self):
        if plan := self._plans(LIVE)[:1]:
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
        if plan := self._plans((*PENDING, *LIVE))[:1]:
            return self.env._("In the repayment plan %s", plan.name)
        return super()._reason_of_stop(left, half, several)
