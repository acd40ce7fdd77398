import logging
import os
import tempfile

from psycopg2.errors import ProgramLimitExceeded

from odoo import api, fields, models
from odoo.tools import SQL, create_index
from odoo.tools.sql import column_exists, create_column

from ..tools import reading

_logger = logging.getLogger(__name__)

BATCH = 20
MAX_BYTES = 50 << 20
LANGUAGE = "italian"  # the words' stems: «bollette» finds «bolletta»


class CreditboxArchiveText(models.Model):
    """The words of a document, for the full text search. Made in the background."""

    _name = "creditbox.archive.text"
    _description = "Words of a Document"
    _log_access = False
    _rec_name = "file_id"

    file_id = fields.Many2one(
        "dms.file", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    checksum = fields.Char(readonly=True, help="Of the content that was read.")
    state = fields.Selection(
        [
            ("read", "Read"),
            ("none", "Without text"),
            ("large", "Too large"),
            ("failed", "Cannot be read"),
        ],
        required=True,
        readonly=True,
    )
    error = fields.Char(readonly=True)

    _file_uniq = models.Constraint("UNIQUE(file_id)", "A document is read once.")

    def _auto_init(self):
        """Words are a column of PostgreSQL that the ORM does not know."""
        result = super()._auto_init()
        if not column_exists(self.env.cr, self._table, "words"):
            create_column(self.env.cr, self._table, "words", "tsvector")
        name = f"{self._table}_words_idx"
        create_index(self.env.cr, name, self._table, ["words"], method="gin")
        return result

    # ------------------------------------------------------------------
    # reading
    # ------------------------------------------------------------------
    @api.model
    def _cron_read(self):
        """Read what is new, or has changed, a batch at a time."""
        files = self._unread(BATCH + 1)
        for file in files[:BATCH]:
            self._read_file(file)
            left = len(files) > BATCH
            if not self.env["ir.cron"]._commit_progress(1, remaining=int(left)):
                return

    def _unread(self, limit=None):
        """:return: dms.file of the archive that have not been read as they are now"""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT file.id FROM dms_file file
                  LEFT JOIN creditbox_archive_text text ON text.file_id = file.id
                 WHERE file.creditbox_archive AND file.active
                   AND (text.id IS NULL
                        OR text.checksum IS DISTINCT FROM file.checksum)
                 ORDER BY file.id LIMIT %s
                """,
                limit,
            )
        )
        return self.env["dms.file"].browse(id_ for (id_,) in rows)

    def _read_file(self, file):
        """Read one document; whatever it is, it is not tried again as it is."""
        state, text, error = "none", "", False
        if file.size > MAX_BYTES:
            state = "large"
        elif reading.can_read(file.name):
            try:
                text = self._text_of(file)
                state = "read" if text else "none"
            except reading.Unreadable as problem:
                state, error = "failed", str(problem)
                _logger.info("The text of %s cannot be read: %s", file, problem)
        values = {"checksum": file.checksum, "state": state, "error": error}
        record = self.search([("file_id", "=", file.id)])
        if record:
            record.write(values)
        else:
            ids = {"file_id": file.id, "company_id": file.company_id.id}
            record = self.create(values | ids)
        record.flush_recordset()
        record._keep_words(text)

    def _text_of(self, file):
        stored = self.env["ir.attachment"].search(
            [
                ("res_model", "=", file._name),
                ("res_id", "=", file.id),
                ("res_field", "=", "content_file"),
            ],
            limit=1,
        )
        path = stored.store_fname and stored._full_path(stored.store_fname)
        if path and os.path.exists(path):
            return reading.read_text(path, file.name)
        with tempfile.NamedTemporaryFile(prefix="creditbox_text_") as copy:
            copy.write(stored.raw or file.content_binary or b"")
            copy.flush()
            return reading.read_text(copy.name, file.name)

    def _keep_words(self, text):
        """A text of too many different words loses its end."""
        try:
            with self.env.cr.savepoint():
                self.env.cr.execute(
                    SQL(
                        """
                        UPDATE creditbox_archive_text
                           SET words = to_tsvector(%s, %s) WHERE id = %s
                        """,
                        LANGUAGE,
                        text,
                        self.id,
                    )
                )
        except ProgramLimitExceeded:
            self._keep_words(text[: len(text) // 2])

    @api.model
    def _sql_files(self, words):
        """:return: SQL of the ids of the files with these words

        «decreto ingiuntivo» both, "decreto ingiuntivo" side by side, -opposizione not.
        """
        return SQL(
            """(
            SELECT file_id FROM creditbox_archive_text
             WHERE words @@ websearch_to_tsquery(%s, %s) AND company_id = ANY(%s))
            """,
            LANGUAGE,
            words,
            self.env.companies.ids,
        )
