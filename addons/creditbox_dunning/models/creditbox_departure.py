from contextlib import contextmanager

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
    has_left = fields.Boolean(
        readonly=True, help="Taken by the other side; else nobody knows."
    )

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
                    journal.write()
                    cr.connection.autocommit = False

    @api.model
    def _marks(self, model):
        """:return: {id of a message of ``model``: whether it has left}"""
        rows = self.env.execute_query(
            SQL(
                "SELECT res_id, has_left FROM creditbox_departure"
                " WHERE res_model = %s ORDER BY res_id",
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
            )
        )


class Journal:
    """The marks of one worker; each statement is a transaction.

    What is known of earlier messages is written together with the next mark.
    """

    def __init__(self, cr, model):
        self._cr = cr
        self._model = model
        self._own = set()
        self._left = []
        self._over = []

    def leaving(self, message_id):
        """Mark a message before it is handed over.

        :return: False: somebody else has marked it, it must not be handed over
        """
        self._cr.execute(
            SQL(
                """
                WITH %s
                INSERT INTO creditbox_departure (res_model, res_id, has_left)
                VALUES (%s, %s, FALSE) ON CONFLICT DO NOTHING RETURNING id
                """,
                self._known(),
                self._model,
                message_id,
            )
        )
        ours = bool(self._cr.fetchone())
        if ours:
            self._own.add(message_id)
        return ours

    def left(self, message_id):
        self._left.append(message_id)

    def over(self, message_ids):
        """The database knows what became of them, or they have stayed."""
        ours = self._own.intersection(message_ids)
        self._over += ours
        self._own -= ours

    def write(self):
        """Write what is known now: no further mark follows."""
        if self._left or self._over:
            self._cr.execute(SQL("WITH %s SELECT", self._known()))

    def _known(self):
        left, over = self._left, self._over
        self._left, self._over = [], []
        return SQL(
            """
            left_before AS (
                UPDATE creditbox_departure SET has_left = TRUE
                 WHERE res_model = %(model)s AND res_id = ANY(%(left)s)
            ), over_before AS (
                DELETE FROM creditbox_departure
                 WHERE res_model = %(model)s AND res_id = ANY(%(over)s)
            )
            """,
            model=self._model,
            left=[id_ for id_ in left if id_ not in set(over)],
            over=over,
        )
