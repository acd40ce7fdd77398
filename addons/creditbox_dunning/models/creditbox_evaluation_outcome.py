from odoo import models
from odoo.tools import SQL


class CreditboxEvaluation(models.AbstractModel):
    """Writing down what an evaluation gives: dunning states, actions, their bills."""

    _inherit = "creditbox.evaluation"

    def _save_items(self, run, live):
        """Give each overdue line its dunning state; keep next row and date right."""
        if live:
            self._update_items(run)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO creditbox_item (
                    id, move_line_id, position_id, company_id, step,
                    next_rule_id, next_date)
                SELECT item_id, line_id, position_id, %(company)s, 0,
                       CASE WHEN %(live)s THEN rule_id END,
                       CASE WHEN %(live)s THEN ripe_date END
                  FROM creditbox_tmp_ripe
                 WHERE is_new
                """,
                company=run.company_id.id,
                live=live,
            )
        )
        self._analyze("creditbox_item", self.env.cr.rowcount)

    def _update_items(self, run):
        """Next row and date of the items of before; new ones are written with them."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE creditbox_item i
                   SET position_id = t.position_id, next_rule_id = t.rule_id,
                       next_date = t.ripe_date
                  FROM creditbox_tmp_ripe t
                 WHERE i.id = t.item_id AND NOT t.is_new
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
                   AND i.id NOT IN (SELECT item_id FROM creditbox_tmp_ripe)
                   AND i.position_id NOT IN (
                       SELECT position_id FROM creditbox_tmp_busy WHERE left_out)
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
                           amount = t.amount, amount_other = t.amount_other,
                           exception_note = t.exception_note
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
                UPDATE creditbox_tmp_proposal t
                   SET action_id = kept.id, carried = TRUE
                  FROM kept WHERE kept.position_id = t.position_id
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
                    id, run_id, company_id, position_id, partner_id, rule_id, code,
                    step, amount, amount_other, state, exception, exception_note,
                    date_planned, in_doubt, create_date, write_date)
                SELECT t.action_id, %(run)s, %(company)s, t.position_id, t.partner_id,
                       t.rule_id, t.code, t.step, t.amount, t.amount_other,
                       CASE WHEN %(live)s AND t.exception IS NULL
                            THEN 'to_approve' ELSE 'planned' END,
                       t.exception, t.exception_note, %(as_of)s, FALSE, %(now)s,
                       %(now)s
                  FROM creditbox_tmp_proposal t
                 WHERE NOT t.carried
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
                SELECT t.action_id, i.item_id, i.rule_id, i.amount_open, i.date_due,
                       FALSE
                  FROM creditbox_tmp_proposal t
                  JOIN creditbox_tmp_ripe i USING (position_id, rule_id)
                 WHERE i.ripe_date <= %(as_of)s
                """,
                **values,
            )
        )
        self._analyze("creditbox_action_line", self.env.cr.rowcount)
