import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..tools.transport import NotSent, own_transaction

_logger = logging.getLogger(__name__)

RETRY_MINUTES = (5, 15, 60, 240, 720)
CONCURRENT_TRIES = 5
# a message claimed for longer whose row nobody locks belongs to a dead process
DEAD_AFTER = timedelta(seconds=10)


class CreditboxTransport(models.AbstractModel):
    """Messages of actions leave one by one, each after a last look at the debt.

    For each message two transactions. The first writes a claim. The second locks the
    position, asks again if it is still due, records everything as done, and only then
    talks to the outside: nothing that the database refuses ever leaves. Whoever dies
    in the second leaves the claim behind, without a lock on it: that message is in
    doubt, and waits for an operator. It is neither lost nor sent twice.
    """

    _name = "creditbox.transport"
    _description = "Queue of Messages of Actions"
    _creditbox_queue_state = "outgoing"
    _creditbox_failed_state = "exception"

    creditbox_action_id = fields.Many2one(
        "creditbox.action", readonly=True, index="btree_not_null", ondelete="set null"
    )
    creditbox_digest = fields.Char(
        readonly=True, help="Of the figures that the text was made of."
    )
    creditbox_claimed = fields.Datetime(
        readonly=True, help="A process has begun to hand this message over."
    )
    creditbox_attempts = fields.Integer(readonly=True)
    creditbox_retry_at = fields.Datetime(readonly=True)

    # ------------------------------------------------------------------
    # for each kind of message
    # ------------------------------------------------------------------
    def _creditbox_channel(self):
        """:return: the channel model of these messages"""
        raise NotImplementedError

    def _creditbox_actions(self):
        """:return: the actions that these messages carry out: one each, or several"""
        return self.creditbox_action_id._joined()

    def _creditbox_failure(self, reason):
        """:return: values that show ``reason`` on the message"""
        raise NotImplementedError

    def _creditbox_send(self):
        """Send the messages now, each in a transaction of its own."""
        raise NotImplementedError

    @api.model
    def _creditbox_verdict(self, error):
        """:return: «later», «refused» or «doubt» (see NotSent)"""
        return getattr(error, "verdict", "later")

    def _creditbox_dead_addresses(self, error):
        """:return: addresses of this message of which ``error`` says they are wrong"""
        raise NotImplementedError

    def _creditbox_opening(self):
        """:return: datetime in UTC before which it may not leave; False: it may now"""
        return False

    @api.model
    def _creditbox_wake_queue(self, at=None):
        """Have the queue looked at once this transaction is committed, or at a time."""
        raise NotImplementedError

    # ------------------------------------------------------------------
    # the queue
    # ------------------------------------------------------------------
    @api.model
    def _creditbox_queue_domain(self):
        return (
            Domain("creditbox_action_id", "!=", False)
            & Domain("state", "=", self._creditbox_queue_state)
            & Domain("creditbox_claimed", "=", False)
            & (
                Domain("creditbox_retry_at", "=", False)
                | Domain("creditbox_retry_at", "<=", fields.Datetime.now())
            )
        )

    @api.model
    def _creditbox_domain_green(self):
        """Only messages of companies whose data is in order."""
        companies = self.env["res.company"].search([("active", "=", True)])
        green = companies._creditbox_green()
        return Domain("creditbox_action_id.company_id", "in", green.ids)

    @api.model
    def _creditbox_process_queue(self, limit=200):
        """Send what waits, oldest first. Called by the scheduler, safe to repeat.

        :param limit: messages in one go
        """
        self._creditbox_find_doubts()
        domain = self._creditbox_queue_domain() & self._creditbox_domain_green()
        messages = self.search(domain, order="id", limit=limit)
        messages._creditbox_send()
        if self.env.context.get("cron_id"):
            left = self.search_count(domain)
            self.env["ir.cron"]._commit_progress(len(messages), remaining=left)

    def _creditbox_requeue(self):
        """Put the messages back into the queue."""
        self.write(
            {
                "state": self._creditbox_queue_state,
                "creditbox_claimed": False,
                "creditbox_retry_at": False,
                "creditbox_attempts": 0,
            }
        )
        self._creditbox_wake_queue()

    @api.model
    def _creditbox_find_doubts(self):
        """Mark the actions whose message was being sent when the process died."""
        stale = self.search(
            [
                ("creditbox_claimed", "<", fields.Datetime.now() - DEAD_AFTER),
                ("state", "=", self._creditbox_queue_state),
            ]
        )
        if not stale:
            return
        with own_transaction(self.env.cr):
            stale.try_lock_for_update()._creditbox_doubt(
                self.env._("The process stopped while sending")
            )

    def _creditbox_doubt(self, reason):
        for message in self:
            message._creditbox_actions()._mark_doubtful(reason)
            message.write(
                {
                    "state": self._creditbox_failed_state,
                    **message._creditbox_failure(reason),
                }
            )

    # ------------------------------------------------------------------
    # one message
    # ------------------------------------------------------------------
    def _creditbox_send_each(self, transmit, connect=None):
        """Hand the messages over one by one.

        :param transmit: function of one message; raises when it has not left
        :param connect: function that makes sure that the transport answers; raises
            OSError when it does not: the messages then wait for their next turn
        """
        green = self.creditbox_action_id.company_id._creditbox_green()
        messages = self.filtered(lambda m: m.creditbox_action_id.company_id in green)
        runs = messages.creditbox_action_id.run_id
        closed = {}
        for number, message in enumerate(messages):
            if opening := message._creditbox_opening():
                closed.setdefault(opening, []).append(message.id)
                continue
            try:
                if connect:
                    connect()
            except OSError as error:
                for waiting in messages[number:]:
                    waiting._creditbox_settle(NotSent(str(error)))
                break
            if message._creditbox_claim():
                message._creditbox_send_claimed(transmit)
        with own_transaction(self.env.cr):
            for opening, ids in closed.items():
                self.browse(ids)._creditbox_put_off(opening)
            runs._finish_if_over()

    def _creditbox_put_off(self, opening):
        """Leave the messages in the queue until their hour; that is no failed try."""
        self.write({"creditbox_retry_at": opening})
        self._creditbox_wake_queue(opening)

    def _creditbox_claim(self):
        """:return: whether the message is ours to send; the claim is committed"""
        self.flush_recordset()
        with own_transaction(self.env.cr):
            rows = self.env.execute_query(
                SQL(
                    """
                    UPDATE %(table)s SET creditbox_claimed = %(now)s
                     WHERE id = (SELECT id FROM %(table)s
                                  WHERE id = %(id)s AND state = %(state)s
                                    AND creditbox_claimed IS NULL
                                    FOR UPDATE SKIP LOCKED)
                 RETURNING id
                    """,
                    table=SQL.identifier(self._table),
                    now=fields.Datetime.now(),
                    id=self.id,
                    state=self._creditbox_queue_state,
                )
            )
            self.invalidate_recordset()
        return bool(rows)

    def _creditbox_send_claimed(self, transmit):
        for _try in range(CONCURRENT_TRIES):
            leaving = False
            try:
                with own_transaction(self.env.cr):
                    if self._creditbox_pass_gate():
                        self._creditbox_actions()._mark_done()
                        self.creditbox_claimed = False
                        self.env.flush_all()
                        leaving = True
                        transmit(self)
                return
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as error:
                if leaving:
                    self._creditbox_settle(NotSent(str(error), "doubt"))
                    return
                # a payment came in between: look again
            except Exception as error:
                self._creditbox_settle(error)
                return
        self._creditbox_settle(NotSent(self.env._("The position is busy")))

    def _creditbox_pass_gate(self):
        """Ask again if the message may leave; take it back when it may not.

        Locks the positions first, then the message, as a payment does. Of a message
        for several actions, those that may no longer leave are left out.
        """
        self.env.invalidate_all()
        channel = self._creditbox_channel()
        actions = self._creditbox_actions()
        due = actions.still_due()
        channel._recall(actions - due)
        if not due:
            return False
        self.lock_for_update()
        if self.state != self._creditbox_queue_state or not self.creditbox_claimed:
            return False
        channel._readdress(self)
        if due._leaving():
            channel._refresh(self)
        channel._recall(due.filtered("exception"))
        return bool(due._leaving())

    def _creditbox_settle(self, error):
        """Record that the message has not left, or that nobody knows."""
        verdict = self._creditbox_verdict(error)
        reason = self._creditbox_describe(error)
        _logger.info("%s %s: %s (%s)", self._name, self.id, reason, verdict)
        with own_transaction(self.env.cr):
            self.env.invalidate_all()
            if verdict == "later" and self.creditbox_attempts >= len(RETRY_MINUTES):
                verdict = "refused"
            settle = {
                "doubt": self._creditbox_doubt,
                "refused": self._creditbox_refused,
                "later": self._creditbox_postpone,
            }[verdict]
            settle(reason)
            self._creditbox_note_dead(error, reason)

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
                "creditbox_claimed": False,
                **self._creditbox_failure(reason),
            }
        )
        self._creditbox_actions()._mark_failed(reason)

    def _creditbox_postpone(self, reason):
        delay = timedelta(minutes=RETRY_MINUTES[self.creditbox_attempts])
        retry_at = fields.Datetime.now() + delay
        self.write(
            {
                "creditbox_claimed": False,
                "creditbox_attempts": self.creditbox_attempts + 1,
                "creditbox_retry_at": retry_at,
                **self._creditbox_failure(reason),
            }
        )
        self._creditbox_wake_queue(retry_at)
