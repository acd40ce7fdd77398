import base64
import hashlib

from odoo import api, fields, models

from ..tools import sandbox
from ..tools.file_reasons import explain_file
from ..tools.problem import FileProblem

TABLE_BYTES = 20 << 20
READ_SECONDS = 120
READ_MEMORY = 1 << 30
HEADING_ROWS = 20  # the headings stand in one of the first


class CreditboxProviderFile(models.AbstractModel):
    """A file that a provider has sent: kept as it came, taken once.

    What cannot be taken is listed by row and field by the models built on this.
    """

    _name = "creditbox.provider.file"
    _description = "File of a Provider"
    _order = "id desc"

    name = fields.Char(required=True, readonly=True)
    provider_id = fields.Many2one(
        "creditbox.provider", required=True, readonly=True, index=True
    )
    state = fields.Selection(
        [("done", "Done"), ("failed", "Not readable")],
        required=True,
        readonly=True,
        default="done",
    )
    reason = fields.Char(readonly=True, help="Why it could not be read.")
    content = fields.Binary(string="File", readonly=True, attachment=True)
    sha256 = fields.Char(string="SHA-256", required=True, readonly=True, index=True)
    row_count = fields.Integer(string="Rows", readonly=True)
    known_count = fields.Integer(
        string="Known already", readonly=True, help="Rows that said nothing new."
    )

    @api.model
    def _values_of(self, provider, company, name, content):
        """
        :param content: bytes
        :return: values of a new file
        """
        return {
            "name": name,
            "provider_id": provider.id,
            "company_id": company.id,
            "content": base64.b64encode(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }

    @api.model
    def _find_same(self, values, domain=()):
        """:return: the file with this content that has been taken already"""
        keys = ("provider_id", "company_id", "sha256")
        return self.search(
            [
                *((key, "=", values[key]) for key in keys),
                ("state", "=", "done"),
                *domain,
            ],
            limit=1,
        )

    def _read_or_fail(self, content):
        """Take what the file says; if it cannot be read, keep the reason."""
        try:
            with self.env.cr.savepoint():
                self._read(content)
        except FileProblem as problem:
            self.invalidate_recordset()
            reason = explain_file(self.env, problem)
            self.write({"state": "failed", "reason": reason})

    def _read(self, content):
        """Take what the file says.

        :raises FileProblem: it cannot be read
        """
        raise NotImplementedError

    # ------------------------------------------------------------------
    # tables
    # ------------------------------------------------------------------
    def _headings(self):
        """:return: {heading in small letters: column}"""
        raise NotImplementedError

    def _is_head(self, columns):
        """:return: whether a row with headings of these columns is the head"""
        raise NotImplementedError

    def _rows(self, content):
        """:return: list of (row number, {column: cell}), empty rows left out
        :raises FileProblem: no table, or none with our columns
        """
        if len(content) > TABLE_BYTES:
            raise FileProblem("file_too_big", limit=TABLE_BYTES >> 20)
        rows, headings = [], self._headings()
        with sandbox.read(content, memory=READ_MEMORY, seconds=READ_SECONDS) as table:
            for sheet in table.sheets:
                rows += self._sheet_rows(table, sheet, headings)
        if not rows:
            raise FileProblem("no_known_headings", headings=", ".join(headings))
        return rows

    def _sheet_rows(self, table, sheet, headings):
        places, rows = {}, []
        for number, cells in table.rows(sheet):
            if places:
                values = {
                    column: cells[place]
                    for column, place in places.items()
                    if place < len(cells)
                }
                if any(str(cell or "").strip() for cell in values.values()):
                    rows.append((number, values))
            elif number > HEADING_ROWS:
                break
            else:
                places = self._places(cells, headings)
        return rows

    def _places(self, cells, headings):
        """:return: {column: place}, empty when these are not the headings"""
        found = {}
        for place, cell in enumerate(cells):
            if column := headings.get(str(cell or "").strip().casefold()):
                found.setdefault(column, place)
        return found if self._is_head(found.keys()) else {}
