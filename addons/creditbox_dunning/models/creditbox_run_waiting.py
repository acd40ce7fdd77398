from odoo import fields, models
from odoo.tools import SQL


class CreditboxRun(models.Model):
    """How much of a run waits in the queues, and until when."""

    _inherit = "creditbox.run"

    waiting_count = fields.Integer(
        string="Waiting", compute="_compute_waiting", help="For their hour to leave."
    )
    wait_until = fields.Datetime(
        string="Waits until",
        compute="_compute_waiting",
        help="The first of them may leave then.",
    )

    def _compute_waiting(self):
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT a.run_id, COUNT(*), MIN(q.retry_at)
                  FROM creditbox_action a
                  JOIN (SELECT creditbox_action_id AS id, state = 'process' AS queued,
                               creditbox_retry_at AS retry_at FROM sms_sms
                         WHERE creditbox_action_id IS NOT NULL
                         UNION ALL
                        SELECT creditbox_action_id, state = 'outgoing',
                               creditbox_retry_at FROM mail_mail
                         WHERE creditbox_action_id IS NOT NULL) q
                    ON q.id = COALESCE(a.lead_id, a.id)
                 WHERE a.run_id = ANY(%s) AND a.state = 'sending'
                   AND q.queued AND q.retry_at > %s
                 GROUP BY a.run_id
                """,
                self.ids,
                fields.Datetime.now(),
            )
        )
        found = {run_id: (count, until) for run_id, count, until in rows}
        for run in self:
            run.waiting_count, run.wait_until = found.get(run.id, (0, False))
