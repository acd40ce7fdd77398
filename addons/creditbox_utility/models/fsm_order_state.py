from odoo import api, fields, models
from odoo.exceptions import UserError

from .fsm_order import AGAINST, OPEN_STATES

_ENDS = ("not_executable", "stopped", "cancelled", "recalled")
# from a state to those that may follow
TRANSITIONS = {
    "requested": ("accepted", "planned", *_ENDS),
    "accepted": ("planned", "sent", *_ENDS),
    "planned": ("accepted", "sent", *_ENDS),
    "sent": ("planned", "on_site", *_ENDS),
    "on_site": ("done", *_ENDS),
    # carried out though it was paid: only by the method that raises the alarm
    "stopped": ("done",),
}
STAGES = {
    "requested": "fieldservice.fsm_stage_new",
    "accepted": "creditbox_utility.fsm_stage_accepted",
    "planned": "creditbox_utility.fsm_stage_planned",
    "sent": "creditbox_utility.fsm_stage_sent",
    "on_site": "creditbox_utility.fsm_stage_on_site",
    "done": "fieldservice.fsm_stage_completed",
    "not_executable": "creditbox_utility.fsm_stage_not_executable",
    "stopped": "creditbox_utility.fsm_stage_stopped",
    "cancelled": "fieldservice.fsm_stage_cancelled",
    "recalled": "creditbox_utility.fsm_stage_recalled",
}


class FsmOrder(models.Model):
    """The states of an order, who may change them, and the trace that it leaves."""

    _inherit = "fsm.order"

    @api.model
    def _stage_of(self, state):
        """:return: fsm.stage of Field Service for a state of ours"""
        return self.env.ref(STAGES[state])

    def _check_transition(self, state):
        """
        :raises UserError: an order that cannot get into ``state`` from its own
        """
        for order in self:
            if state not in TRANSITIONS.get(order.creditbox_state, ()):
                raise UserError(order._refused_transition(state))

    def _refused_transition(self, state):
        labels = dict(self._fields["creditbox_state"]._description_selection(self.env))
        return self.env._(
            "Order %(order)s is «%(state)s»%(note)s: it cannot become «%(wanted)s».",
            order=self.name,
            state=self._label("creditbox_state"),
            note=f" ({self.creditbox_note})" if self.creditbox_note else "",
            wanted=labels[state],
        )

    def _enter(self, state, reason=None, **values):
        """Bring orders into a state; who and when is kept on each chatter.

        :param reason: str shown to people, or None
        :raises UserError: a transition that the table does not know
        """
        if not self:
            return
        self._check_transition(state)
        moment = f"creditbox_{state}_at" if state in OPEN_STATES else None
        bodies = self._bodies_of(state, reason)
        orders = self._quietly().with_context(bypass_order_completed_stage=True)
        orders.write(
            {
                "creditbox_state": state,
                "stage_id": self._stage_of(state).id,
                moment or "creditbox_closed_at": fields.Datetime.now(),
                **({"creditbox_note": reason} if reason else {}),
                **values,
            }
        )
        self._message_log_batch(bodies=bodies)

    def _quietly(self):
        """:return: these orders, written as the system, see the class; the chatter says
        once what has happened, not field by field"""
        return self.sudo().with_context(tracking_disable=True)

    def _bodies_of(self, state, reason):
        labels = dict(self._fields["creditbox_state"]._description_selection(self.env))
        return {
            order.id: " → ".join((order._label("creditbox_state"), labels[state]))
            + (f": {reason}" if reason else "")
            for order in self
        }

    def _close(self, state, reason=None, tell_action=True, **values):
        """End open orders without their having been carried out.

        :param tell_action: the action of the table ends as well
        """
        orders = self._open_ones()
        orders._enter(state, reason, **values)
        if tell_action:
            actions = orders.sudo().creditbox_action_id  # nobody writes actions
            if state == "not_executable":
                actions.filtered(lambda a: a.state == "sending")._mark_failed(reason)
            else:
                actions._cancel(reason or self.env._("Order at the meter ended"))

    # ------------------------------------------------------------------
    # buttons
    # ------------------------------------------------------------------
    def action_accept(self):
        self._require("creditbox_base.group_operator")
        self._enter("accepted")

    def action_plan(self):
        """Plan for the day and hour that the order names.

        :raises UserError: without a date, on a day or at an hour that is forbidden
        """
        self._require("creditbox_base.group_operator")
        for order in self:
            if not order.scheduled_date_start:
                raise UserError(
                    self.env._("Order %s: say for when it is planned.", order.name)
                )
            order._require_day(order.scheduled_date_start)
        self._enter("planned")

    def action_send(self):
        """Hand the orders to the crews."""
        self._require("creditbox_base.group_operator")
        self._enter("sent")

    def action_start(self):
        """The crew is on site: the law is asked once more.

        :raises UserError: with the sentences of the refusals
        """
        self._require("creditbox_base.group_operator")
        self._require_day(fields.Datetime.now())
        self._require_lawful()
        self._enter("on_site", date_start=fields.Datetime.now())
        self._look_at_debt()

    def action_cancel(self):
        """Cancel orders that have not been carried out."""
        ours = self.filtered("creditbox_operation")
        if ours:
            ours._require("creditbox_base.group_operator")
            ours._check_transition("cancelled")
            ours._close("cancelled", self.env._("Cancelled by %s", self.env.user.name))
        others = self - ours
        return super(FsmOrder, others).action_cancel() if others else None

    def action_complete(self):
        """The button of Field Service closes ours by our own rules."""
        ours = self.filtered("creditbox_operation")
        others = self - ours
        if others:
            super(FsmOrder, others).action_complete()
        return ours.action_done() if ours else None

    def action_open_close(self):
        """:return: window that asks why the orders end otherwise than done"""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Not carried out"),
            "res_model": "creditbox.order.close",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_ids": self.ids},
        }

    # ------------------------------------------------------------------
    # the law
    # ------------------------------------------------------------------
    def _require_day(self, moment):
        """
        :raises UserError: what is done against the customer, on a forbidden day
        """
        lawfulness = self.env["creditbox.lawfulness"]
        for order in self:
            if order.creditbox_operation not in AGAINST:
                continue
            refusal = lawfulness._refusal_of_moment(order, moment)
            if refusal:
                raise UserError(order._because([refusal]))

    def _require_lawful(self):
        """
        :raises UserError: orders that would be refused if they were asked for now
        """
        against = self._against()
        refusals = self.env["creditbox.lawfulness"]._refusals(
            against._demands(), chain=True, own=against
        )
        for order, refused in zip(against, refusals, strict=True):
            if order.creditbox_forced_reason:
                refused = [r for r in refused if not r.forcible]
            if refused:
                raise UserError(order._because(refused))

    def _because(self, refused):
        return self.env._(
            "Order %(order)s: %(why)s",
            order=self.name,
            why=" ".join(refusal.sentence for refusal in refused),
        )
