import base64
import hashlib
import os
import tempfile

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.creditbox_base.tools import sandbox

from .creditbox_source import KIND_SELECTION
from .reason import explain


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
