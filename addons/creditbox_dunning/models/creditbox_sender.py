from contextlib import contextmanager

from odoo import api, models, modules
from odoo.tools import SQL

SENDERS = 2  # where the parameter creditbox_dunning.senders says nothing


class CreditboxTransport(models.AbstractModel):
    """Several jobs empty a queue at the same time, on one node or on many.

    Without a job runner the scheduled action does it alone.
    """

    _inherit = "creditbox.transport"

    @api.model
    def _creditbox_sql_queued(self):
        """SELECT (id of the action, attempts, retry_at, answer) of what waits."""
        return SQL(
            """
            SELECT creditbox_action_id AS id,
                   COALESCE(creditbox_attempts, 0) AS attempts,
                   creditbox_retry_at AS retry_at, creditbox_answer AS answer
              FROM %s
             WHERE creditbox_action_id IS NOT NULL AND state = %s
            """,
            SQL.identifier(self._table),
            self._creditbox_queue_state,
        )

    @api.model
    def _creditbox_enqueue_senders(self):
        parameters = self.env["ir.config_parameter"].sudo()  # whoever hands over
        count = parameters.get_param("creditbox_dunning.senders", SENDERS)
        for number in range(int(count)):
            self._creditbox_enqueue_sender(number)

    @api.model
    def _creditbox_enqueue_sender(self, number):
        # as the system, like the scheduled action: the gate asks about each message
        self.sudo().with_delay(
            description=self.env._("Send messages of actions (%s)", number + 1),
            identity_key=f"{self._name}-creditbox-sender-{number}",
            channel="root.creditbox",
        )._creditbox_send_next(number)

    @api.model
    def _creditbox_send_next(self, number):
        """Send some of what waits, and come back for the next as a new job."""
        with self._creditbox_elsewhere() as queue:
            more = queue._creditbox_process_queue()
        if more:
            self._creditbox_enqueue_sender(number)

    @contextmanager
    def _creditbox_elsewhere(self):
        """On a connection of its own: a commit on the job's would free its lock."""
        if modules.module.current_test:
            yield self
            return
        with self.env.registry.cursor() as cr:
            yield self.with_env(self.env(cr=cr))
