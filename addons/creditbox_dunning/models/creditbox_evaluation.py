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
        # a million bills: join and sort in memory, for this transaction only
        self.env.cr.execute(SQL("SET LOCAL work_mem = '256MB'"))
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
                       COALESCE(m.meter_type_id, 0) AS meter_type,
                       dense_rank() OVER (
                           ORDER BY c.creditbox_customer_type_id, s.service_type_id,
                               m.meter_state_id, m.meter_type_id) AS class_id
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
                SELECT DISTINCT class_id, customer_type, service_type, meter_state,
                       meter_type
                  FROM creditbox_tmp_position
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
                SELECT *, row_number() OVER (
                           PARTITION BY class_id, step
                           ORDER BY specificity DESC, sequence, rule_id) AS place
                  FROM fitting
                 WHERE next_step = smallest_step
                """,
                rule_set=run.rule_set_id.id,
            ),
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
                WITH first AS (
                    SELECT i.line_id, MIN(n.place) AS place
                      FROM creditbox_tmp_item i
                      JOIN creditbox_tmp_position p USING (position_id)
                      JOIN creditbox_tmp_next n
                        ON n.class_id = p.class_id AND n.step = i.step
                       AND n.amount_from <= p.exposure
                       AND (n.amount_to = 0 OR p.exposure < n.amount_to)
                       AND n.threshold <= i.amount_open
                     GROUP BY i.line_id
                )
                SELECT i.line_id, i.item_id IS NULL AS is_new,
                       COALESCE(i.item_id, nextval('creditbox_item_id_seq')::integer)
                           AS item_id,
                       i.position_id, i.amount_open,
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
                  LEFT JOIN first USING (line_id)
                  LEFT JOIN creditbox_tmp_next n
                    ON n.class_id = p.class_id AND n.step = i.step
                   AND n.place = first.place
                  LEFT JOIN creditbox_action last_action
                    ON last_action.id = i.last_action_id
                  LEFT JOIN creditbox_rule last_rule
                    ON last_rule.id = last_action.rule_id
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
                       NULL::varchar AS exception, NULL::integer AS action_id
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
