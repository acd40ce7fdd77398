from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_amount, format_date
from odoo.tools.translate import LazyTranslate

from .fsm_order import AGAINST, OPEN_STATES

# They are said in the language of whoever is asked.
# pylint: disable=prefer-env-translation
_lt = LazyTranslate(__name__)


class FsmOrder(models.Model):
    """The stop of orders of which nothing is due any more, and who is told of it."""

    _inherit = "fsm.order"

    def _half_paid(self):
        """:return: {position id: day until which the balance may wait}"""
        positions = self.sudo().creditbox_position_id  # whoever pays sees none
        return self.env["creditbox.half.payment"]._until(positions)

    @api.model
    def _stop_paid_of(self, partner_ids):
        """The debt of these customers has changed: stop what is no longer due.

        In the transaction that has changed it.
        """
        orders = self.search(
            Domain("creditbox_position_id.partner_id", "in", list(partner_ids))
            & Domain("creditbox_state", "in", OPEN_STATES)
            & Domain("creditbox_operation", "in", AGAINST)
        )
        orders._stop_paid()

    def _stop_paid(self):
        """:return: the orders that nothing is due of any more, stopped now"""
        against = self._against()._open_ones()
        dues, half = against._dues(), against._half_paid()
        paid = against.filtered(
            lambda order: order.id not in dues or order.creditbox_position_id.id in half
        )
        paid._stop()
        return paid

    def _stop(self, tell_action=True):
        """Stop orders at once, wherever they are, and tell everybody who must know.

        :param tell_action: the action of the table ends as well
        """
        states = {order: order.creditbox_state for order in self}
        reasons = self._reasons_of_stop()
        for reason in set(reasons.values()):
            orders = self.filtered(lambda o, why=reason: reasons[o] == why)
            orders._close("stopped", reason, tell_action=tell_action)
        alarms = self.filtered(lambda order: states[order] == "on_site")
        alarms.sudo().creditbox_alarm = True  # nobody writes it by hand
        for order in self:
            order._announce("creditbox_order_stopped")
        self._ask_office(states)

    def _reasons_of_stop(self):
        """Say for people, in the language of their company, why nothing is to be done.

        :return: {order: str}
        """
        left, half = self._left(), self._half_paid()
        reasons = {}
        for order in self.sudo():  # whoever pays need not see bills
            speaking = order.with_context(lang=order.company_id.partner_id.lang)
            reasons[order] = speaking._reason_of_stop(left.get(order.id, 0), half)
        return reasons

    def _reason_of_stop(self, left, half):
        position, currency = self.creditbox_position_id, self.company_id.currency_id
        if not left:
            unmatched = sum(self.creditbox_move_line_ids.mapped("amount_residual"))
            if currency.compare_amounts(unmatched, 0) <= 0:
                return self.env._("Paid")
            return self.env._(
                "Paid: %s of it not yet matched to a bill",
                format_amount(self.env, unmatched, currency),
            )
        if position.id in half:
            return self.env._(
                "Part payment of a condominium: the balance may wait until %s",
                format_date(self.env, half[position.id]),
            )
        today = self.company_id._creditbox_today()
        if position.held_until and position.held_until >= today:
            return self.env._(
                "On hold until %s", format_date(self.env, position.held_until)
            )
        return self.env._(
            "What is left (%s) is under the limits of the order, or in a plan",
            format_amount(self.env, left, currency),
        )

    def _announce(self, event):
        """Tell the pages that show the order; they hear it when this is committed."""
        self.env["bus.bus"]._sendone(
            self,
            event,
            {
                "id": self.id,
                "name": self.name,
                "state": self.creditbox_state,
                "reason": self.creditbox_note or "",
                "alarm": self.creditbox_alarm,
                "at": fields.Datetime.to_string(fields.Datetime.now()),
            },
        )

    def _ask_office(self, states):
        """Whoever is in charge calls the crew that may be on its way, or there.

        :param states: {order: state before}
        """
        for order in self:
            if states[order] == "on_site":
                order._ask(
                    "mail.mail_activity_data_warning",
                    _lt("Paid with the crew on site: call it now"),
                )
            elif states[order] == "sent":
                order._ask(
                    "mail.mail_activity_data_todo", _lt("Stopped: tell the crew")
                )

    def _ask(self, kind, summary):
        """Give an activity to the operator, who had asked for it, or a supervisor.

        :param summary: text that is translated for whoever gets it
        """
        order = self.sudo()  # whoever pays may not plan activities
        user = order.creditbox_position_id._who_answers(order.creditbox_user_id)
        order = order.with_context(lang=user.lang)
        order.activity_schedule(
            kind,
            date_deadline=order.company_id._creditbox_today(),
            summary=order.env._(summary),
            note=order.creditbox_note,
            user_id=user.id,
        )
