from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.convert import Column, Converter, to_json
from ..tools.layouts import KEYS, KINDS
from ..writers import WRITERS
from ..writers.base import WRITTEN
from ..writers.row import Row
from .creditbox_source import KIND_SELECTION
from .reason import explain

RETAKE_BATCH = 1000


class CreditboxAcquisitionError(models.Model):
    """One thing wrong with one row: why it was refused, why it waits, or a warning."""

    _name = "creditbox.acquisition.error"
    _description = "Refused Row"
    _order = "acquisition_id desc, sheet, row, id"

    acquisition_id = fields.Many2one(
        "creditbox.acquisition", required=True, index=True, ondelete="cascade"
    )
    source_id = fields.Many2one(
        related="acquisition_id.source_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="acquisition_id.company_id", store=True, index=True, precompute=True
    )
    kind = fields.Selection(KIND_SELECTION, required=True, readonly=True)
    sheet = fields.Char(readonly=True)
    row = fields.Integer(readonly=True, aggregator=None)
    row_key = fields.Char(string="Code", readonly=True)
    row_values = fields.Json(readonly=True)
    field_name = fields.Selection(
        selection="_selection_field_name", string="Field", readonly=True
    )
    value = fields.Char(readonly=True)
    new_value = fields.Char(
        string="Correct Value", help="Write the right value, then take the row again."
    )
    level = fields.Selection(
        [("error", "Refused"), ("warning", "Warning")], required=True, readonly=True
    )
    code = fields.Char(string="Reason Code", required=True, readonly=True)
    params = fields.Json(readonly=True)
    reason = fields.Char(compute="_compute_reason")
    state = fields.Selection(
        [
            ("open", "Open"),
            ("waiting", "Waiting"),
            ("done", "Taken"),
            ("superseded", "Sent Again Since"),
            ("dismissed", "Dismissed"),
            ("info", "Warning"),
        ],
        required=True,
        readonly=True,
        default="open",
    )
    wait_kind = fields.Char(readonly=True)
    wait_key = fields.Char(readonly=True)

    _row_idx = models.Index("(acquisition_id, sheet, row)")
    _key_idx = models.Index(
        "(company_id, kind, row_key) WHERE state IN ('open', 'waiting')"
    )
    _wait_idx = models.Index(
        "(company_id, wait_kind, wait_key) WHERE state = 'waiting'"
    )

    @api.model
    def _selection_field_name(self):
        return self.env["creditbox.mapping.column"]._selection_field_name()

    @api.depends_context("lang")
    @api.depends("code", "params")
    def _compute_reason(self):
        for error in self:
            error.reason = explain(self.env, error.code, error.params)

    @api.depends("sheet", "row", "acquisition_id.name")
    def _compute_display_name(self):
        for error in self:
            parts = (error.acquisition_id.name, error.sheet, str(error.row))
            error.display_name = " / ".join(filter(None, parts))

    # -- keeping -------------------------------------------------------------------

    @api.model
    def _keep(self, acquisition, kind, rows):
        """Keep what is wrong with these rows."""
        self.create(
            [
                vals
                for row in rows
                for fault in row.faults
                for vals in [self._fault_vals(acquisition, kind, row, fault)]
            ]
        )

    def _fault_vals(self, acquisition, kind, row, fault):
        kept = None if fault.warning else to_json(row.raw, row.values, row.faults)
        waits = row.outcome == "waiting" and not fault.warning
        wait_kind, wait_key = row.waits_for if waits else (False, False)
        return {
            "acquisition_id": acquisition.id,
            "kind": kind,
            "sheet": row.sheet,
            "row": row.number,
            "row_key": row.key or False,
            "row_values": kept,
            "field_name": fault.field or False,
            "value": fault.value or False,
            "level": "warning" if fault.warning else "error",
            "code": fault.code,
            "params": fault.params or False,
            "state": "info" if fault.warning else "waiting" if waits else "open",
            "wait_kind": wait_kind,
            "wait_key": wait_key,
        }

    @api.model
    def _supersede(self, acquisition, kind, rows):
        """What these records were refused for before no longer matters."""
        keys = [row.key for row in rows if row.key and row.error_id is None]
        if not keys:
            return
        self.flush_model()
        found = self.env.execute_query(
            SQL(
                """
                UPDATE creditbox_acquisition_error
                   SET state = 'superseded'
                 WHERE company_id = %s AND kind = %s AND row_key = ANY(%s)
                   AND state IN ('open', 'waiting') AND acquisition_id <> %s
             RETURNING acquisition_id
                """,
                acquisition.company_id.id,
                kind,
                keys,
                acquisition.id,
            )
        )
        self.invalidate_model(["state"], flush=False)
        others = self.env["creditbox.acquisition"].browse({row[0] for row in found})
        others._recount()

    # -- taking again --------------------------------------------------------------

    def action_retake(self):
        """Take the rows of these errors again, with their corrections."""
        self.check_access("write")
        errors = self.sudo().filtered(lambda e: e.state in ("open", "waiting"))
        if not errors:
            raise UserError(self.env._("There is no refused row to take again."))
        errors._retake()
        return True

    def action_dismiss(self):
        """These rows are not wanted."""
        self.check_access("write")
        rows = self.sudo()._whole_rows()
        rows.filtered(lambda e: e.state in ("open", "waiting")).state = "dismissed"
        rows.acquisition_id._recount()
        return True

    def _refused_sheets(self):
        """Sheets of rows to correct, as `workbook.write_refused` takes them."""
        sheets = {}
        for error in self:
            if error.state != "open" or error.level != "error":
                continue
            rows = sheets.setdefault((error.kind, error.sheet or ""), {})
            values, reasons = rows.setdefault(error.row, (error.row_values or {}, []))
            reasons.append(error._full_reason())
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return [
            (
                sheet or kinds[kind],
                kind,
                {name for values, _reasons in rows.values() for name in values},
                [values for values, _reasons in rows.values()],
                ["; ".join(reasons) for _values, reasons in rows.values()],
            )
            for (kind, sheet), rows in sheets.items()
        ]

    def _full_reason(self):
        names = dict(self._selection_field_name())
        return ": ".join(filter(None, (names.get(self.field_name), self.reason)))

    def _whole_rows(self):
        """All errors of the rows that these errors are about."""
        keys = {(e.acquisition_id.id, e.sheet, e.row) for e in self}
        same = self.search(
            [
                ("acquisition_id", "in", self.acquisition_id.ids),
                ("row", "in", self.mapped("row")),
                ("level", "=", "error"),
            ]
        )
        return same.filtered(lambda e: (e.acquisition_id.id, e.sheet, e.row) in keys)

    def _retake(self):
        """Take rows again, kind by kind; a row without error any more is taken.

        :return: number of rows taken
        """
        taken = 0
        for acquisition in self.acquisition_id:
            mine = self.filtered(lambda e, a=acquisition: e.acquisition_id == a)
            for kind in KINDS:
                errors = mine.filtered(lambda e, k=kind: e.kind == k)
                rows = errors._make_rows(kind)
                if rows:
                    acquisition.source_id._prepare_accounts()
                    errors._whole_rows().state = "done"
                    acquisition._write_rows(kind, rows)
                    taken += sum(row.outcome in WRITTEN for row in rows)
        return taken

    def _make_rows(self, kind):
        rows = {}
        decimals = self.company_id.currency_id.decimal_places
        for error in self._whole_rows():
            if error.state in ("open", "waiting"):
                key = (error.sheet or "", error.row)
                raw = rows.setdefault(key, dict(error.row_values or {}))
                if error.new_value and error.field_name:
                    raw[error.field_name] = error.new_value
        made = []
        for (sheet, number), raw in rows.items():
            columns = [Column(name) for name in raw]
            converter = Converter(kind, columns, decimals)
            values, faults = converter.convert_raw(raw)
            key = values.get(KEYS[kind]) or ""
            row = Row(sheet, number, raw, values, key, faults)
            row.error_id = self.ids[0]
            made.append(row)
        return made

    @api.model
    def _retake_waiting(self, company):
        """Take the rows that waited for something that has come since."""
        for _round in KINDS:
            errors = self._find_ready(company)
            if not errors or not errors._retake():
                return

    def _find_ready(self, company):
        """Waiting rows of which what they wait for is there."""
        self.flush_model()
        ready = self.browse()
        waiting = self.env.execute_query(
            SQL(
                """
                SELECT wait_kind, array_agg(DISTINCT wait_key)
                  FROM creditbox_acquisition_error
                 WHERE company_id = %s AND state = 'waiting'
                 GROUP BY wait_kind
                """,
                company.id,
            )
        )
        for kind, keys in waiting:
            source = self.env["creditbox.source"].search(
                [("company_id", "=", company.id)], limit=1
            )
            present = WRITERS[kind](source)._load_existing(keys)
            if present:
                ready |= self.search(
                    [
                        ("company_id", "=", company.id),
                        ("state", "=", "waiting"),
                        ("wait_kind", "=", kind),
                        ("wait_key", "in", list(present)),
                    ],
                    order="id",
                )
        return ready
