import base64
import hashlib
import logging
import os
import tempfile
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import headings, sandbox
from ..tools.layouts import KEYS, KINDS
from ..tools.problem import FileProblem
from ..tools.values import fold
from ..writers import WRITERS
from ..writers.base import WRITTEN
from ..writers.row import Row
from .creditbox_acquisition_sheet import columns_to_json
from .creditbox_mapping import recognised_columns, shift_merged
from .creditbox_source import KIND_SELECTION
from .reason import explain

_logger = logging.getLogger(__name__)

# Files up to this size are written while the user waits.
FOREGROUND_BYTES = 200_000
ANALYZE_FROM_ROWS = 5000
TABLES = (
    "account_move",
    "account_move_line",
    "account_payment",
    "account_partial_reconcile",
    "creditbox_acquisition_key",
    "creditbox_payment_bill",
    "creditbox_supply",
    "creditbox_position",
    "res_partner",
)
TOTALS = {"totale", "totali", "total", "totals", "totale generale", "grand total"}
ENDED = ("done", "done_errors", "failed", "cancelled")


class CreditboxAcquisition(models.Model):
    """One batch of data of a billing system, from the file to the accounts."""

    _name = "creditbox.acquisition"
    _inherit = ["mail.thread"]
    _description = "Acquisition"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    source_id = fields.Many2one(
        "creditbox.source", string="Billing System", required=True, index=True
    )
    company_id = fields.Many2one(
        related="source_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [("auto", "Recognise from the headings"), *KIND_SELECTION],
        required=True,
        default="auto",
    )
    file = fields.Binary(attachment=True, required=True, copy=False)
    filename = fields.Char()
    sha256 = fields.Char(readonly=True, copy=False, index="btree_not_null")
    forced = fields.Boolean(
        string="Take Again", help="Accept a file that was taken already."
    )
    origin = fields.Selection(
        [
            ("upload", "Uploaded"),
            ("folder", "Folder"),
            ("push", "Pushed"),
            ("sql", "Database"),
            ("retake", "Refused rows corrected"),
        ],
        required=True,
        default="upload",
        readonly=True,
    )
    parent_id = fields.Many2one(
        "creditbox.acquisition",
        string="Corrects",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    batch_key = fields.Char(
        string="Batch Identifier",
        readonly=True,
        copy=False,
        help="Given by the billing system: the same batch is never taken twice.",
    )
    answer = fields.Json(readonly=True, copy=False)
    state = fields.Selection(
        [
            ("draft", "To Start"),
            ("queued", "Waiting"),
            ("processing", "In Progress"),
            ("done", "Done"),
            ("done_errors", "Done, Rows Refused"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    message_code = fields.Char(readonly=True, copy=False)
    message_params = fields.Json(readonly=True, copy=False)
    message = fields.Char(compute="_compute_message")
    started = fields.Datetime(readonly=True, copy=False)
    ended = fields.Datetime(readonly=True, copy=False)
    row_total = fields.Integer(string="Rows in the File", readonly=True, copy=False)
    row_count = fields.Integer(string="Rows Read", readonly=True, copy=False)
    created_count = fields.Integer(string="Created", readonly=True, copy=False)
    updated_count = fields.Integer(string="Updated", readonly=True, copy=False)
    unchanged_count = fields.Integer(string="Unchanged", readonly=True, copy=False)
    error_count = fields.Integer(string="Refused", readonly=True, copy=False)
    waiting_count = fields.Integer(string="Waiting", readonly=True, copy=False)
    warning_count = fields.Integer(string="Warnings", readonly=True, copy=False)
    progress = fields.Float(compute="_compute_progress", aggregator="avg")
    sheet_ids = fields.One2many(
        "creditbox.acquisition.sheet", "acquisition_id", readonly=True
    )
    error_ids = fields.One2many("creditbox.acquisition.error", "acquisition_id")
    refused_ids = fields.One2many(
        "creditbox.acquisition.error",
        "acquisition_id",
        string="Rows Refused or Waiting",
        domain=[("level", "=", "error")],
    )
    warning_ids = fields.One2many(
        "creditbox.acquisition.error",
        "acquisition_id",
        domain=[("level", "=", "warning")],
        readonly=True,
    )
    # control totals
    control_count = fields.Integer(
        string="Rows, as Declared", help="Number of rows that the billing system sent."
    )
    control_sum = fields.Monetary(
        string="Sum, as Declared", help="Sum of the amounts that it sent."
    )
    control_balance = fields.Monetary(
        string="Open Balance, as Declared",
        help="What all its customers owe, as the billing system sees it.",
    )
    actual_count = fields.Integer(
        string="Rows Taken", readonly=True, copy=False, help="Without refused rows."
    )
    actual_sum = fields.Monetary(string="Sum Taken", readonly=True, copy=False)
    actual_balance = fields.Monetary(
        string="Open Balance Here", readonly=True, copy=False
    )
    control_state = fields.Selection(
        [
            ("none", "Not declared"),
            ("match", "Squares"),
            ("mismatch", "Does not square"),
        ],
        compute="_compute_control_state",
        store=True,
    )

    _batch_uniq = models.UniqueIndex(
        "(source_id, batch_key) WHERE batch_key IS NOT NULL",
        "This batch was received already.",
    )

    # -- computed ------------------------------------------------------------------

    @api.depends("filename", "batch_key", "source_id.name", "origin")
    def _compute_name(self):
        for acquisition in self:
            what = acquisition.batch_key or acquisition.filename
            parts = (acquisition.source_id.name, what)
            acquisition.name = " – ".join(filter(None, parts))

    @api.depends_context("lang")
    @api.depends("message_code", "message_params")
    def _compute_message(self):
        for acquisition in self:
            code = acquisition.message_code
            params = acquisition.message_params
            acquisition.message = code and explain(self.env, code, params)

    @api.depends("row_total", "row_count", "state")
    def _compute_progress(self):
        for acquisition in self:
            total = acquisition.row_total
            done = acquisition.state in ("done", "done_errors")
            share = acquisition.row_count / total if total else 0
            acquisition.progress = 100.0 if done else min(100.0, 100.0 * share)

    @api.depends(
        "control_count",
        "control_sum",
        "control_balance",
        "actual_count",
        "actual_sum",
        "actual_balance",
        "source_id.control_tolerance",
        "state",
    )
    def _compute_control_state(self):
        for acquisition in self:
            differences = list(acquisition._control_differences())
            if not differences or acquisition.state not in ("done", "done_errors"):
                acquisition.control_state = "none"
            else:
                bad = any(differences)
                acquisition.control_state = "mismatch" if bad else "match"

    def _control_differences(self):
        """Yield, for each total declared, whether it differs."""
        tolerance = self.source_id.control_tolerance or self.currency_id.rounding / 2
        if self.control_count:
            yield self.control_count != self.actual_count
        for name in ("sum", "balance"):
            declared = self[f"control_{name}"]
            if declared:
                yield abs(declared - self[f"actual_{name}"]) > tolerance

    # -- creation ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["sha256"] = hashlib.sha256(
                base64.b64decode(vals.get("file") or b"")
            ).hexdigest()
        return super().create(vals_list)

    @api.model
    def _create_from_file(self, source, filename, data, origin, **vals):
        """An acquisition of a file that came by itself.

        :param bytes data: content of the file
        :return: the acquisition; cancelled if the same file was taken before
        """
        acquisition = self.create(
            {
                "source_id": source.id,
                "filename": filename,
                "file": base64.b64encode(data),
                "origin": origin,
                **vals,
            }
        )
        if acquisition._find_same():
            acquisition._end("cancelled", "same_file")
        return acquisition

    @api.model
    def _create_from_rows(self, source, kind, columns, rows, origin, **vals):
        """An acquisition of rows that came without a file.

        :param columns: list of headings
        :param rows: iterable of sequences of values
        """
        path = self._new_path()
        sandbox.write_lines(path, "", [list(columns), *map(list, rows)])
        try:
            with open(path, "rb") as lines:
                data = lines.read()
        finally:
            os.unlink(path)
        return self.create(
            {
                "source_id": source.id,
                "kind": kind,
                "filename": f"{origin}.jsonl",
                "file": base64.b64encode(data),
                "origin": origin,
                **vals,
            }
        )

    def _new_path(self):
        handle, path = tempfile.mkstemp(prefix="creditbox_new_")
        os.close(handle)
        return path

    def _find_same(self):
        """Earlier acquisitions of the same bytes for the same billing system."""
        self.ensure_one()
        if self.forced or self.origin in ("push", "sql"):
            return self.browse()
        return self.search(
            [
                ("source_id", "=", self.source_id.id),
                ("kind", "=", self.kind),
                ("sha256", "=", self.sha256),
                ("id", "!=", self.id),
                ("state", "in", ("queued", "processing", "done", "done_errors")),
            ],
            limit=1,
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_written(self):
        if any(acquisition.state != "draft" for acquisition in self):
            raise UserError(
                self.env._(
                    "What has been acquired is kept: it is part of the accounts."
                )
            )

    # -- starting ------------------------------------------------------------------

    def action_process(self):
        """Read the file and write what is in it; the same rows again change nothing.

        Small files are written at once, others in the background (``queue_job``);
        ``queue_job__no_delay`` in the context writes at once whatever the size.

        :raises UserError: if the same file was taken before and `forced` is not set
        """
        self.check_access("write")
        for acquisition in self:
            if acquisition.state not in ("draft", "failed"):
                continue
            same = acquisition._find_same()
            if same:
                raise UserError(
                    self.env._(
                        "This very file was already taken on %(date)s "
                        "(%(name)s). Tick “Take Again” to take it all the same.",
                        date=fields.Date.to_string(same.create_date),
                        name=same.name,
                    )
                )
            acquisition.sudo()._enqueue()
        return True

    def _enqueue(self):
        self.ensure_one()
        self.source_id._prepare_accounts()
        self.write({"state": "queued", "message_code": False, "message_params": False})
        small = len(self._content()) <= FOREGROUND_BYTES
        if small or self.env.context.get("queue_job__no_delay"):
            self._process()
        else:
            self._delay()

    def _delay(self):
        self.with_delay(
            channel="root.creditbox_acquisition",
            description=self.env._("Acquire %s", self.name),
            identity_key=f"creditbox_acquisition_{self.id}_{self.row_count}",
        )._process_job()

    def _process_job(self):
        """One batch; the next one is another job, so that a kill costs one batch."""
        if self._step():
            self._delay()

    def _process(self):
        while self._step():
            pass

    def action_resume(self):
        """Go on with a batch whose background job was lost."""
        self.check_access("write")
        for acquisition in self.sudo():
            if acquisition.state in ("queued", "processing"):
                acquisition._delay()

    def action_cancel(self):
        self.check_access("write")
        for acquisition in self.sudo():
            if acquisition.state in ENDED:
                continue
            acquisition._end("cancelled")

    # -- one step ------------------------------------------------------------------

    def _step(self):
        """Open the file, or write the next batch of rows, or end.

        :return: whether there is more to do
        """
        self.ensure_one()
        if self.state not in ("queued", "processing"):
            return False
        try:
            if self.state == "queued":
                self._open()
                return True
            sheet = self.sheet_ids.filtered(lambda s: not s.finished)[:1]
            if sheet:
                self._take_rows(sheet)
                return True
        except FileProblem as problem:
            self._end("failed", problem.code, problem.params)
            return False
        self._finish()
        return False

    def _extracted(self):
        """`sandbox.Extracted` of the file; read once, kept until the end."""
        path = self._cache_path()
        if os.path.exists(path):
            return sandbox.Extracted(path, keep=True)
        data = self._content()
        if self.origin in ("push", "sql"):
            with open(path, "wb") as lines:
                lines.write(data)
            return sandbox.Extracted(path, keep=True)
        mapping = self._mappings()[:1]
        return sandbox.read(
            data, mapping.encoding or None, mapping._delimiter(), path=path
        )

    def _content(self):
        """bytes of the file, even where the web client asks for its size only."""
        return base64.b64decode(self.with_context(bin_size=False).file or b"")

    def _cache_path(self):
        name = f"creditbox_{self.env.cr.dbname}_{self.id}_{self.sha256[:16]}.rows"
        return os.path.join(tempfile.gettempdir(), name)

    def _mappings(self):
        if self.origin == "retake":
            return self.env["creditbox.mapping"]
        return self.source_id._mappings_for(self.kind, self.filename)

    def _open(self):
        """Find out what each sheet is; raise FileProblem if there is nothing."""
        with self._extracted() as extracted:
            plans = self._plan_sheets(extracted)
            sheets = [
                {
                    "name": sheet.name,
                    "sequence": KINDS.index(found.kind),
                    "kind": found.kind,
                    "mapping_id": mapping.id,
                    "headings": ", ".join(
                        f"{found.headings[index] or index + 1} → {name}"
                        for index, (name, _c) in sorted(found.columns.items())
                        if index < len(found.headings)
                    ),
                    "columns": columns_to_json(columns),
                    **self._start_of(extracted, sheet, found),
                }
                for sheet, found, mapping, columns in plans
            ]
            uncomputed = extracted.uncomputed
        self.write(
            {
                "state": "processing",
                "started": fields.Datetime.now(),
                "row_total": sum(sheet["row_total"] for sheet in sheets),
                "sheet_ids": [fields.Command.create(vals) for vals in sheets],
            }
        )
        if uncomputed:
            self._note("uncomputed", {"count": uncomputed})

    def _start_of(self, extracted, sheet, found):
        """Where the rows under the headings start, and how many they are."""
        skip = found.row + 1 + found.extra_rows
        offset, heading, total = sheet.offset, 0, 0
        rows = extracted.rows_from(sheet.offset)
        for index, (number, _cells, after) in enumerate(rows):
            if index < skip:
                offset, heading = after, number
            else:
                total += 1
        return {"offset": offset, "heading_row": heading, "row_total": total}

    def _plan_sheets(self, extracted):
        """list of (sheet, Recognition, mapping, columns), customers first."""
        plans, missing = [], []
        for sheet in extracted.sheets:
            plan = self._plan_sheet(extracted, sheet)
            if plan and not self._missing(plan):
                plans.append(plan)
            elif plan and not sheet.hidden:
                missing.append(self._missing(plan))
        if not plans:
            if missing:
                labels = min(missing, key=len)
                raise FileProblem("columns_missing", fields=", ".join(labels))
            raise FileProblem("no_table")
        return sorted(plans, key=lambda plan: KINDS.index(plan[1].kind))

    def _plan_sheet(self, extracted, sheet):
        for mapping in self._mappings():
            if mapping.sheet and fold(mapping.sheet) != fold(sheet.name):
                continue
            found = mapping._recognise_sheet(extracted, sheet)
            if found:
                return sheet, found, mapping, mapping._columns_of(found)
        if sheet.hidden:
            return None
        numbers, rows = extracted.head(sheet)
        kind = None if self.kind == "auto" else self.kind
        merged = shift_merged(sheet.merged, numbers)
        found = headings.recognise(rows, sheet.name, kind, merged)
        mapping = self.env["creditbox.mapping"]
        return found and (sheet, found, mapping, recognised_columns(found))

    def _missing(self, plan):
        """Labels of the required fields that no column gives."""
        _sheet, found, _mapping, columns = plan
        given = {column.field for column in columns}
        labels = dict(self.env["creditbox.mapping.column"]._selection_field_name())
        return [
            labels[spec.name]
            for spec in headings.LAYOUTS[found.kind]
            if spec.required and spec.name not in given
        ]

    # -- rows ----------------------------------------------------------------------

    def _take_rows(self, sheet):
        """Write the next batch of rows of a sheet, and note where it stopped."""
        limit = self.source_id.batch_size
        rows, offset, read = [], int(sheet.offset), 0
        converter = sheet._converter()
        with self._extracted() as extracted:
            for number, cells, after in extracted.rows_from(offset):
                offset, read = after, read + 1
                row = self._make_row(converter, sheet, number, cells)
                if row:
                    rows.append(row)
                if read == limit:
                    break
        if rows:
            self._write_rows(sheet.kind, rows)
        sheet.write(
            {
                "offset": offset,
                "row_done": sheet.row_done + read,
                "finished": read < limit,
            }
        )
        self.row_count += read

    def _make_row(self, converter, sheet, number, cells):
        raw = converter.raw(cells)
        values, faults = converter.convert_raw(raw)
        key = values.get(KEYS[sheet.kind]) or ""
        if faults and self._is_total(cells, key):
            return None
        return Row(sheet.name or "", number, raw, values, key, faults)

    def _is_total(self, cells, key):
        """Whether this is the line of totals under the table."""
        texts = {fold(cell) for cell in cells if isinstance(cell, str)}
        return bool(texts & TOTALS) and (not key or fold(key) in TOTALS)

    def _write_rows(self, kind, rows):
        """Write rows of one kind, count them, and keep what is wrong with them."""
        writer = WRITERS[kind](self.source_id)
        self._write_safely(writer, rows)
        self.env["creditbox.acquisition.error"]._supersede(self, kind, rows)
        self.env["creditbox.acquisition.error"]._keep(self, kind, rows)
        self._count(rows)
        self._recount()
        self._refresh_positions(writer.partner_ids)

    def _write_safely(self, writer, rows):
        """Write rows; if that fails, halve them until the one to blame is found."""
        try:
            with self.env.cr.savepoint():
                writer.take(rows)
                self.env.flush_all()
        except OperationalError:
            raise
        except Exception as error:
            self.env.invalidate_all(flush=False)
            writer._cache.clear()
            for row in rows:
                row.reset()
            if len(rows) == 1:
                _logger.info("A row was refused: %s", error, exc_info=True)
                rows[0].refuse("", "unexpected", message=_first_line(error))
                return
            middle = len(rows) // 2
            self._write_safely(writer, rows[:middle])
            self._write_safely(writer, rows[middle:])

    def _count(self, rows):
        taken = [row for row in rows if row.outcome in WRITTEN]
        amounts = [row.values.get("amount") or 0 for row in taken]
        outcomes = [row.outcome for row in rows]
        self.write(
            {
                **{
                    f"{name}_count": self[f"{name}_count"] + outcomes.count(name)
                    for name in WRITTEN
                },
                "actual_count": self.actual_count + len(taken),
                "actual_sum": self.actual_sum + float(sum(amounts)),
            }
        )

    def _recount(self):
        """Count the rows that are still refused or waiting, and the warnings."""
        if not self:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE creditbox_acquisition AS acquisition
                   SET error_count = counted.errors,
                       waiting_count = counted.waiting,
                       warning_count = counted.warnings
                  FROM (
                        SELECT one.id,
                               COUNT(DISTINCT (error.sheet, error.row))
                                   FILTER (WHERE error.state = 'open'
                                             AND error.level = 'error') AS errors,
                               COUNT(DISTINCT (error.sheet, error.row))
                                   FILTER (WHERE error.state = 'waiting') AS waiting,
                               COUNT(*) FILTER (WHERE error.level = 'warning')
                                   AS warnings
                          FROM unnest(%s::int[]) AS one(id)
                          LEFT JOIN creditbox_acquisition_error AS error
                            ON error.acquisition_id = one.id
                         GROUP BY one.id
                       ) AS counted
                 WHERE acquisition.id = counted.id
                """,
                self.ids,
            )
        )
        self.invalidate_recordset(["error_count", "waiting_count", "warning_count"])
        for acquisition in self:
            if acquisition.state in ("done", "done_errors"):
                state = "done_errors" if acquisition.error_count else "done"
                if acquisition.state != state:
                    acquisition.state = state

    def _refresh_positions(self, partner_ids):
        if not partner_ids:
            return
        position = self.env["creditbox.position"].sudo()
        position._refresh(list(partner_ids), self.company_id)
        position._on_debt_changed(list(partner_ids))

    # -- ending --------------------------------------------------------------------

    def _finish(self):
        self.env["creditbox.acquisition.error"]._retake_waiting(self.company_id)
        self.actual_balance = self._open_balance()
        self._end("done_errors" if self.error_count else "done")
        if self.control_state != "mismatch":
            self.source_id.sudo().last_success = fields.Datetime.now()
        else:
            self._note("mismatch")
        if self.row_total >= ANALYZE_FROM_ROWS:
            for table in TABLES:
                self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))

    def _open_balance(self):
        """What all customers of the company owe, less their credits."""
        self.env["creditbox.position"].flush_model()
        ((balance,),) = self.env.execute_query(
            SQL(
                "SELECT COALESCE(SUM(amount_balance), 0) FROM creditbox_position "
                "WHERE company_id = %s",
                self.company_id.id,
            )
        )
        return float(balance)

    def _end(self, state, code=None, params=None):
        self.write(
            {
                "state": state,
                "ended": fields.Datetime.now(),
                "message_code": code or self.message_code,
                "message_params": params or self.message_params,
            }
        )
        path = self._cache_path()
        if os.path.exists(path):
            os.unlink(path)

    def _note(self, code, params=None):
        """Something to know about the whole batch."""
        self.message_post(body=explain(self.env, code, params))
        if not self.message_code:
            self.write({"message_code": code, "message_params": params or {}})

    @api.autovacuum
    def _gc_extracted(self):
        """Remove what killed processes left in the temporary folder."""
        limit = (fields.Datetime.now() - timedelta(days=2)).timestamp()
        folder = tempfile.gettempdir()
        for name in os.listdir(folder):
            if name.startswith("creditbox_") and name.endswith(".rows"):
                path = os.path.join(folder, name)
                if os.path.getmtime(path) < limit:
                    os.unlink(path)

    # -- refused rows --------------------------------------------------------------

    def action_open_errors(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_acquisition.creditbox_acquisition_error_action"
        )
        return dict(action, domain=[("acquisition_id", "in", self.ids)], context={})

    def action_retake(self):
        """Take the refused rows again, with the corrections made on screen."""
        self.check_access("write")
        errors = self.error_ids.filtered(lambda e: e.state == "open")
        return errors.action_retake()

    def action_download_errors(self):
        """Excel file of the refused rows, to be corrected and uploaded."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/creditbox/acquisition/{self.id}/refused.xlsx",
            "target": "download",
        }

    def _result(self):
        """The answer to who pushed the batch: counters, and the outcome of rows."""
        return {
            "acquisition": self.id,
            "state": self.state,
            "message": self.message or None,
            "rows": self.row_count,
            "created": self.created_count,
            "updated": self.updated_count,
            "unchanged": self.unchanged_count,
            "refused": self.error_count,
            "waiting": self.waiting_count,
            "warnings": self.warning_count,
            "control": self.control_state,
            "problems": [
                {
                    "row": error.row,
                    "key": error.row_key or None,
                    "field": error.field_name or None,
                    "value": error.value or None,
                    "level": error.level,
                    "code": error.code,
                    "reason": error.reason,
                }
                for error in self.error_ids
            ],
        }


def _first_line(error):
    return str(error).strip().split("\n")[0][:300] or type(error).__name__
