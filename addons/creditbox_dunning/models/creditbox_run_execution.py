from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

BUSY_SECONDS = 5  # until a run is looked at again whose actions others have taken


class CreditboxRun(models.Model):
    """Carrying a run out in the background, batch by batch."""

    _inherit = "creditbox.run"

    def _enqueue(self, eta=0):
        for run in self:
            run.with_delay(
                eta=eta or None,
                description=self.env._("Execute %s", run.name),
                identity_key=f"creditbox.run-{run.id}",
                channel="root.creditbox",
            )._execute_next()

    def _execute_next(self):
        """Hand over one batch; come back for the next in a new transaction.

        Safe to repeat: what a killed worker had not committed is still ready.
        """
        self.ensure_one()
        if self.state != "executing" or not self.company_id._creditbox_green():
            return  # _cron_resume comes back
        taken = self._execute_batch()
        if self.env["creditbox.action"].search_count(self._domain_ready(), limit=1):
            self._enqueue(eta=0 if taken else BUSY_SECONDS)
        else:
            self._finish_if_over()

    def _execute_batch(self):
        """Hand over one batch of ready actions in this transaction.

        :return: the actions that were taken
        """
        batch = self._take_batch()
        batch._execute()
        return batch

    def _take_batch(self):
        """Lock ready actions that nobody else has, and whose position nobody pays now.

        Nobody is waited for: nodes that work on the same run share it.

        :return: at most one batch of actions
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                SELECT a.id
                  FROM creditbox_action a
                  JOIN creditbox_position p ON p.id = a.position_id
                 WHERE a.run_id = %s AND a.state = 'ready'
                 ORDER BY a.id LIMIT %s
                   FOR UPDATE SKIP LOCKED
                """,
                self.id,
                self.company_id.creditbox_batch_size,
            ),
            log_exceptions=False,  # somebody was quicker: the job starts anew
        )
        ids = [id_ for (id_,) in self.env.cr.fetchall()]
        actions = self.env["creditbox.action"].browse(ids)
        actions.invalidate_recordset(["state"])
        return actions._with_companions()

    def _domain_ready(self):
        return Domain("run_id", "=", self.id) & Domain("state", "=", "ready")

    def _finish_if_over(self):
        """Close the runs of which no action is still under way."""
        for run in self.filtered(lambda run: run.state == "executing"):
            domain = Domain("run_id", "=", run.id) & self._domain_under_way()
            if not self.env["creditbox.action"].search_count(domain, limit=1):
                run._set_state("done")

    @api.model
    def _domain_under_way(self):
        """:return: Domain of the actions because of which a run is not done"""
        return Domain("state", "in", ["to_approve", "ready", "sending"])

    @api.model
    def _cron_resume(self):
        """Take up runs whose job was lost (killed worker, restored database)."""
        executing = self.search([("state", "=", "executing")])
        executing._finish_if_over()
        executing.filtered(lambda run: run.state == "executing")._enqueue()
