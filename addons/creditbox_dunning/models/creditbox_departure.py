from contextlib import contextmanager
from uuid import uuid4

from odoo import api, fields, models, modules
from odoo.tools import SQL


class CreditboxDeparture(models.Model):
    """A message is leaving: committed before it is handed to the outside.

    Marks are written on a connection of their own while the transaction that sends is
    under way. When that has ended they are forgotten; when its process died they tell
    what has left. The unique index makes sure that nobody hands a message over whose
    mark stands, whatever his transaction sees.
    """

    _name = "creditbox.departure"
    _description = "Departure of a Message"
    _log_access = False

    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Integer(required=True, readonly=True)
    worker = fields.Char(
        index=True,
        readonly=True,
        help="It sends one message after the other: all but the last have left.",
    )
    has_left = fields.Boolean(readonly=True, help="The last one has left too.")

    _message_uniq = models.UniqueIndex(
        "(res_model, res_id)", "This message is leaving already."
    )

    @api.model
    @contextmanager
    def _journal(self, model):
        """Give the :class:`Journal` of a worker that sends messages of ``model``."""
        if modules.module.current_test:
            yield Journal(self.env.cr, model)
            return
        with self.env.registry.cursor() as cr:
            cr.connection.autocommit = True
            journal = Journal(cr, model)
            try:
                yield journal
            finally:
                if not cr.connection.closed:
                    journal.note()
                    cr.connection.autocommit = False

    @api.model
    def _abandoned(self, model):
        """The marks of messages that nobody is sending at this moment.

        :return: {id of a message of ``model``: whether it has left}
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT d.res_id,
                       d.has_left OR EXISTS (
                            SELECT FROM creditbox_departure later
                             WHERE later.worker = d.worker AND later.id > d.id)
                  FROM creditbox_departure d JOIN %s m ON m.id = d.res_id
                 WHERE d.res_model = %s
                 ORDER BY d.res_id FOR UPDATE OF m SKIP LOCKED
                """,
                SQL.identifier(self.env[model]._table),
                model,
            )
        )
        return dict(rows)

    @api.model
    def _forget(self, message):
        self.env.cr.execute(
            SQL(
                "DELETE FROM creditbox_departure WHERE res_model = %s AND res_id = %s",
                message._name,
                message.id,
            ),
            log_exceptions=False,  # he who marked it may forget it just now
        )


class Journal:
    """The marks of one worker; each statement is a transaction."""

    def __init__(self, cr, model):
        self._cr = cr
        self._model = model
        self._worker = uuid4().hex
        self._own = set()
        self._last_left = None
        self._over = []

    def leaving(self, message_id):
        """Mark a message before it is handed over: the one before has left.

        :return: False: somebody else has marked it, it must not be handed over
        """
        self._forget_over()
        self._cr.execute(
            SQL(
                "INSERT INTO creditbox_departure (res_model, res_id, worker, has_left)"
                " VALUES (%s, %s, %s, FALSE) ON CONFLICT DO NOTHING RETURNING id",
                self._model,
                message_id,
                self._worker,
            )
        )
        ours = bool(self._cr.fetchone())
        if ours:
            self._own.add(message_id)
        return ours

    def left(self, message_id):
        self._last_left = message_id

    def doubt(self, message_id):
        """Whatever comes after it: nobody knows if this one has left."""
        self._update(SQL("worker = NULL"), message_id)

    def over(self, message_ids):
        """The database knows what became of them, or they have stayed."""
        ours = self._own.intersection(message_ids)
        self._over += ours
        self._own -= ours

    def note(self):
        """Write what is known now: no further mark follows."""
        self._forget_over()
        if self._last_left in self._own:
            self._update(SQL("has_left = TRUE"), self._last_left)

    def _update(self, change, message_id):
        self._cr.execute(
            SQL(
                "UPDATE creditbox_departure SET %s"
                " WHERE res_model = %s AND res_id = %s",
                change,
                self._model,
                message_id,
            )
        )

    def _forget_over(self):
        if not self._over:
            return
        self._cr.execute(
            SQL(
                "DELETE FROM creditbox_departure"
                " WHERE res_model = %s AND res_id = ANY(%s)",
                self._model,
                self._over,
            )
        )
        self._over = []
