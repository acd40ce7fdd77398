from odoo import models
from odoo.tools import SQL

from .creditbox_trial import Trial
from .creditbox_workflow import STATES


class CreditboxWorkflowTrial(models.AbstractModel):
    """Where each overdue bill of a company stands today by a table, and what it waits
    for: the evaluation itself, looked at."""

    _name = "creditbox.workflow.trial"
    _inherit = "creditbox.trial"
    _description = "Picture of a Workflow"

    def _picture(self, workflow):
        """Fill ``workflow`` anew.

        :param workflow: creditbox.workflow
        """
        run = Trial(workflow.company_id, workflow.rule_set_id, workflow.as_of)
        self._forget(workflow)
        with self._on_day_of(run) as reading:
            reading._gather(run)
            reading._decide(run)
        self._save_steps(workflow)
        self._save_positions(workflow)
        self._save_figures(workflow)
        self._clean_up()

    def _sql_left_out(self, run):
        """Busy positions are in the picture too."""
        return SQL("FALSE")

    def _forget(self, workflows):
        """Drop the pictures, their positions first: not row by row."""
        for table in ("creditbox_workflow_position", "creditbox_workflow_step"):
            column = "step_id" if table.endswith("position") else "id"
            self.env.cr.execute(
                SQL(
                    """
                    DELETE FROM %s WHERE %s IN (
                        SELECT id FROM creditbox_workflow_step
                         WHERE workflow_id = ANY(%s))
                    """,
                    SQL.identifier(table),
                    SQL.identifier(column),
                    workflows.ids,
                )
            )
        self.env.invalidate_all()

    def _save_steps(self, workflow):
        """Each step of the table, and those of other versions where bills stand."""
        steps = {0, *workflow.rule_set_id.rule_ids.mapped("step")}
        steps.update(
            step
            for [step] in self.env.execute_query(
                SQL("SELECT DISTINCT step FROM creditbox_tmp_line WHERE residual > 0")
            )
        )
        self.env["creditbox.workflow.step"].create(
            [
                {
                    "workflow_id": workflow.id,
                    "company_id": workflow.company_id.id,
                    "step": step,
                }
                for step in sorted(steps)
            ]
        )
        self.env.flush_all()

    def _save_positions(self, workflow):
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO creditbox_workflow_position (
                    step_id, company_id, position_id, state, until, rule_id, exception,
                    bill_count, amount)
                SELECT s.id, %(company)s, b.position_id, b.state, MIN(b.until),
                       MIN(b.rule_id), MIN(b.exception), COUNT(*), SUM(b.amount)
                  FROM (%(bills)s) AS b
                  JOIN creditbox_workflow_step s
                    ON s.workflow_id = %(workflow)s AND s.step = b.step
                 GROUP BY s.id, b.position_id, b.state
                 ORDER BY SUM(b.amount) DESC
                """,
                company=workflow.company_id.id,
                workflow=workflow.id,
                bills=self._sql_bills(workflow),
            )
        )
        self._analyze("creditbox_workflow_position", self.env.cr.rowcount)

    def _sql_bills(self, workflow):
        """Each overdue bill with its step, and how it fares there.

        Whoever has an action under way gets no other meanwhile; what is ripe beside the
        position's one action, or less than the contact delay after the last one, waits.
        """
        return SQL(
            """
            SELECT l.position_id, l.step, f.state,
                   COALESCE(r.amount_open, l.residual) AS amount,
                   CASE f.state WHEN 'held' THEN l.held_until
                                WHEN 'waiting' THEN CASE WHEN r.ripe_date > %(as_of)s
                                                         THEN r.ripe_date END
                   END AS until,
                   CASE WHEN f.state <> 'outside' THEN r.rule_id END AS rule_id,
                   CASE WHEN f.state = 'exception' THEN t.exception END AS exception
              FROM creditbox_tmp_line l
              LEFT JOIN creditbox_tmp_ripe r USING (line_id)
              LEFT JOIN creditbox_tmp_proposal t ON t.position_id = l.position_id
              LEFT JOIN creditbox_tmp_busy busy ON busy.position_id = l.position_id
             CROSS JOIN LATERAL (
                SELECT CASE WHEN l.held_until IS NOT NULL THEN 'held'
                            WHEN r.line_id IS NULL THEN 'outside'
                            WHEN busy.position_id IS NOT NULL THEN 'under_way'
                            WHEN r.rule_id IS NULL THEN 'stuck'
                            WHEN r.ripe_date <= %(as_of)s AND t.rule_id = r.rule_id
                            THEN CASE WHEN t.exception IS NULL THEN 'ready'
                                      ELSE 'exception' END
                            ELSE 'waiting' END AS state) AS f
             WHERE l.residual > 0 AND l.date_maturity < %(as_of)s
            """,
            as_of=workflow.as_of,
        )

    def _save_figures(self, workflow):
        counts = SQL(", ").join(
            SQL(
                "COUNT(*) FILTER (WHERE state = %s) AS %s",
                state,
                SQL.identifier(f"{state}_count"),
            )
            for state, _label in STATES
        )
        names = [f"{state}_count" for state, _label in STATES]
        names += ["position_count", "bill_count", "amount", "ready_amount"]
        names += ["waiting_until", "held_until"]
        self.env.cr.execute(
            SQL(
                """
                WITH figure AS (
                    SELECT s.id, COUNT(DISTINCT p.position_id) AS position_count,
                           COALESCE(SUM(p.bill_count), 0) AS bill_count,
                           COALESCE(SUM(p.amount), 0) AS amount,
                           COALESCE(SUM(p.amount) FILTER (WHERE state = 'ready'), 0)
                               AS ready_amount,
                           MIN(p.until) FILTER (WHERE state = 'waiting')
                               AS waiting_until,
                           MIN(p.until) FILTER (WHERE state = 'held') AS held_until,
                           %(counts)s
                      FROM creditbox_workflow_step s
                      LEFT JOIN creditbox_workflow_position p ON p.step_id = s.id
                     WHERE s.workflow_id = %(workflow)s
                     GROUP BY s.id
                )
                UPDATE creditbox_workflow_step s
                   SET (%(names)s) = (SELECT %(names)s FROM figure WHERE id = s.id),
                       share = (SELECT 100 * f.amount / NULLIF(
                                       (SELECT MAX(amount) FROM figure), 0)
                                  FROM figure f WHERE f.id = s.id)
                 WHERE s.workflow_id = %(workflow)s
                """,
                workflow=workflow.id,
                counts=counts,
                names=SQL(", ").join(SQL.identifier(name) for name in names),
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE creditbox_workflow w
                   SET (position_count, bill_count, amount) = (
                       SELECT COUNT(DISTINCT p.position_id),
                              COALESCE(SUM(p.bill_count), 0), COALESCE(SUM(p.amount), 0)
                         FROM creditbox_workflow_step s
                         LEFT JOIN creditbox_workflow_position p ON p.step_id = s.id
                        WHERE s.workflow_id = w.id)
                 WHERE w.id = %s
                """,
                workflow.id,
            )
        )
