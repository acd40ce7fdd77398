from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, float_round, format_amount


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
                # what is due does not depend on who asks
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
            company.sudo().creditbox_order_threshold,  # a setting, not a secret
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

    def _left(self):
        """Return what is open of the bills of these orders, held or in a plan or not.

        A credit that is not matched yet pays as in the action table: the bills of its
        own supply, or if it names none the oldest of the customer.

        :return: {order id: amount}; orders that are paid wholly are missing
        """
        self.env.flush_all()
        left = {}
        for company, orders in self.grouped("company_id").items():
            for order_id, amount in self.env.execute_query(
                self._sql_left(company, orders.sudo())  # whoever pays sees no bills
            ):
                left[order_id] = float_round(float(amount), precision_digits=2)
        return left

    def _sql_left(self, company, orders):
        today = company._creditbox_today()
        evaluation = self.env["creditbox.evaluation"]
        return SQL(
            """
            WITH own AS MATERIALIZED (
                SELECT DISTINCT move_line_id
                  FROM creditbox_order_move_line WHERE order_id = ANY(%(orders)s)
            ), line AS MATERIALIZED (
                SELECT line_id, move_id, partner_id, supply_id, date_maturity, residual,
                       position_id, item_id, step, last_action_id,
                       CASE WHEN move_line_id IS NULL THEN held_until END AS held_until,
                       CASE WHEN move_line_id IS NULL THEN exclusion END AS exclusion
                  FROM (%(lines)s) l
                  LEFT JOIN own ON own.move_line_id = l.line_id
            )
            SELECT order_id, SUM(amount_open)
              FROM (%(covered)s) o
              JOIN creditbox_order_move_line l ON l.move_line_id = o.line_id
             WHERE order_id = ANY(%(orders)s) AND amount_open > 0.004
             GROUP BY order_id
            """,
            orders=orders.ids,
            lines=evaluation._sql_lines(
                company, today, orders.creditbox_position_id.partner_id.ids
            ),
            covered=evaluation._sql_covered(company, today, SQL("line")),
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
        return self._say(self._look_at_debt())

    def _look_at_debt(self):
        """Stop what is no longer due, and keep when the debt was looked at.

        :return: the orders that have been stopped
        """
        stopped = self._stop_paid()
        self._quietly().creditbox_debt_checked_at = fields.Datetime.now()
        return stopped

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
