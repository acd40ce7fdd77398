import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..tools.transport import RETRY_MINUTES, NotSent, own_transaction

_logger = logging.getLogger(__name__)


class CreditboxTransport(models.AbstractModel):
    """Messages that have not left, and those that nobody knows of."""

    _inherit = "creditbox.transport"

    @api.model
    def _creditbox_settle_departures(self):
        """Settle the messages that were leaving when a process died."""
        departures = self.env["creditbox.departure"]
        try:
            with own_transaction(self.env.cr):
                marks = departures._abandoned(self._name)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            return  # others settle theirs just now: what is left has the next turn
        for message_id, has_left in marks.items():
            try:
                with own_transaction(self.env.cr):
                    self.browse(message_id)._creditbox_settle_departure(has_left)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                continue  # somebody else is at it

    def _creditbox_settle_departure(self, has_left):
        """Settle one message that was leaving, unless it is still leaving."""
        departures = self.env["creditbox.departure"]
        self.env.invalidate_all()
        if not self.try_lock_for_update() or not self._creditbox_free():
            return
        queued = self.state == self._creditbox_queue_state
        if queued and has_left:
            self._creditbox_actions()._settle_sent()
        elif queued:
            self._creditbox_doubt(self.env._("The process stopped while sending"))
        else:
            self._creditbox_note_stopped_too_late(has_left)
        departures._forget(self)

    def _creditbox_note_stopped_too_late(self, has_left):
        """A payment has cancelled it before anybody saw how far it had come."""
        actions = self._creditbox_actions()
        actions = actions.filtered(lambda action: action.state == "cancelled")
        note = (
            self.env._("It had already left when it was cancelled")
            if has_left
            else self.env._("It may already have left when it was cancelled")
        )
        actions._message_log_batch(bodies=dict.fromkeys(actions.ids, note))

    def _creditbox_doubt(self, reason):
        for message in self:
            message._creditbox_actions()._mark_doubtful(reason)
            message.write(
                {
                    "state": self._creditbox_failed_state,
                    "creditbox_answer": reason,
                    **message._creditbox_failure(reason),
                }
            )

    def _creditbox_not_reached(self, error):
        """The other side does not answer: these wait for their next turn."""
        try:
            with own_transaction(self.env.cr):
                waiting = self._creditbox_take(self.ids, len(self))._creditbox_free()
                waiting._creditbox_settle(NotSent(error))
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            _logger.info("Payments come in: they are still in the queue")

    def _creditbox_settle(self, error):
        """Record that the messages have not left, or that nobody knows."""
        verdict = self._creditbox_verdict(error)
        reason = self._creditbox_describe(error)
        for attempts, messages in self.grouped("creditbox_attempts").items():
            _logger.info("%s %s: %s (%s)", self._name, messages.ids, reason, verdict)
            if verdict == "later" and attempts < len(RETRY_MINUTES):
                messages._creditbox_postpone(reason)
            elif verdict == "doubt":
                messages._creditbox_doubt(reason)
            else:
                messages._creditbox_refused(reason)
        for message in self:
            message._creditbox_note_dead(error, reason)

    def _creditbox_note_dead(self, error, reason):
        dead = self._creditbox_dead_addresses(error)
        action = self.creditbox_action_id
        self.env["creditbox.failed.address"]._note(
            action.partner_id, action.code, dead, reason
        )

    @api.model
    def _creditbox_describe(self, error):
        return str(error) or type(error).__name__

    def _creditbox_refused(self, reason):
        self.write(
            {
                "state": self._creditbox_failed_state,
                "creditbox_answer": reason,
                **self._creditbox_failure(reason),
            }
        )
        self._creditbox_actions()._mark_failed(reason)

    def _creditbox_postpone(self, reason):
        """All of the same number of attempts."""
        attempts = self[:1].creditbox_attempts
        delay = timedelta(minutes=RETRY_MINUTES[attempts])
        retry_at = fields.Datetime.now() + delay
        self.write(
            {
                "creditbox_attempts": attempts + 1,
                "creditbox_retry_at": retry_at,
                "creditbox_answer": reason,
                **self._creditbox_failure(reason),
            }
        )
        self._creditbox_wake_queue(retry_at)
