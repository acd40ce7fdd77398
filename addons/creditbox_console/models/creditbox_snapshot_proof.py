"""How a snapshot proves that nobody has changed it."""

import hashlib

from odoo import models
from odoo.tools import SQL

from .creditbox_console_figure import AMOUNTS, DIMENSIONS
from .creditbox_snapshot_making import TEXTS

# What the hash covers, in the order of the file: no links, which a merge may move.
HASHED = ("line_id", *TEXTS, "date_maturity", *DIMENSIONS, *AMOUNTS)


class _Hasher:
    """A file that only remembers the hash of what is written to it."""

    def __init__(self):
        self.sha256 = hashlib.sha256()

    def write(self, data):  # pylint: disable=method-required-super
        self.sha256.update(data)
        return len(data)


class CreditboxSnapshot(models.Model):
    _inherit = "creditbox.snapshot"

    def _hash(self):
        """:return: hexadecimal SHA-256 of the file of the rows (_write_rows)"""
        hasher = _Hasher()
        self._write_rows(hasher)
        return hasher.sha256.hexdigest()

    def _write_rows(self, file):
        """Write the due dates as CSV in UTF-8, always the same bytes.

        :param file: what has a method write(bytes)
        """
        self.ensure_one()
        query = SQL(
            """
            COPY (SELECT %s FROM creditbox_snapshot_line
                   WHERE snapshot_id = %s ORDER BY line_id)
              TO STDOUT WITH (FORMAT csv, HEADER, ENCODING 'UTF8')
            """,
            self.env["creditbox.console.figure"]._sql_columns(HASHED),
            self.id,
        )
        cursor = self.env.cr._cnx.cursor()
        try:
            cursor.copy_expert(cursor.mogrify(query.code, query.params), file)
        finally:
            cursor.close()

    def action_verify(self):
        """Compute the hash again and say whether the rows are those of that day."""
        self.ensure_one()
        same = self._hash() == self.sha256
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if same else "danger",
                "sticky": not same,
                "message": self.env._("Nobody has changed this snapshot.")
                if same
                else self.env._("These rows are not those that the snapshot had."),
            },
        }
