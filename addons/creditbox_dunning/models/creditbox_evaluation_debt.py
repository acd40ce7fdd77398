from odoo import api, models
from odoo.tools import SQL


class CreditboxEvaluation(models.AbstractModel):
    """What is open of each overdue bill: asked by the evaluation and by the gate."""

    _inherit = "creditbox.evaluation"

    # ------------------------------------------------------------------
    # points 1 and 2: items, and the credits that cover them
    # ------------------------------------------------------------------
    @api.model
    def _sql_open_items(self, company, as_of, partners):
        """SELECT the items of some customers at ``as_of``, see _sql_covered."""
        return SQL(
            "WITH line AS MATERIALIZED (%s) SELECT * FROM (%s) covered",
            self._sql_lines(company, as_of, partners.ids),
            self._sql_covered(company, as_of, SQL("line")),
        )

    @api.model
    def _sql_lines(self, company, as_of, partner_ids=None, where=None):
        """SELECT the open lines, each with its dunning state and its position.

        :param partner_ids: ids of customers, None for everybody
        :param where: SQL condition on the account_move_line ``line``
        :return: SQL of the columns of position._sql_held_lines and (position_id,
            item_id, step, last_action_id, exclusion); NULL: not there yet
        """
        return SQL(
            """
            SELECT l.*, p.id AS position_id, i.id AS item_id,
                   COALESCE(i.step, 0) AS step, i.last_action_id, i.exclusion
              FROM (%(lines)s) l
              LEFT JOIN creditbox_item i ON i.move_line_id = l.line_id
              LEFT JOIN creditbox_position p
                ON p.company_id = %(company)s
               AND p.partner_id = l.partner_id
               AND COALESCE(p.supply_id, 0) = COALESCE(l.supply_id, 0)
            """,
            lines=self.env["creditbox.position"]._sql_held_lines(
                company, as_of, partner_ids, where
            ),
            company=company.id,
        )

    @api.model
    def _sql_covered(self, company, as_of, lines):
        """SELECT each item at ``as_of`` with its open amount (0 when covered).

        :param lines: SQL name of a table with the columns of _sql_lines
        :return: SQL of (line_id, move_id, partner_id, supply_id, position_id,
            date_due, residual, item_id, step, last_action_id, amount_open)
        """
        return SQL(
            """
            WITH credit AS MATERIALIZED (
                SELECT partner_id, supply_id, -SUM(residual) AS amount
                  FROM %(lines)s
                 WHERE residual < 0 AND %(credits_count)s
                 GROUP BY partner_id, supply_id
            ), debt AS NOT MATERIALIZED (
                SELECT line_id, move_id, partner_id, supply_id, position_id,
                       date_maturity AS date_due, residual, item_id, step,
                       last_action_id
                  FROM %(lines)s
                 WHERE residual > 0
                   AND date_maturity < %(as_of)s
                   AND held_until IS NULL
                   AND exclusion IS NULL
            ), covered AS (
                SELECT d.*, %(left_by_supply)s AS left_over %(rank)s
                  FROM debt d
                  %(charges)s
                  LEFT JOIN credit c
                    ON c.partner_id = d.partner_id AND c.supply_id = d.supply_id
                 WHERE d.partner_id IN (SELECT partner_id FROM credit)
                WINDOW oldest AS (
                    PARTITION BY d.partner_id, d.supply_id
                    ORDER BY %(first)s d.date_due, d.line_id)
            )
            SELECT d.*, d.residual AS amount_open
              FROM debt d
             WHERE d.partner_id NOT IN (SELECT partner_id FROM credit)
             UNION ALL
            SELECT d.line_id, d.move_id, d.partner_id, d.supply_id, d.position_id,
                   d.date_due, d.residual, d.item_id, d.step, d.last_action_id,
                   %(left_by_customer)s AS amount_open
              FROM covered d
              LEFT JOIN credit c
                ON c.partner_id = d.partner_id AND c.supply_id IS NULL
            WINDOW oldest AS (
                PARTITION BY d.partner_id
                ORDER BY %(first_left)s d.date_due, d.line_id)
            """,
            lines=lines,
            as_of=as_of,
            credits_count=SQL("TRUE" if company.creditbox_use_credits else "FALSE"),
            **self._sql_order_of_cover(company),
            left_by_supply=self._sql_left_over(SQL("d.residual")),
            left_by_customer=self._sql_left_over(SQL("d.left_over")),
        )

    def _sql_order_of_cover(self, company):
        """What credits cover before the oldest bill, where the company wants it."""
        nothing = dict.fromkeys(("rank", "charges", "first", "first_left"), SQL())
        if company.creditbox_allocation != "charges":
            return nothing
        return {
            "rank": SQL(", m.creditbox_charge IS NULL AS is_bill"),
            "charges": SQL("JOIN account_move m ON m.id = d.move_id"),
            "first": SQL("m.creditbox_charge IS NULL,"),
            "first_left": SQL("d.is_bill,"),
        }

    def _sql_left_over(self, amount):
        """What the credit ``c`` leaves of ``amount``, oldest due date first."""
        return SQL(
            "%(amount)s - LEAST(%(amount)s, GREATEST(0, COALESCE(c.amount, 0)"
            " - (SUM(%(amount)s) OVER oldest - %(amount)s)))",
            amount=amount,
        )

    @api.model
    def _lock_positions(self, positions):
        """Lock the positions' rows, always in the same order: no deadlocks."""
        self.env["creditbox.position"].flush_model()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM creditbox_position WHERE id IN %s"
                " ORDER BY id FOR UPDATE",
                tuple(positions.ids),
            )
        )

    @api.model
    def _lock_free_positions(self, positions):
        """Lock what nobody else has locked, without waiting.

        :return: the positions that are ours
        """
        if not positions:
            return positions
        self.env["creditbox.position"].flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM creditbox_position WHERE id IN %s"
                " ORDER BY id FOR UPDATE SKIP LOCKED",
                tuple(positions.ids),
            )
        )
        return positions.browse(id_ for (id_,) in rows)

    @api.model
    def _due_of_actions(self, actions):
        """Return what is due now of the bills of ``actions``.

        A bill under its row's minimum no longer counts, nor one that has made this
        step in another way, nor does any bill of a position whose exposure fell under
        the row's lower limit.

        :return: {action id: {"lines": {action line id: open amount},
            "amount": sum, "amount_other": further overdue debt}}; an action with
            nothing due is missing
        """
        self.env.flush_all()
        dues = {}
        groups = actions.grouped(lambda action: (action.company_id, action.run_id))
        for (company, _run), group in groups.items():
            as_of = group[:1]._gate_date()
            for row in self.env.execute_query_dict(
                self._sql_due_of_actions(company, as_of, group)
            ):
                due = dues.setdefault(
                    row["action_id"],
                    {"lines": {}, "amount": 0, "amount_other": row["exposure"]},
                )
                due["lines"][row["line_id"]] = float(row["amount_open"])
                due["amount"] += row["amount_open"]
                due["amount_other"] -= row["amount_open"]
        return {
            action_id: {
                "lines": due["lines"],
                "amount": float(due["amount"]),
                "amount_other": float(due["amount_other"]),
            }
            for action_id, due in dues.items()
        }

    @api.model
    def _ends_of_debt(self, actions):
        """Return why what actions ask for is out of the action table.

        :return: {action id: exclusion of a bill, or "held"}; paid ones are missing
        """
        ends = {}
        groups = actions.grouped(lambda action: (action.company_id, action.run_id))
        for (company, _run), group in groups.items():
            lines = self._sql_lines(
                company, group[:1]._gate_date(), group.partner_id.ids
            )
            query = SQL(
                """
                SELECT l.action_id, COALESCE(MAX(o.exclusion), 'held')
                  FROM (%(lines)s) o
                  JOIN creditbox_action_line l ON l.item_id = o.item_id
                 WHERE l.action_id IN %(actions)s
                   AND (o.exclusion IS NOT NULL OR o.held_until IS NOT NULL)
                 GROUP BY l.action_id
                """,
                lines=lines,
                actions=tuple(group.ids),
            )
            ends.update(self.env.execute_query(query))
        return ends

    def _sql_due_of_actions(self, company, as_of, actions):
        return SQL(
            """
            WITH open_item AS (%(open_items)s),
            exposure AS (
                SELECT partner_id, supply_id, SUM(amount_open) AS amount
                  FROM open_item
                 GROUP BY partner_id, supply_id
            )
            SELECT l.action_id, l.id AS line_id, o.amount_open,
                   e.amount AS exposure
              FROM creditbox_action_line l
              JOIN creditbox_action a ON a.id = l.action_id
              JOIN creditbox_item i ON i.id = l.item_id
               -- a letter that waits in its lot has made the step already
               AND (i.step < a.step OR i.last_action_id = a.id)
              JOIN open_item o ON o.line_id = i.move_line_id
              JOIN exposure e ON e.partner_id = o.partner_id
               AND e.supply_id IS NOT DISTINCT FROM o.supply_id
              JOIN creditbox_rule r ON r.id = l.rule_id
             WHERE l.action_id IN %(actions)s
               AND o.amount_open > 0
               AND r.threshold <= o.amount_open
               AND r.amount_from <= e.amount
            """,
            open_items=self._sql_open_items(company, as_of, actions.partner_id),
            actions=tuple(actions.ids),
        )
