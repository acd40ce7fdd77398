"""The action table, evaluated over a whole company in SQL (see docs/action-table.md).

Each ``_fill_*`` method makes one temporary table and reads like one paragraph of the
rule. Money is exact: all sums are made on PostgreSQL numerics.
"""

from odoo import api, models
from odoo.tools import SQL

from .creditbox_action import PENDING_STATES
from .creditbox_rule import WRITING_CODES

# rows written from which the planner needs fresh statistics
ANALYZE_FROM = 10_000
SCRATCH = (
    "creditbox_tmp_item",
    "creditbox_tmp_position",
    "creditbox_tmp_class",
    "creditbox_tmp_next",
    "creditbox_tmp_ripe",
    "creditbox_tmp_proposal",
)


class CreditboxEvaluation(models.AbstractModel):
    _name = "creditbox.evaluation"
    _description = "Evaluation of the Action Table"

    # ------------------------------------------------------------------
    # entry points
    # ------------------------------------------------------------------
    @api.model
    def _evaluate(self, run, live):
        """Fill ``run`` with the actions that its table gives at its date.

        :param run: creditbox.run, without actions of its own yet
        :param live: False for a simulation, which leaves no trace outside the run
        """
        run.ensure_one()
        self.env.flush_all()
        self._lock_company(run.company_id)
        self._drop_scratch()
        self._fill_items(run)
        if self._miss_positions():
            # lines written past the ORM: nothing overdue may be left out
            self.env["creditbox.position"]._refresh(companies=run.company_id)
            self._drop_scratch()
            self._fill_items(run)
        self._fill_positions(run)
        self._fill_classes()
        self._fill_next_rows(run)
        self._fill_ripe(run)
        self._fill_proposals(run)
        self._guard_proposals(run)
        self._save_items(run, live)
        if live:
            self._carry_exceptions(run)
        self._save_actions(run, live)
        self._drop_scratch()
        self.env.invalidate_all()

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
    def _due_of_actions(self, actions):
        """Return what is due now of the bills of ``actions``.

        A bill under its row's minimum no longer counts, nor does any bill of a
        position whose exposure fell under the row's lower limit.

        :return: {action id: {"lines": {action line id: open amount},
            "amount": sum, "amount_other": further overdue debt}}; an action with
            nothing due is missing
        """
        self.env.flush_all()
        dues = {}
        for (company, as_of), group in actions.grouped(
            lambda a: (a.company_id, a._gate_date())
        ).items():
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
              JOIN creditbox_item i ON i.id = l.item_id
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

    # ------------------------------------------------------------------
    # points 1 and 2: items, and the credits that cover them
    # ------------------------------------------------------------------
    @api.model
    def _sql_open_items(self, company, as_of, partners=None):
        """SELECT each item at ``as_of`` with its open amount (0 when covered).

        :return: SQL of (line_id, move_id, partner_id, supply_id, date_due, residual,
            item_id, step, last_action_id, amount_open)
        """
        credits_count = SQL("TRUE" if company.creditbox_use_credits else "FALSE")
        return SQL(
            """
            WITH line AS MATERIALIZED (%(lines)s
            ), credit AS (
                SELECT partner_id, supply_id, -SUM(residual) AS amount
                  FROM line
                 WHERE residual < 0 AND %(credits_count)s
                 GROUP BY partner_id, supply_id
            ), debt AS (
                SELECT l.line_id, l.move_id, l.partner_id, l.supply_id,
                       l.date_maturity AS date_due, l.residual,
                       i.id AS item_id, COALESCE(i.step, 0) AS step,
                       i.last_action_id
                  FROM line l
                  LEFT JOIN creditbox_item i ON i.move_line_id = l.line_id
                 WHERE l.residual > 0
                   AND l.date_maturity < %(as_of)s
                   AND l.held_until IS NULL
                   AND i.exclusion IS NULL
            ), covered AS (
                SELECT d.*, %(left_by_supply)s AS left_over
                  FROM debt d
                  LEFT JOIN credit c
                    ON c.partner_id = d.partner_id AND c.supply_id = d.supply_id
                 WHERE d.partner_id IN (SELECT partner_id FROM credit)
                WINDOW oldest AS (
                    PARTITION BY d.partner_id, d.supply_id
                    ORDER BY d.date_due, d.line_id)
            )
            SELECT d.*, d.residual AS amount_open
              FROM debt d
             WHERE d.partner_id NOT IN (SELECT partner_id FROM credit)
             UNION ALL
            SELECT d.line_id, d.move_id, d.partner_id, d.supply_id, d.date_due,
                   d.residual, d.item_id, d.step, d.last_action_id,
                   %(left_by_customer)s AS amount_open
              FROM covered d
              LEFT JOIN credit c
                ON c.partner_id = d.partner_id AND c.supply_id IS NULL
            WINDOW oldest AS (
                PARTITION BY d.partner_id ORDER BY d.date_due, d.line_id)
            """,
            lines=self.env["creditbox.position"]._sql_held_lines(
                company, as_of, partners and partners.ids
            ),
            as_of=as_of,
            credits_count=credits_count,
            left_by_supply=self._sql_left_over(SQL("d.residual")),
            left_by_customer=self._sql_left_over(SQL("d.left_over")),
        )

    def _sql_left_over(self, amount):
        """What the credit ``c`` leaves of ``amount``, oldest due date first."""
        return SQL(
            "%(amount)s - LEAST(%(amount)s, GREATEST(0, COALESCE(c.amount, 0)"
            " - (SUM(%(amount)s) OVER oldest - %(amount)s)))",
            amount=amount,
        )

    def _fill_items(self, run):
        self._make_scratch(
            "creditbox_tmp_item",
            SQL(
                """
                SELECT o.*, p.id AS position_id
                  FROM (%(open_items)s) o
                  LEFT JOIN creditbox_position p
                    ON p.company_id = %(company)s
                   AND p.partner_id = o.partner_id
                   AND COALESCE(p.supply_id, 0) = COALESCE(o.supply_id, 0)
                 WHERE o.amount_open > 0
                """,
                open_items=self._sql_open_items(run.company_id, run.as_of),
                company=run.company_id.id,
            ),
        )

    def _miss_positions(self):
        return self.env.execute_query(
            SQL("SELECT FROM creditbox_tmp_item WHERE position_id IS NULL LIMIT 1")
        )

    # ------------------------------------------------------------------
    # point 3: exposure; point 4: the rows of the next step
    # ------------------------------------------------------------------
    def _fill_positions(self, run):
        self._make_scratch(
            "creditbox_tmp_position",
            SQL(
                """
                WITH exposure AS (
                    SELECT position_id, SUM(amount_open) AS exposure
                      FROM creditbox_tmp_item
                     GROUP BY position_id
                )
                SELECT e.position_id, e.exposure, p.partner_id, p.supply_id,
                       COALESCE(c.creditbox_customer_type_id, 0) AS customer_type,
                       COALESCE(s.service_type_id, 0) AS service_type,
                       COALESCE(m.meter_state_id, 0) AS meter_state,
                       COALESCE(m.meter_type_id, 0) AS meter_type
                  FROM exposure e
                  JOIN creditbox_position p ON p.id = e.position_id
                  JOIN res_partner c ON c.id = p.partner_id
                  LEFT JOIN creditbox_supply s ON s.id = p.supply_id
                  LEFT JOIN creditbox_meter m ON m.id = s.meter_id
                """
            ),
        )

    def _fill_classes(self):
        """The few classifications that really occur, numbered."""
        self._make_scratch(
            "creditbox_tmp_class",
            SQL(
                """
                SELECT row_number() OVER () AS class_id, c.*
                  FROM (SELECT DISTINCT customer_type, service_type, meter_state,
                               meter_type
                          FROM creditbox_tmp_position) c
                """
            ),
        )

    def _fill_next_rows(self, run):
        self._make_scratch(
            "creditbox_tmp_next",
            SQL(
                """
                WITH standing AS (
                    SELECT DISTINCT step FROM creditbox_tmp_item
                ), fitting AS (
                    SELECT c.class_id, standing.step, r.id AS rule_id,
                           r.step AS next_step, r.sequence, r.wait_before,
                           r.amount_from, r.amount_to, r.threshold,
                           MIN(r.step) OVER (
                               PARTITION BY c.class_id, standing.step
                           ) AS smallest_step,
                           num_nonnulls(r.customer_type_id, r.service_type_id,
                               r.meter_state_id, r.meter_type_id) AS specificity
                      FROM creditbox_tmp_class c
                      JOIN creditbox_rule r
                        ON COALESCE(r.customer_type_id, c.customer_type)
                           = c.customer_type
                       AND COALESCE(r.service_type_id, c.service_type)
                           = c.service_type
                       AND COALESCE(r.meter_state_id, c.meter_state)
                           = c.meter_state
                       AND COALESCE(r.meter_type_id, c.meter_type)
                           = c.meter_type
                      JOIN standing ON standing.step < r.step
                     WHERE r.set_id = %(rule_set)s AND r.active
                )
                SELECT * FROM fitting WHERE next_step = smallest_step
                """,
                rule_set=run.rule_set_id.id,
            ),
        )
        self.env.cr.execute(
            SQL("CREATE INDEX ON creditbox_tmp_next (class_id, step)")
        )

    # ------------------------------------------------------------------
    # point 5: when is an item ripe
    # ------------------------------------------------------------------
    def _fill_ripe(self, run):
        """Each item with the row that counts for it and the day it is ripe.

        An item without a row waits: amounts never make it skip a step.
        """
        self._make_scratch(
            "creditbox_tmp_ripe",
            SQL(
                """
                SELECT i.line_id, i.item_id, i.position_id, i.amount_open,
                       i.date_due, n.rule_id, n.next_step, n.specificity,
                       n.sequence,
                       CASE WHEN i.last_action_id IS NULL
                            THEN i.date_due + n.wait_before
                            ELSE CASE last_rule.count_from
                                 WHEN 'delivery' THEN last_action.date_proof
                                 ELSE last_action.date_done END
                                 + last_rule.wait_after + n.wait_before
                       END AS ripe_date
                  FROM creditbox_tmp_item i
                  JOIN creditbox_tmp_position p USING (position_id)
                  JOIN creditbox_tmp_class c
                 USING (customer_type, service_type, meter_state, meter_type)
                  LEFT JOIN creditbox_action last_action
                    ON last_action.id = i.last_action_id
                  LEFT JOIN creditbox_rule last_rule
                    ON last_rule.id = last_action.rule_id
                  LEFT JOIN LATERAL (
                    SELECT n.*
                      FROM creditbox_tmp_next n
                     WHERE n.class_id = c.class_id
                       AND n.step = i.step
                       AND n.amount_from <= p.exposure
                       AND (n.amount_to = 0 OR p.exposure < n.amount_to)
                       AND n.threshold <= i.amount_open
                     ORDER BY n.specificity DESC, n.sequence, n.rule_id
                     LIMIT 1
                  ) n ON TRUE
                """
            ),
        )

    # ------------------------------------------------------------------
    # points 6 and 7: at most one action a position
    # ------------------------------------------------------------------
    def _fill_proposals(self, run):
        self._make_scratch(
            "creditbox_tmp_proposal",
            SQL(
                """
                WITH chosen AS (
                    SELECT DISTINCT ON (position_id) position_id, rule_id
                      FROM creditbox_tmp_ripe
                     WHERE ripe_date <= %(as_of)s
                     ORDER BY position_id, next_step DESC, specificity DESC,
                              sequence, rule_id
                ), amount AS (
                    SELECT t.position_id, SUM(t.amount_open) AS amount
                      FROM creditbox_tmp_ripe t
                      JOIN chosen USING (position_id, rule_id)
                     WHERE t.ripe_date <= %(as_of)s
                     GROUP BY t.position_id
                )
                SELECT position_id, p.partner_id, p.supply_id, chosen.rule_id,
                       r.step, r.code AS rule_code, r.code, r.fallback_code,
                       amount.amount, p.exposure - amount.amount AS amount_other,
                       NULL::varchar AS exception
                  FROM chosen
                  JOIN amount USING (position_id)
                  JOIN creditbox_tmp_position p USING (position_id)
                  JOIN creditbox_rule r ON r.id = chosen.rule_id
                 WHERE NOT EXISTS (
                       SELECT FROM creditbox_action a
                        WHERE a.position_id = p.position_id
                          AND a.state IN %(pending)s)
                   AND NOT (r.code IN %(writing)s AND EXISTS (
                       SELECT FROM creditbox_action a
                        WHERE a.company_id = %(company)s
                          AND a.partner_id = p.partner_id
                          AND a.code IN %(writing)s
                          AND a.state IN ('done', 'delivered')
                          AND a.date_done <= %(as_of)s
                          AND a.date_done > %(as_of)s::date - %(delay)s
                          AND (a.date_done < %(as_of)s
                               OR a.position_id = p.position_id)))
                """,
                as_of=run.as_of,
                company=run.company_id.id,
                pending=PENDING_STATES,
                writing=WRITING_CODES,
                delay=run.company_id.creditbox_contact_delay,
            ),
        )

    # ------------------------------------------------------------------
    # point 8: guards
    # ------------------------------------------------------------------
    def _guard_proposals(self, run):
        """Mark the proposals that cannot be carried out as they are."""
        self._guard_address()
        for exception, condition in self._guards(run):
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE creditbox_tmp_proposal t
                       SET exception = %(exception)s
                      FROM creditbox_position p
                      LEFT JOIN creditbox_supply s ON s.id = p.supply_id
                      LEFT JOIN creditbox_meter m ON m.id = s.meter_id
                      LEFT JOIN creditbox_meter_type mt ON mt.id = m.meter_type_id
                     WHERE p.id = t.position_id AND t.exception IS NULL
                       AND (%(condition)s)
                    """,
                    exception=exception,
                    condition=condition,
                )
            )

    def _guards(self, run):
        """Return [(exception, SQL condition on t, p, s, m, mt)], first one wins."""
        available = tuple(self.env["creditbox.channel"]._channel_models())
        return [
            (
                "protected",
                SQL("t.code = 'technical' AND s.protected_until >= %s", run.as_of),
            ),
            (
                "not_suspendable",
                SQL(
                    "t.code = 'technical' AND"
                    " NOT COALESCE(mt.suspendable OR mt.removable, FALSE)"
                ),
            ),
            ("no_channel", SQL("t.code NOT IN %s", available)),
        ]

    def _guard_address(self):
        """Use the row's fallback channel where the customer has no address."""
        reachable = self._sql_reachable()
        self.env.cr.execute(
            SQL(
                """
                UPDATE creditbox_tmp_proposal t
                   SET code = CASE WHEN %(fallback)s THEN t.fallback_code
                                   ELSE t.code END,
                       exception = CASE WHEN %(fallback)s THEN NULL
                                        ELSE 'no_address' END
                  FROM res_partner c
                 WHERE c.id = t.partner_id AND NOT (%(rule_code)s)
                """,
                fallback=SQL("t.fallback_code IS NOT NULL AND (%s)", reachable(
                    SQL("t.fallback_code"))),
                rule_code=reachable(SQL("t.rule_code")),
            )
        )

    def _sql_reachable(self):
        """Return a function: SQL code → SQL condition «customer c has an address»."""
        conditions = self.env["creditbox.channel"]._sql_address_conditions()

        def reachable(code):
            cases = SQL(" ").join(
                SQL("WHEN %s THEN COALESCE(%s, FALSE)", name, condition)
                for name, condition in conditions.items()
            )
            return SQL("CASE %s %s ELSE TRUE END", code, cases)

        return reachable

    # ------------------------------------------------------------------
    # saving
    # ------------------------------------------------------------------
    def _save_items(self, run, live):
        """Give each overdue line its dunning state; keep next row and date right."""
        self.env.cr.execute(
            SQL(
                """
                WITH new_item AS (
                    INSERT INTO creditbox_item (
                        move_line_id, position_id, company_id, step,
                        next_rule_id, next_date)
                    SELECT line_id, position_id, %(company)s, 0,
                           CASE WHEN %(live)s THEN rule_id END,
                           CASE WHEN %(live)s THEN ripe_date END
                      FROM creditbox_tmp_ripe
                     WHERE item_id IS NULL
                 RETURNING id, move_line_id
                )
                UPDATE creditbox_tmp_ripe t SET item_id = new_item.id
                  FROM new_item WHERE new_item.move_line_id = t.line_id
                """,
                company=run.company_id.id,
                live=live,
            )
        )
        self._analyze("creditbox_item", self.env.cr.rowcount)
        if live:
            self._update_items(run)

    def _update_items(self, run):
        self.env.cr.execute(
            SQL(
                """
                UPDATE creditbox_item i
                   SET position_id = t.position_id, next_rule_id = t.rule_id,
                       next_date = t.ripe_date
                  FROM creditbox_tmp_ripe t
                 WHERE i.id = t.item_id
                   AND (i.position_id, i.next_rule_id, i.next_date) IS DISTINCT FROM
                       (t.position_id, t.rule_id, t.ripe_date)
                """
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE creditbox_item i
                   SET next_rule_id = NULL, next_date = NULL
                 WHERE i.company_id = %s
                   AND (i.next_rule_id IS NOT NULL OR i.next_date IS NOT NULL)
                   AND NOT EXISTS (
                       SELECT FROM creditbox_tmp_ripe t WHERE t.item_id = i.id)
                """,
                run.company_id.id,
            )
        )

    def _carry_exceptions(self, run):
        """Keep what is still held back for the same cause; end what is not.

        Otherwise each night would add another copy of the same exception.
        """
        self.env.cr.execute(
            SQL(
                """
                WITH kept AS (
                    UPDATE creditbox_action a
                       SET run_id = %(run)s, date_planned = %(as_of)s, code = t.code,
                           amount = t.amount, amount_other = t.amount_other
                      FROM creditbox_tmp_proposal t
                     WHERE a.company_id = %(company)s AND a.state = 'planned'
                       AND a.exception = t.exception AND a.run_id <> %(run)s
                       AND a.position_id = t.position_id AND a.rule_id = t.rule_id
                       AND %(of_live_run)s
                 RETURNING a.id, a.position_id
                ), lines AS (
                    DELETE FROM creditbox_action_line l USING kept
                     WHERE l.action_id = kept.id
                ), ended AS (
                    UPDATE creditbox_action a
                       SET state = 'cancelled', reason = %(reason)s
                     WHERE a.company_id = %(company)s AND a.state = 'planned'
                       AND a.exception IS NOT NULL AND a.run_id <> %(run)s
                       AND a.id NOT IN (SELECT id FROM kept)
                       AND %(of_live_run)s
                )
                SELECT id, position_id FROM kept
                """,
                run=run.id,
                as_of=run.as_of,
                company=run.company_id.id,
                reason=self.env._("Looked at again by %s", run.name),
                of_live_run=SQL(
                    "EXISTS (SELECT FROM creditbox_run r WHERE r.id = a.run_id"
                    " AND r.state NOT IN ('draft', 'simulated'))"
                ),
            )
        )

    def _save_actions(self, run, live):
        values = {
            "run": run.id,
            "company": run.company_id.id,
            "as_of": run.as_of,
            "live": live,
            "now": self.env.cr.now(),
        }
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO creditbox_action (
                    run_id, company_id, position_id, partner_id, rule_id, code, step,
                    amount, amount_other, state, exception, date_planned, in_doubt,
                    create_date, write_date)
                SELECT %(run)s, %(company)s, t.position_id, t.partner_id, t.rule_id,
                       t.code, t.step, t.amount, t.amount_other,
                       CASE WHEN %(live)s AND t.exception IS NULL
                            THEN 'to_approve' ELSE 'planned' END,
                       t.exception, %(as_of)s, FALSE, %(now)s, %(now)s
                  FROM creditbox_tmp_proposal t
                 WHERE NOT EXISTS (
                       SELECT FROM creditbox_action a
                        WHERE a.run_id = %(run)s AND a.position_id = t.position_id)
                """,
                **values,
            )
        )
        self._analyze("creditbox_action", self.env.cr.rowcount)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO creditbox_action_line (
                    action_id, item_id, rule_id, amount, date_due, executed)
                SELECT a.id, t.item_id, t.rule_id, t.amount_open, t.date_due, FALSE
                  FROM creditbox_action a
                  JOIN creditbox_tmp_ripe t
                    ON t.position_id = a.position_id AND t.rule_id = a.rule_id
                 WHERE a.run_id = %(run)s AND t.ripe_date <= %(as_of)s
                """,
                **values,
            )
        )
        self._analyze("creditbox_action_line", self.env.cr.rowcount)

    # ------------------------------------------------------------------
    # scratch tables
    # ------------------------------------------------------------------
    def _lock_company(self, company):
        """One evaluation of a company at a time; a second one waits its turn."""
        self.env.cr.execute(
            SQL(
                "SELECT pg_advisory_xact_lock(hashtext('creditbox.evaluation'), %s)",
                company.id,
            )
        )

    def _make_scratch(self, table, select):
        name = SQL.identifier(table)
        self.env.cr.execute(
            SQL("CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s", name, select)
        )
        self.env.cr.execute(SQL("ANALYZE %s", name))

    def _drop_scratch(self):
        for table in SCRATCH:
            self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL.identifier(table)))

    def _analyze(self, table, row_count):
        """Refresh the statistics of a table that a batch has filled.

        Planning on stale ones makes the next evaluation several times slower.
        """
        if row_count >= ANALYZE_FROM:
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
