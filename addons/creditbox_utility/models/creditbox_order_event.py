from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CreditboxOrderEvent(models.Model):
    """What came in for an order from outside, and what was answered: once each.

    A phone that has lost the network, or another company's system, may send a thing
    again until it knows the answer: the same key does nothing twice.
    """

    _name = "creditbox.order.event"
    _description = "Event of an Order at the Meter"
    _order = "received_at desc, id desc"
    _rec_name = "what"

    order_id = fields.Many2one(
        "fsm.order", string="Order", index=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True
    )
    user_id = fields.Many2one(
        "res.users", string="Sent by", required=True, readonly=True
    )
    key = fields.Char(required=True, readonly=True)
    what = fields.Char(string="Event", required=True, readonly=True)
    happened_at = fields.Datetime(readonly=True, help="By the sender's clock.")
    received_at = fields.Datetime(required=True, readonly=True)
    skew = fields.Integer(
        string="Clock (s)",
        readonly=True,
        help="Seconds that the sender's clock was ahead of ours; less than 0: behind.",
    )
    refused = fields.Boolean(readonly=True)
    message = fields.Char(string="Answer", readonly=True)
    answer = fields.Json(string="Given back", readonly=True)

    # a key belongs to whoever sends it
    _key_uniq = models.UniqueIndex(
        "(user_id, key)", "This has already been sent with the same key."
    )

    @api.model
    def _once(self, key, what, work, order=None, happened_at=None, sent_at=None):
        """Do once what somebody outside asks for, however often it is sent.

        A refusal (``UserError``) undoes the work, and is kept and given again like any
        other answer: whoever has mended the cause sends it with a new key.

        :param key: str, the sender's own, up to 64 characters
        :param what: str, name of what is asked for
        :param work: function that does it; may return a dict (JSON)
        :param order: fsm.order, or None when the work makes it
        :param happened_at: datetime.datetime by the sender's clock, UTC
        :param sent_at: the same clock when it was sent; tells how wrong it is
        :return: dict, what the work returned, with ``ok`` and, refused, ``message``
        :raises UserError: a key that is no key, or was used for something else
        """
        now = fields.Datetime.now()
        event, known = self._claim(key, what, order, happened_at, sent_at, now)
        if known:
            return {**event.answer, "known": True}
        try:
            with self.env.cr.savepoint():
                answer = {"ok": True, **(work() or {})}
                self.env.flush_all()
        except UserError as error:
            self.env.invalidate_all()
            answer = {"ok": False, "message": str(error)}
        event.write(
            {
                "answer": answer,
                "refused": not answer["ok"],
                "message": answer.get("message"),
                **({"order_id": answer["id"]} if not order and "id" in answer else {}),
            }
        )
        return answer

    @api.model
    def _once_together(self, headings, what, work, order):
        """Do several things of one kind at once, that nobody has sent before.

        In a savepoint of the caller's, who takes them one by one when this cannot be.

        :param headings: list of {``key``, ``happened_at``, ``sent_at``}, see _once
        :param work: function that does them all; returns a list of dict
        :return: list of dict, as of _once, with their keys
        :raises UserError: one that is refused, or known
        """
        now, ids = fields.Datetime.now(), {}
        for key, id_ in self._insert(headings, what, order, now):
            ids[key] = id_
        if len(ids) < len(headings):
            raise UserError(self.env._("Some of it has been sent before."))
        answers = [{"ok": True, **answer} for answer in work()]
        for heading, answer in zip(headings, answers, strict=True):
            # nobody writes them
            self.sudo().browse(ids[heading["key"]]).answer = answer
        self.env.flush_all()
        return [
            {"key": heading["key"], **answer}
            for heading, answer in zip(headings, answers, strict=True)
        ]

    @api.model
    def _insert(self, headings, what, order, now):
        """Wait for whoever sends the same keys at this moment.

        :return: list of (key, id) of those that are new
        """
        for heading in headings:
            key = heading["key"]
            if not isinstance(key, str) or not 8 <= len(key) <= 64:
                raise UserError(self.env._("A key has 8 to 64 characters."))
        company = order.sudo().company_id if order else self.env.company
        common = SQL(
            "%(uid)s, %(now)s, %(uid)s, %(now)s, %(order)s, %(company)s, %(uid)s",
            uid=self.env.uid,
            now=now,
            order=order.id if order else None,
            company=company.id,
        )
        rows = SQL(", ").join(
            SQL(
                "(%s, %s, %s, %s, %s, %s)",
                common,
                heading["key"],
                what,
                heading["happened_at"] or now,
                now,
                _seconds_ahead(heading["sent_at"], now),
            )
            for heading in headings
        )
        if order:
            order.invalidate_recordset(["creditbox_event_ids"], flush=False)
        return self.env.execute_query(
            SQL(
                """
                INSERT INTO creditbox_order_event
                       (create_uid, create_date, write_uid, write_date, order_id,
                        company_id, user_id, key, what, happened_at, received_at, skew)
                VALUES %s
                ON CONFLICT (user_id, key) DO NOTHING
                RETURNING key, id
                """,
                rows,
            )
        )

    @api.model
    def _claim(self, key, what, order, happened_at, sent_at, now):
        """:return: (creditbox.order.event as system, whether it was known)"""
        heading = {"key": key, "happened_at": happened_at, "sent_at": sent_at}
        rows = self._insert([heading], what, order, now)
        events = self.sudo()  # nobody writes them
        if rows:
            return events.browse(rows[0][1]), False
        event = events.search([("user_id", "=", self.env.uid), ("key", "=", key)])
        if event.what != what or (order and event.order_id != order):
            raise UserError(
                self.env._("The key %s has been used for something else.", key)
            )
        return event, True


def _seconds_ahead(sent_at, now):
    """:return: int, how far a clock is ahead of ours, within what the column holds"""
    if not isinstance(sent_at, datetime):
        return 0
    return max(-(2**31), min(2**31 - 1, round((sent_at - now).total_seconds())))
