"""The action table, evaluated over a whole company in SQL (see docs/action-table.md).

Each ``_fill_*`` method makes one temporary table and reads like one paragraph of the
rule. Money is exact: all sums are made on PostgreSQL numerics.
"""

from odoo import api, models
from odoo.tools import SQL

from .creditbox_action import PENDING_STATES
from .creditbox_rule import WRITING_CODES


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
        self._gather(run)
        self._decide(run)
        self._save_items(run, live)
        if live:
            self._carry_exceptions(run)
        self._save_actions(run, live)
        self._clean_up()

    def _gather(self, run):
        """Points 1 and 2: what is open at the run's date, whatever its table says."""
        self._tune()
        self._drop_scratch()
        self._fill_busy(run)
        self._fill_lines(run)
        if self._miss_positions():
            # lines written past the ORM: nothing overdue may be left out
            self.env["creditbox.position"]._refresh(companies=run.company_id)
            self._drop_scratch()
            self._fill_busy(run)
            self._fill_lines(run)
        self._fill_items(run)

    def _decide(self, run):
        """Points 3 to 8: what the run's table makes of it."""
        self._fill_positions(run)
        self._fill_classes()
        self._fill_decisions(run)
        self._fill_ripe(run)
        self._fill_proposals(run)
        self._guard_proposals(run)

    # ------------------------------------------------------------------
    # points 1 and 2: items and their open amounts
    # ------------------------------------------------------------------
    def _fill_busy(self, run):
        """Positions with an action under way, which give none (point 7).

        They are left out from the start, except where a credit is to be spread over
        all bills of the customer.
        """
        self._make_scratch(
            "creditbox_tmp_busy",
            SQL(
                """
                SELECT DISTINCT a.position_id, %(left_out)s AS left_out
                  FROM creditbox_action a
                 WHERE a.company_id = %(company)s AND a.state IN %(pending)s
                """,
                company=run.company_id.id,
                left_out=self._sql_left_out(run),
                pending=self._states_under_way(),
            ),
        )

    def _states_under_way(self):
        """:return: tuple of the states of an action that keep its position busy"""
        return PENDING_STATES

    def _sql_left_out(self, run):
        """Condition that nothing of the busy position of action ``a`` is needed."""
        return SQL(
            """
            a.partner_id NOT IN (
                SELECT partner_id
                  FROM creditbox_position
                 WHERE company_id = %s AND amount_credit > 0)
            """,
            run.company_id.id,
        )

    def _fill_lines(self, run):
        idle = SQL(
            """
            NOT EXISTS (
                SELECT FROM creditbox_item busy_item
                  JOIN creditbox_tmp_busy USING (position_id)
                 WHERE busy_item.move_line_id = line.id AND left_out)
            """
        )
        self._make_scratch(
            "creditbox_tmp_line",
            SQL(
                """
                SELECT * FROM (%s) l
                 WHERE position_id NOT IN (
                       SELECT position_id FROM creditbox_tmp_busy WHERE left_out)
                    OR position_id IS NULL
                """,
                self._sql_lines(run.company_id, run.as_of, where=idle),
            ),
        )

    def _miss_positions(self):
        return self.env.execute_query(
            SQL("SELECT FROM creditbox_tmp_line WHERE position_id IS NULL LIMIT 1")
        )

    def _fill_items(self, run):
        self._make_scratch(
            "creditbox_tmp_item",
            SQL(
                "SELECT * FROM (%s) o WHERE amount_open > 0",
                self._sql_covered(run.company_id, run.as_of, SQL("creditbox_tmp_line")),
            ),
        )

    # ------------------------------------------------------------------
    # point 3: exposure; point 4: the row of the next step
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
                       COALESCE(NULLIF(s.subsidised_amount, 0), %(subsidised)s)
                       AS subsidised,
                       COALESCE(m.meter_state_id, 0) AS meter_state,
                       COALESCE(m.meter_type_id, 0) AS meter_type,
                       width_bucket(e.exposure, (%(exposures)s)) AS exposure_band
                  FROM exposure e
                  JOIN creditbox_position p ON p.id = e.position_id
                  JOIN res_partner c ON c.id = p.partner_id
                  LEFT JOIN creditbox_supply s ON s.id = p.supply_id
                  LEFT JOIN creditbox_meter m ON m.id = s.meter_id
                """,
                exposures=self._sql_bounds(run, "amount_from", "amount_to"),
                subsidised=run.company_id.creditbox_subsidised_amount or None,
            ),
        )

    def _sql_bounds(self, run, *fields):
        """The amounts at which the rows of the table tell items apart.

        :return: SQL of an ascending array: all amounts of a band, from one bound
            up to the next, are treated alike
        """
        return SQL(
            """
            SELECT array_agg(DISTINCT bound ORDER BY bound)
              FROM creditbox_rule r
             CROSS JOIN LATERAL unnest(ARRAY[0, %(bounds)s]) AS bound
             WHERE r.set_id = %(rule_set)s AND r.active
            """,
            bounds=SQL(", ").join(SQL.identifier("r", field) for field in fields),
            rule_set=run.rule_set_id.id,
        )

    def _fill_classes(self):
        """The few classifications that really occur, numbered."""
        self._make_scratch(
            "creditbox_tmp_class",
            SQL(
                """
                SELECT row_number() OVER () AS class_id, *
                  FROM (
                    SELECT DISTINCT customer_type, service_type, meter_state, meter_type
                      FROM creditbox_tmp_position
                  ) AS class
                """
            ),
        )

    def _fill_decisions(self, run):
        """The row that counts in each situation: class, step and bands of amounts.

        Decided once here, not once an item. ``priority`` orders the rows of the table
        as points 4 and 6 choose among them: 1 goes first.
        """
        self._make_scratch(
            "creditbox_tmp_decision",
            SQL(
                """
                WITH ranked AS (
                    SELECT r.*, row_number() OVER (
                               ORDER BY step DESC, num_nonnulls(
                                   customer_type_id, service_type_id,
                                   meter_state_id, meter_type_id) DESC,
                               sequence, id) AS priority
                      FROM creditbox_rule r
                     WHERE r.set_id = %(rule_set)s AND r.active
                ), standing AS (
                    SELECT DISTINCT step FROM creditbox_tmp_item
                ), fitting AS (
                    SELECT c.*, standing.step AS standing_step, r.id AS rule_id,
                           r.step AS rule_step, r.amount_from, r.amount_to, r.threshold,
                           r.priority, r.wait_before,
                           MIN(r.step) OVER (
                               PARTITION BY c.class_id, standing.step) AS next_step
                      FROM creditbox_tmp_class c
                      JOIN ranked r
                        ON COALESCE(r.customer_type_id, c.customer_type)
                           = c.customer_type
                       AND COALESCE(r.service_type_id, c.service_type)
                           = c.service_type
                       AND COALESCE(r.meter_state_id, c.meter_state)
                           = c.meter_state
                       AND COALESCE(r.meter_type_id, c.meter_type)
                           = c.meter_type
                      JOIN standing ON standing.step < r.step
                )
                SELECT DISTINCT ON (
                           f.class_id, f.standing_step, exposure.band, open.band)
                       f.customer_type, f.service_type, f.meter_state, f.meter_type,
                       f.standing_step AS step,
                       exposure.band AS exposure_band, open.band AS open_band,
                       f.rule_id, f.priority, f.wait_before
                  FROM fitting f
                  JOIN unnest((%(exposures)s))
                       WITH ORDINALITY AS exposure (amount, band)
                    ON f.amount_from <= exposure.amount
                   AND (f.amount_to = 0 OR exposure.amount < f.amount_to)
                  JOIN unnest((%(thresholds)s)) WITH ORDINALITY AS open (amount, band)
                    ON f.threshold <= open.amount
                 WHERE f.rule_step = f.next_step
                 ORDER BY f.class_id, f.standing_step, exposure.band, open.band,
                       f.priority
                """,
                rule_set=run.rule_set_id.id,
                exposures=self._sql_bounds(run, "amount_from", "amount_to"),
                thresholds=self._sql_bounds(run, "threshold"),
            ),
        )

    # ------------------------------------------------------------------
    # point 5: when is an item ripe
    # ------------------------------------------------------------------
    def _fill_ripe(self, run):
        """Each item with the row that counts for it and the day it is ripe.

        An item without a row waits: amounts never make it skip a step. New items are
        numbered position by position: rows that come in the order of the indexes
        are written several times faster.
        """
        self._make_scratch(
            "creditbox_tmp_ripe",
            SQL(
                """
                SELECT line_id, item_id IS NULL AS is_new,
                       COALESCE(item_id, %(new_id)s) AS item_id,
                       position_id, amount_open, date_due, rule_id, priority, ripe_date
                  FROM (
                    SELECT i.line_id, i.item_id, i.position_id, i.amount_open,
                           i.date_due, d.rule_id, d.priority,
                           CASE WHEN i.last_action_id IS NULL
                                THEN i.date_due + d.wait_before
                                ELSE CASE last_rule.count_from
                                     WHEN 'delivery' THEN last_action.date_proof
                                     ELSE last_action.date_done END
                                     + last_rule.wait_after + d.wait_before
                           END AS ripe_date
                      FROM creditbox_tmp_item i
                      JOIN creditbox_tmp_position p USING (position_id)
                      LEFT JOIN creditbox_tmp_decision d
                        ON d.customer_type = p.customer_type
                       AND d.service_type = p.service_type
                       AND d.meter_state = p.meter_state
                       AND d.meter_type = p.meter_type
                       AND d.step = i.step
                       AND d.exposure_band = p.exposure_band
                       AND d.open_band = width_bucket(i.amount_open, (%(thresholds)s))
                      LEFT JOIN creditbox_action last_action
                        ON last_action.id = i.last_action_id
                      LEFT JOIN creditbox_rule last_rule
                        ON last_rule.id = last_action.rule_id
                     ORDER BY i.position_id, i.line_id
                  ) AS item
                """,
                thresholds=self._sql_bounds(run, "threshold"),
                new_id=self._sql_new_id("creditbox_item"),
            ),
        )

    def _sql_new_id(self, table):
        """The id that a row of this temporary table will have when it is saved."""
        return SQL("nextval(%s)::integer", f"{table}_id_seq")

    # ------------------------------------------------------------------
    # points 6 and 7: at most one action a position
    # ------------------------------------------------------------------
    def _fill_proposals(self, run):
        self._make_scratch(
            "creditbox_tmp_proposal",
            SQL(
                """
                WITH possible AS (
                    SELECT position_id, priority, MIN(rule_id) AS rule_id,
                           SUM(amount_open) AS amount, COUNT(*) AS bill_count
                      FROM creditbox_tmp_ripe
                     WHERE ripe_date <= %(as_of)s
                     GROUP BY position_id, priority
                ), chosen AS (
                    SELECT DISTINCT ON (position_id) *
                      FROM possible
                     ORDER BY position_id, priority
                )
                SELECT %(new_id)s AS action_id, FALSE AS carried, proposal.*
                  FROM (
                    SELECT position_id, p.partner_id, p.supply_id, p.customer_type,
                           p.service_type, p.subsidised, chosen.rule_id, r.step,
                           r.legal_step,
                           r.code AS rule_code, r.code, r.fallback_code,
                           chosen.bill_count, chosen.amount,
                           p.exposure - chosen.amount AS amount_other,
                           NULL::varchar AS exception,
                           NULL::varchar AS exception_note
                      FROM chosen
                      JOIN creditbox_tmp_position p USING (position_id)
                      JOIN creditbox_rule r ON r.id = chosen.rule_id
                     WHERE position_id NOT IN (
                           SELECT position_id FROM creditbox_tmp_busy)
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
                     ORDER BY position_id
                  ) AS proposal
                """,
                as_of=run.as_of,
                company=run.company_id.id,
                writing=WRITING_CODES,
                delay=run.company_id.creditbox_contact_delay,
                new_id=self._sql_new_id("creditbox_action"),
            ),
        )
