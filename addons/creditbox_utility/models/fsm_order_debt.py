from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, float_round, format_amount, format_date
from odoo.tools.translate import LazyTranslate

from .fsm_order import AGAINST, OPEN_STATES

# They are said in the language of whoever is asked.
# pylint: disable=prefer-env-translation
_lt = LazyTranslate(__name__)


class FsmOrder(models.Model):
    """The debt that an order is for: nobody's supply is cut after they have paid."""

    _inherit = "fsm.order"

    def _compute_creditbox_amount_due(self):
        dues = self.filtered("creditbox_operation")._dues(limits=False)
        for order in self:
            order.creditbox_amount_due = dues.get(order._origin.id, 0)

    def _dues(self, limits=True):
        """Return what is due now of the bills of these orders.

        Credits, holds and plans count as in the action table. A bill under the minimum
        of the order's row is left out, and so is an order whose position owes less than
        the row's lower limit, or than the security threshold of the company.

        :param limits: whether these limits count
        :return: {order id: amount}; orders with nothing due are missing
        """
        self.env.flush_all()
        dues = {}
        for company, orders in self.grouped("company_id").items():
            if orders.ids:
                query = self._sql_dues(company, orders.sudo(), limits)
                for order_id, amount in self.env.execute_query(query):
                    dues[order_id] = float_round(float(amount), precision_digits=2)
        return dues

    def _sql_dues(self, company, orders, limits):
        limit = SQL(
            """
            AND o.amount_open >= COALESCE(r.threshold, 0)
            AND e.amount >= GREATEST(
                COALESCE(r.amount_from, 0),
                CASE WHEN f.creditbox_forced_reason IS NULL THEN %s ELSE 0 END)
            """,
            company.sudo().creditbox_order_threshold,
        )
        return SQL(
            """
            WITH open_item AS MATERIALIZED (%(open_items)s),
            exposure AS (
                SELECT partner_id, supply_id, SUM(amount_open) AS amount
                  FROM open_item
                 GROUP BY partner_id, supply_id
            )
            SELECT f.id, SUM(o.amount_open)
              FROM fsm_order f
              JOIN creditbox_order_move_line l ON l.order_id = f.id
              JOIN open_item o ON o.line_id = l.move_line_id
              JOIN exposure e ON e.partner_id = o.partner_id
               AND e.supply_id IS NOT DISTINCT FROM o.supply_id
              LEFT JOIN creditbox_action a ON a.id = f.creditbox_action_id
              LEFT JOIN creditbox_rule r ON r.id = a.rule_id
             WHERE f.id = ANY(%(orders)s) AND o.amount_open > 0 %(limit)s
             GROUP BY f.id
            """,
            open_items=self.env["creditbox.evaluation"]._sql_open_items(
                company,
                company._creditbox_today(),
                orders.creditbox_position_id.partner_id,
            ),
            orders=orders.ids,
            limit=limit if limits else SQL(),
        )

    @api.model
    def _due_lines(self, positions):
        """Return the bills of positions that are due now.

        :return: {position id: {account.move.line id: open amount}}
        """
        self.env.flush_all()
        due = {}
        for company, group in positions.grouped("company_id").items():
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT position_id, line_id, amount_open
                      FROM (%s) o
                     WHERE amount_open > 0 AND position_id = ANY(%s)
                     ORDER BY line_id
                    """,
                    self.env["creditbox.evaluation"]._sql_open_items(
                        company, company._creditbox_today(), group.partner_id
                    ),
                    group.ids,
                )
            )
            for position_id, line_id, amount in rows:
                due.setdefault(position_id, {})[line_id] = float(amount)
        return due

    # ------------------------------------------------------------------
    # stop
    # ------------------------------------------------------------------
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
        dues = against._dues()
        paid = against.filtered(lambda order: order.id not in dues)
        paid._stop()
        return paid

    def _stop(self, tell_action=True):
        """Stop orders at once, wherever they are, and tell everybody who must know.

        :param tell_action: the action of the table ends as well
        """
        states = {order: order.creditbox_state for order in self}
        reasons = {order: order._reason_of_stop() for order in self}
        for reason in set(reasons.values()):
            orders = self.filtered(lambda o, why=reason: reasons[o] == why)
            orders._close("stopped", reason, tell_action=tell_action)
        alarms = self.filtered(lambda order: states[order] == "on_site")
        alarms.sudo().creditbox_alarm = True
        for order in self:
            order._announce("creditbox_order_stopped")
        self._ask_office(states)

    def _reason_of_stop(self):
        """:return: str, for people, in the company's language: a bank's file may pay"""
        company = self.sudo().company_id
        order = self.sudo().with_context(lang=company.partner_id.lang)
        position = order.creditbox_position_id
        left = sum(order.creditbox_move_line_ids.mapped("amount_residual"))
        credit = self._credit_of(position) if company.creditbox_use_credits else 0
        if company.currency_id.compare_amounts(left, credit) <= 0:
            return order.env._("Paid")
        if position.held_until and position.held_until >= company._creditbox_today():
            return order.env._(
                "On hold until %s", format_date(order.env, position.held_until)
            )
        left -= credit
        return order.env._(
            "What is left (%s) is under the limits of the order, or in a plan",
            format_amount(order.env, left, company.currency_id),
        )

    @api.model
    def _credit_of(self, position):
        """:return: what a customer has paid for a supply, or for none that he named"""
        positions = position.search(
            [
                ("partner_id", "=", position.partner_id.id),
                ("company_id", "=", position.company_id.id),
                ("supply_id", "in", [position.supply_id.id, False]),
            ]
        )
        return sum(positions.mapped("amount_credit"))

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

    # ------------------------------------------------------------------
    # the look at the debt
    # ------------------------------------------------------------------
    def action_check_debt(self):
        """Look at the debt now, as whoever stands at the meter must.

        Orders of which nothing is due any more are stopped.

        :return: client action that says what is due, of a single order
        """
        self._require("creditbox_base.group_operator")
        stopped = self._stop_paid()
        self.sudo().creditbox_debt_checked_at = fields.Datetime.now()
        return self._say(stopped)

    def _say(self, stopped):
        if stopped:
            message = self.env._(
                "STOP: %(orders)s – %(reason)s. Nothing may be done at the meter.",
                orders=", ".join(stopped.mapped("name")),
                reason=stopped[0].creditbox_note,
            )
        else:
            amount = sum(self.mapped("creditbox_amount_due"))
            message = self.env._(
                "Due now: %s",
                format_amount(self.env, amount, self.company_id[:1].currency_id),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if stopped else "info",
                "sticky": bool(stopped),
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _unchecked(self):
        """:return: orders against customers whose debt was not looked at just now"""
        now = fields.Datetime.now()
        return self._against().filtered(
            lambda order: (
                not order.creditbox_debt_checked_at
                or order.creditbox_debt_checked_at
                < now - timedelta(minutes=order.company_id.creditbox_debt_check_minutes)
            )
        )

    @api.model
    def _lock_debts(self, positions):
        """Keep these debts as they are until this transaction is over.

        The same lock as ``still_due``. The rows are written too, unchanged: a payment
        that was waiting for the lock then starts anew and sees what was done here.
        """
        if not positions:
            return
        self.env["creditbox.evaluation"]._lock_positions(positions)
        self.env.cr.execute(
            SQL(
                "UPDATE creditbox_position SET write_date = write_date"
                " WHERE id = ANY(%s)",
                positions.ids,
            )
        )
