import base64
from fnmatch import fnmatch

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.creditbox_base.tools import sandbox
from odoo.addons.creditbox_base.tools.problem import FileProblem

from ..tools import headings
from ..tools.convert import Column, Converter
from ..tools.layouts import LAYOUTS, fields_of
from .creditbox_source import KIND_SELECTION
from .reason import explain


class CreditboxMapping(models.Model):
    """How the layout of a billing system becomes one of ours."""

    _name = "creditbox.mapping"
    _inherit = ["mail.thread"]
    _description = "Mapping"
    _order = "source_id, kind, id"

    name = fields.Char(compute="_compute_name", store=True, readonly=False)
    source_id = fields.Many2one(
        "creditbox.source", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True, index=True)
    active = fields.Boolean(default=True)
    kind = fields.Selection(KIND_SELECTION, required=True, tracking=True)
    state = fields.Selection(
        [("draft", "To Confirm"), ("confirmed", "Confirmed")],
        required=True,
        default="draft",
        copy=False,
        tracking=True,
        help="Only a confirmed mapping is used; without one, headings are recognised "
        "anew in each file.",
    )
    file_pattern = fields.Char(
        help="The mapping serves files with such names, for example: bills*.xlsx"
    )
    sheet = fields.Char(help="Name of the sheet; empty: the one that fits.")
    heading_row = fields.Integer(
        help="Number of the row of the headings (the last of them); 0: looked for. "
        "-1: there are none, columns go by position."
    )
    encoding = fields.Char(help="Of text files, for example cp1252; empty: recognised.")
    delimiter = fields.Char(help="Of text files; empty: recognised.")
    date_order = fields.Selection(
        [("dmy", "day month year"), ("mdy", "month day year")],
        required=True,
        default="dmy",
        help="How dates written as text such as 03/04/2024 are read.",
    )
    decimal_mark = fields.Selection(
        [("auto", "recognised"), (",", "comma: 1.234,56"), (".", "point: 1,234.56")],
        required=True,
        default="auto",
    )
    query = fields.Text(
        help="SELECT run on the database of the source. %(since)s stands for the time "
        "of the last reading."
    )
    last_pull = fields.Datetime(readonly=True, copy=False)
    column_ids = fields.One2many(
        "creditbox.mapping.column", "mapping_id", string="Columns", copy=True
    )
    sample = fields.Binary(attachment=True, copy=False, help="A file to try on.")
    sample_name = fields.Char(copy=False)

    @api.depends("kind", "source_id.name")
    def _compute_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for mapping in self:
            parts = (mapping.source_id.name, kinds.get(mapping.kind))
            mapping.name = " – ".join(filter(None, parts))

    def _fits_file(self, filename):
        self.ensure_one()
        return self.state == "confirmed" and (
            not self.file_pattern
            or fnmatch((filename or "").lower(), self.file_pattern.lower())
        )

    # -- recognition ---------------------------------------------------------------

    def action_recognise(self):
        """Propose the columns from the headings of the sample, to be confirmed."""
        self.ensure_one()
        with self._open_sample() as extracted:
            found = self._recognise(extracted)
        if not found:
            raise UserError(explain(self.env, "no_table"))
        sheet, recognition = found
        self.write(
            {
                "state": "draft",
                "sheet": sheet.name or False,
                "column_ids": [
                    fields.Command.clear(),
                    *map(fields.Command.create, self._column_vals(recognition)),
                ],
            }
        )
        return True

    def _column_vals(self, recognition):
        for index, heading in enumerate(recognition.headings):
            name, confidence = recognition.columns.get(index, (False, 0))
            if heading or name:
                yield {
                    "sequence": index,
                    "position": index + 1,
                    "header": heading,
                    "field_name": name,
                    "confidence": round(confidence * 100),
                }

    def action_confirm(self):
        for mapping in self:
            missing = mapping._missing_fields()
            if missing:
                raise UserError(
                    explain(self.env, "columns_missing", {"fields": ", ".join(missing)})
                )
        self.state = "confirmed"

    def action_draft(self):
        self.state = "draft"

    def _missing_fields(self):
        given = set(self.column_ids.filtered("field_name").mapped("field_name"))
        return [
            name
            for name, spec in fields_of(self.kind).items()
            if spec.required and name not in given
        ]

    def action_try(self):
        """Open the page that shows the first rows before and after."""
        self.ensure_one()
        wizard = self.env["creditbox.mapping.try"].create({"mapping_id": self.id})
        return wizard._get_records_action(
            name=self.env._("First Rows, Before and After"), target="new"
        )

    def _open_sample(self):
        # The web client asks for the size of files only.
        sample = self.with_context(bin_size=False).sample
        if not sample:
            raise UserError(self.env._("Load a sample file first."))
        return self._open_file(base64.b64decode(sample))

    def _open_file(self, data):
        """`sandbox.Extracted` of a file.

        :raises UserError: with the reason why it cannot be read
        """
        try:
            return sandbox.read(data, self.encoding or None, self._delimiter())
        except FileProblem as problem:
            message = explain(self.env, problem.code, problem.params)
            raise UserError(message) from problem

    def _delimiter(self):
        return {"\\t": "\t", "tab": "\t"}.get(self.delimiter, self.delimiter) or None

    def _recognise(self, extracted):
        """(sheet, Recognition) of the sheet that this mapping is about, or None."""
        best = None
        for sheet in extracted.sheets:
            if self.sheet and sheet.name.strip().lower() != self.sheet.strip().lower():
                continue
            found = self._recognise_sheet(extracted, sheet)
            if found and (not best or found.score > best[1].score):
                best = (sheet, found)
        return best

    def _recognise_sheet(self, extracted, sheet):
        numbers, rows = extracted.head(sheet)
        merged = shift_merged(sheet.merged, numbers)
        if self.heading_row == -1:
            width = max(map(len, rows), default=0)
            return headings.Recognition(self.kind, -1, [""] * width)
        row = None
        if self.heading_row:
            if self.heading_row not in numbers:
                return None
            row = numbers.index(self.heading_row)
        return headings.recognise(rows, sheet.name, self.kind, merged, row)

    # -- conversion ----------------------------------------------------------------

    def _columns_of(self, recognition):
        """list of `Column` for a sheet whose headings were recognised.

        Without columns of its own the mapping takes what was recognised.
        """
        mapped = self.column_ids.filtered("field_name")
        if not mapped:
            return recognised_columns(recognition, self._formats())
        return [
            column
            for line in mapped
            for column in [line._to_column(recognition.headings)]
            if column
        ]

    def _formats(self):
        mark = self.decimal_mark
        return {
            "date_order": self.date_order,
            "decimal_mark": None if mark == "auto" else mark,
        }

    def _missing_headers(self, recognition):
        """Headings of this mapping that a sheet does not have."""
        return [
            line.header
            for line in self.column_ids.filtered("field_name")
            if not line._to_column(recognition.headings)
        ]

    def _converter(self, recognition):
        decimals = self.company_id.currency_id.decimal_places
        return Converter(self.kind, self._columns_of(recognition), decimals)


def recognised_columns(recognition, formats=None):
    """list of `Column` straight from a `Recognition`."""
    return [
        Column(name, index=index, **(formats or {}))
        for index, (name, _confidence) in sorted(recognition.columns.items())
    ]


def standard_columns(kind):
    """list of `Column` of a standard layout, for rows that are dicts."""
    return [Column(spec.name) for spec in LAYOUTS[kind]]


def shift_merged(merged, numbers):
    """Merged ranges by index in the list of non-empty rows instead of row number."""
    index = {number - 1: position for position, number in enumerate(numbers)}
    return [
        ((index[top], left), (index.get(bottom, index[top]), right))
        for (top, left), (bottom, right) in merged
        if top in index
    ]
