import time

import psycopg2

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..tools.transport import own_transaction

CONCURRENT_TRIES = 5
AT_ONCE = 50
ENOUGH = 1000  # nobody wants to know how many more wait
# a payment of one of these customers waits for as long, or for one slow message
LOCK_SECONDS = 0.4


class CreditboxTransport(models.AbstractModel):
    """Messages of actions leave after a last look at the debt, some at a time.

    One transaction for each batch. It takes messages that nobody else has, and locks
    their positions; asks again what is still due; records everything as done; and only
    then talks to the outside: nothing that the database refuses ever leaves. Before
    each message a mark is committed on another connection (creditbox.departure).

    Whoever dies leaves his marks behind, and no lock: the next one counts as sent what
    has left for certain. The one that was leaving is in doubt and waits for an
    operator; it is neither lost nor sent twice. The others are still in the queue.
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
    creditbox_attempts = fields.Integer(readonly=True)
    creditbox_retry_at = fields.Datetime(readonly=True)
    creditbox_answer = fields.Char(
        readonly=True, help="What the other side said the last time, or did not say."
    )

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

    def _creditbox_sent(self):
        """:return: values of a message that has left"""
        raise NotImplementedError

    def _creditbox_send(self):
        """Send the messages now, each after a look at the debt."""
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
            & Domain("creditbox_action_id.in_doubt", "=", False)
            & Domain("state", "=", self._creditbox_queue_state)
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
        """Send what waits, oldest first. Several may be at it, safe to repeat.

        :param limit: messages in one go
        :return: whether more waits, and this was of any use
        """
        self._creditbox_settle_departures()
        domain = self._creditbox_queue_domain() & self._creditbox_domain_green()
        messages = self.search(domain, order="id", limit=limit)
        messages._creditbox_send()
        left = self.search_count(domain, limit=ENOUGH)
        if self.env.context.get("cron_id"):
            self.env["ir.cron"]._commit_progress(len(messages), remaining=left)
        same = self.search_count(domain & Domain("id", "in", messages.ids))
        return bool(left) and same < len(messages)

    def _creditbox_requeue(self):
        """Put the messages back into the queue."""
        self.write(
            {
                "state": self._creditbox_queue_state,
                "creditbox_retry_at": False,
                "creditbox_attempts": 0,
            }
        )
        self._creditbox_wake_queue()

    def _creditbox_send_all(self, carrier):
        """Hand the messages over, batch by batch.

        :param carrier: tools.transport.Carrier
        """
        green = self.creditbox_action_id.company_id._creditbox_green()
        messages = self.filtered(lambda m: m.creditbox_action_id.company_id in green)
        runs = messages.creditbox_action_id.run_id
        with own_transaction(self.env.cr):
            ids = messages._creditbox_open()
        size = AT_ONCE
        with self.env["creditbox.departure"]._journal(self._name) as journal:
            while ids and self._creditbox_connect(carrier):
                ids, size = self._creditbox_send_batch(ids, size, carrier, journal)
        if ids:
            self.browse(ids)._creditbox_not_reached(carrier.lost)
        with own_transaction(self.env.cr):
            runs._finish_if_over()

    @api.model
    def _creditbox_connect(self, carrier):
        with own_transaction(self.env.cr):  # what is read here is old for the batch
            return carrier.connect()

    def _creditbox_open(self):
        """Put off the messages whose hour has not come; that is no failed try.

        :return: ids of the others
        """
        closed = {}
        for message in self:
            closed.setdefault(message._creditbox_opening(), []).append(message.id)
        ready = closed.pop(False, [])
        for opening, ids in closed.items():
            self.browse(ids).write({"creditbox_retry_at": opening})
            self._creditbox_wake_queue(opening)
        return ready

    # ------------------------------------------------------------------
    # one batch
    # ------------------------------------------------------------------
    @api.model
    def _creditbox_send_batch(self, ids, size, carrier, journal):
        """Send the first ``size`` of the messages that nobody else is sending.

        :return: (ids that are to be looked at next, how many of them in one batch)
        """
        for _try in range(CONCURRENT_TRIES):
            batch = left = untried = self.browse()
            try:
                with own_transaction(self.env.cr):
                    batch = self._creditbox_take(ids, size)
                    leaving = batch._creditbox_free()._creditbox_pass_gate()
                    left, untried = leaving._creditbox_depart(carrier, journal)
                journal.over(batch.ids)
                break
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                journal.note()  # a payment came in between: look again
                self._creditbox_settle_departures()
            except (psycopg2.OperationalError, psycopg2.InterfaceError):
                raise  # the database is lost, or full
            except Exception as error:
                journal.note()
                self._creditbox_settle_departures()
                if size == 1:
                    with own_transaction(self.env.cr):
                        self._creditbox_take(batch.ids, 1)._creditbox_settle(error)
                    break
                size = 1  # which one is it?
        else:
            return ids[size:], size
        last = batch.ids[-1] if batch else ids[-1]
        again = set(untried.ids)
        size = max(len(left), 1) if untried else min(size + 5, AT_ONCE)
        return [id_ for id_ in ids if id_ > last or id_ in again], size

    @api.model
    def _creditbox_take(self, ids, size):
        """Lock messages of the queue that nobody else has, as the first thing.

        Nobody is waited for, so nobody can wait for us in turn.

        :return: up to ``size`` of the messages ``ids``, in their order
        """
        self.env.invalidate_all()
        self.env.cr.execute(
            SQL(
                """
                SELECT id FROM %(table)s
                 WHERE id = ANY(%(ids)s) AND state = %(state)s
                 ORDER BY id LIMIT %(size)s FOR UPDATE SKIP LOCKED
                """,
                table=SQL.identifier(self._table),
                ids=ids,
                state=self._creditbox_queue_state,
                size=size,
            ),
            log_exceptions=False,  # somebody was quicker: the caller looks again
        )
        return self.browse(id_ for (id_,) in self.env.cr.fetchall())

    def _creditbox_free(self):
        """Lock the positions too.

        :return: the messages of which no position is being paid at this moment
        """
        positions = self._creditbox_actions().position_id
        free = self.env["creditbox.evaluation"]._lock_free_positions(positions)
        return self.filtered(lambda m: m._creditbox_actions().position_id <= free)

    def _creditbox_pass_gate(self):
        """Ask again what may leave; take back what may not.

        :return: the messages that may leave, up to date
        """
        actions = self._creditbox_actions()
        due = actions.still_due() if actions else actions
        for channel, gone in (actions - due)._by_channel():
            channel._recall(gone)
        waiting = self.filtered(
            lambda m: (
                m.state == self._creditbox_queue_state
                and not m.creditbox_action_id.in_doubt
                and m._creditbox_actions() & due
            )
        )
        passed = self.browse()
        for channel, messages in waiting._creditbox_by_channel():
            passed |= messages._creditbox_bring_up_to_date(channel)
        return passed.sorted("id")

    def _creditbox_by_channel(self):
        """Yield (channel model, its messages)."""
        for message in self.grouped(lambda m: m._creditbox_channel()._name).values():
            yield message[0]._creditbox_channel(), message

    def _creditbox_bring_up_to_date(self, channel):
        """:return: those that still may leave, to today's address, with today's debt"""
        for message in self:
            channel._readdress(message)
        leaving = self.filtered(lambda m: m._creditbox_leaving())
        for message in channel._outdated(leaving):
            channel._refresh(message)
        stopped = self._creditbox_actions().filtered("exception")
        if stopped:
            channel._recall(stopped)
        return leaving.filtered(lambda m: m._creditbox_leaving())

    def _creditbox_leaving(self):
        """:return: the actions of these messages that nothing keeps back"""
        return self._creditbox_actions()._leaving()

    def _creditbox_depart(self, carrier, journal):
        """Record all as done, then hand over one after the other.

        When one is refused, or time is up, only those count that have left.

        :return: (messages that have left, messages that were not tried)
        """
        if not self:
            return self, self
        with self.env.cr.savepoint() as savepoint:
            self._creditbox_record()
            left, failed, untried = self._creditbox_hand_over(carrier, journal)
            if left != self:
                savepoint.rollback()
                self.env.invalidate_all()
                left._creditbox_record()
                for message, error in failed.items():
                    message._creditbox_settle(error)
        left._creditbox_note_answers(carrier)
        return left, untried

    def _creditbox_note_answers(self, carrier):
        """Write what the other side has said of messages that have left."""

    def _creditbox_hand_over(self, carrier, journal):
        """Hand over one after the other, as long as nobody waits too long.

        :return: (messages that have left, {message: error}, messages not tried)
        """
        left = untried = self.browse()
        failed, unreachable = {}, set()
        until = time.monotonic() + LOCK_SECONDS
        for message in self:
            customer = message.creditbox_action_id.partner_id.id
            if carrier.lost or time.monotonic() > until or customer in unreachable:
                untried |= message
                continue
            try:
                if message._creditbox_hand_over_one(carrier, journal):
                    left |= message
            except psycopg2.Error:
                raise
            except Exception as error:
                failed[message] = error
                unreachable.add(customer)
        return left, failed, untried

    def _creditbox_hand_over_one(self, carrier, journal):
        """:return: whether it has left; False: it is of somebody who died"""
        parcel = carrier.pack(self)
        if not journal.leaving(self.id):
            return False  # it will be settled
        try:
            carrier.hand_over(parcel)
        except Exception as error:
            if self._creditbox_verdict(error) == "doubt":
                journal.doubt(self.id)
            else:
                journal.over(self.ids)
            raise
        journal.left(self.id)
        return True

    def _creditbox_record(self):
        """Write all that the database must hold of messages that have left."""
        if self:
            self._creditbox_actions()._mark_done()
            self.write(self._creditbox_sent())
            self.env.flush_all()
