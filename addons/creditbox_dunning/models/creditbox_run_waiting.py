from odoo import fields, models
from odoo.tools import SQL

_FIELDS = (
    "queued_count",
    "waiting_count",
    "wait_until",
    "retried_count",
    "retry_at",
    "retry_reason",
)


class CreditboxRun(models.Model):
    """How much of a run waits in the queues, why, and until when."""

    _inherit = "creditbox.run"

    queued_count = fields.Integer(
        string="In the queue",
        compute="_compute_waiting",
        help="Messages that have been handed over and have not left yet.",
    )
    waiting_count = fields.Integer(
        string="Waiting", compute="_compute_waiting", help="For their hour to leave."
    )
    wait_until = fields.Datetime(
        string="Waits until",
        compute="_compute_waiting",
        help="The first of them may leave then.",
    )
    retried_count = fields.Integer(
        string="To be tried again",
        compute="_compute_waiting",
        help="Messages that the mail server or the gateway has not taken.",
    )
    retry_at = fields.Datetime(
        string="Next try", compute="_compute_waiting", help="Of the first of them."
    )
    retry_reason = fields.Char(
        string="Answer",
        compute="_compute_waiting",
        help="What the other side said to most of them.",
    )

    def _compute_waiting(self):
        self.env.flush_all()
        found = {
            row.pop("run_id"): row
            for row in self.env.execute_query_dict(self._sql_waiting())
        }
        for run in self:
            run.update(found.get(run.id, dict.fromkeys(_FIELDS, False)))

    def _sql_waiting(self):
        return SQL(
            """
            SELECT a.run_id, COUNT(*) AS queued_count,
                   COUNT(*) FILTER (WHERE %(later)s AND q.attempts = 0)
                        AS waiting_count,
                   MIN(q.retry_at) FILTER (WHERE %(later)s AND q.attempts = 0)
                        AS wait_until,
                   COUNT(*) FILTER (WHERE q.attempts > 0) AS retried_count,
                   MIN(q.retry_at) FILTER (WHERE q.attempts > 0) AS retry_at,
                   mode() WITHIN GROUP (ORDER BY q.answer)
                        FILTER (WHERE q.attempts > 0) AS retry_reason
              FROM creditbox_action a
              JOIN (%(sms)s UNION ALL %(mails)s) q ON q.id = COALESCE(a.lead_id, a.id)
             WHERE a.run_id = ANY(%(runs)s) AND a.state = 'sending'
               AND a.in_doubt IS NOT TRUE
             GROUP BY a.run_id
            """,
            later=SQL("q.retry_at > %s", fields.Datetime.now()),
            sms=self.env["sms.sms"]._creditbox_sql_queued(),
            mails=self.env["mail.mail"]._creditbox_sql_queued(),
            runs=self.ids,
        )

    def action_open_waiting(self):
        """:return: window action of what is in the queue, with the next tries"""
        self.ensure_one()
        view = self.env.ref("creditbox_dunning.creditbox_action_view_waiting")
        return {
            **self._window_actions([("state", "=", "sending")]),
            "name": self.env._("In the queue"),
            "views": [(view.id, "list"), (False, "form")],
        }
