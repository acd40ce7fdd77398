import base64
import hashlib
import json

from odoo import api, fields, models

from odoo.addons.creditbox_base.tools import sandbox
from odoo.addons.creditbox_base.tools.file_reasons import explain_file
from odoo.addons.creditbox_base.tools.problem import FileProblem

from ..tools import answer

TABLE_BYTES = 20 << 20
READ_SECONDS = 120
READ_MEMORY = 1 << 30
HEADING_ROWS = 20  # the headings stand in one of the first


class CreditboxInformationFile(models.Model):
    """A file to or from an information provider. Answers that cannot be taken are
    listed by row and field."""

    _name = "creditbox.information.file"
    _description = "File of an Information Provider"
    _order = "id desc"

    name = fields.Char(required=True, readonly=True)
    provider_id = fields.Many2one(
        "creditbox.provider", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    direction = fields.Selection(
        [("request", "Request"), ("answer", "Answer")], required=True, readonly=True
    )
    state = fields.Selection(
        [("done", "Done"), ("failed", "Not Readable")],
        required=True,
        readonly=True,
        default="done",
    )
    reason = fields.Char(readonly=True, help="Why it could not be read.")
    content = fields.Binary(string="File", readonly=True, attachment=True)
    sha256 = fields.Char(string="SHA-256", required=True, readonly=True, index=True)
    row_count = fields.Integer(string="Rows", readonly=True)
    new_count = fields.Integer(string="New Answers", readonly=True)
    known_count = fields.Integer(
        string="Known already", readonly=True, help="Rows that said nothing new."
    )
    error_count = fields.Integer(string="Refused", compute="_compute_error_count")
    error_ids = fields.One2many("creditbox.information.error", "file_id", readonly=True)
    report_ids = fields.One2many(
        "creditbox.information.report", "file_id", readonly=True
    )

    @api.depends("error_ids")
    def _compute_error_count(self):
        for file in self:
            file.error_count = len(file.error_ids)

    @api.model
    def _keep_request(self, provider, reports, content):
        """:return: creditbox.information.file with the bytes ``content``"""
        company = reports.company_id.ensure_one()
        moment = company._creditbox_local(fields.Datetime.now())
        stamp = f"{moment:%Y%m%d-%H%M%S}"
        name = self.env._("request-%s", stamp)
        return self.create(
            {
                "name": f"{name}.{provider.info_format}",
                "provider_id": provider.id,
                "company_id": company.id,
                "direction": "request",
                "content": base64.b64encode(content),
                "sha256": hashlib.sha256(content).hexdigest(),
                "row_count": len(reports),
            }
        )

    @api.model
    def _take(self, provider, name, content, company):
        """Keep a file of answers and take what it says; a known one changes nothing.

        :param content: bytes
        :return: creditbox.information.file
        """
        sha256 = hashlib.sha256(content).hexdigest()
        known = self.search(
            [
                ("provider_id", "=", provider.id),
                ("company_id", "=", company.id),
                ("direction", "=", "answer"),
                ("sha256", "=", sha256),
                ("state", "=", "done"),
                ("error_ids", "=", False),
            ],
            limit=1,
        )
        if known:
            return known
        file = self.create(
            {
                "name": name,
                "provider_id": provider.id,
                "company_id": company.id,
                "direction": "answer",
                "content": base64.b64encode(content),
                "sha256": sha256,
            }
        )
        try:
            with self.env.cr.savepoint():
                file._take_rows(file._rows(content))
        except FileProblem as problem:
            file.invalidate_recordset()
            file.write({"state": "failed", "reason": explain_file(self.env, problem)})
        return file

    # ------------------------------------------------------------------
    # reading
    # ------------------------------------------------------------------
    def _rows(self, content):
        """:return: list of (row number, {field: as it stands})
        :raises FileProblem: no table, or none with the provider's headings
        """
        if len(content) > TABLE_BYTES:
            raise FileProblem("file_too_big", limit=TABLE_BYTES >> 20)
        rows = []
        with sandbox.read(content, memory=READ_MEMORY, seconds=READ_SECONDS) as table:
            for sheet in table.sheets:
                rows += self._sheet_rows(table, sheet)
        if not rows:
            headings = ", ".join(self._columns().mapped("heading"))
            raise FileProblem("no_known_headings", headings=headings)
        return rows

    def _columns(self):
        return self.provider_id.info_column_ids.filtered(
            lambda column: column.direction == "answer"
        )

    def _sheet_rows(self, table, sheet):
        places, rows = {}, []
        for number, cells in table.rows(sheet):
            if places:
                values = {
                    field: cells[place]
                    for field, place in places.items()
                    if place < len(cells)
                }
                if any(answer.text(value) for value in values.values()):
                    rows.append((number, values))
            elif number > HEADING_ROWS:
                break
            else:
                places = self._places(cells)
        return rows

    def _places(self, cells):
        """:return: {field: place}, empty when these are not the headings"""
        names = {
            column.heading.strip().casefold(): column.field_name
            for column in self._columns()
        }
        found = {}
        for place, cell in enumerate(cells):
            if field := names.get(answer.text(cell).casefold()):
                found.setdefault(field, place)
        return found if "reference" in found and len(found) > 1 else {}

    # ------------------------------------------------------------------
    # taking
    # ------------------------------------------------------------------
    def _take_rows(self, rows):
        reports = self._reports(rows)
        way = self.env["creditbox.information.by.file"]
        errors, new = [], self.env["creditbox.information.report"]
        for number, values in rows:
            reference = answer.text(values.get("reference"))
            report = reports.get(reference)
            try:
                if not report:
                    raise answer.Refused("reference", "unknown")
                raw = json.dumps(values, ensure_ascii=False, default=str)
                if way._receive(report, values, answer.text(raw)):
                    new |= report
            except answer.Refused as refused:
                errors.append(self._error_values(number, reference, values, refused))
        self.env["creditbox.information.error"].create(errors)
        self.write(
            {
                "row_count": len(rows),
                "new_count": len(new),
                "known_count": len(rows) - len(errors) - len(new),
            }
        )
        new._tell_alerts()

    def _reports(self, rows):
        """:return: {reference: report} of the provider and company"""
        references = {answer.text(values.get("reference")) for _row, values in rows}
        reports = self.env["creditbox.information.report"].search(
            [
                ("reference", "in", sorted(references)),
                ("provider_id", "=", self.provider_id.id),
                ("company_id", "=", self.company_id.id),
            ]
        )
        return {report.reference: report for report in reports}

    def _error_values(self, number, reference, values, refused):
        return {
            "file_id": self.id,
            "row": number,
            "reference": reference[:100],
            "field_name": refused.field,
            "value": answer.text(values.get(refused.field))[:200],
            "code": refused.code,
        }

    def action_download(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/content/{self.name}"
            "?download=true",
            "target": "self",
        }
