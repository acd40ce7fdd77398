import json

from odoo import api, fields, models

from ..tools import answer


class CreditboxInformationFile(models.Model):
    """A file to or from an information provider. Answers that cannot be taken are
    listed by row and field."""

    _name = "creditbox.information.file"
    _inherit = ["creditbox.provider.file"]
    _description = "File of an Information Provider"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    direction = fields.Selection(
        [("request", "Request"), ("answer", "Answer")], required=True, readonly=True
    )
    new_count = fields.Integer(string="New Answers", readonly=True)
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
                **self._values_of(
                    provider, company, f"{name}.{provider.info_format}", content
                ),
                "direction": "request",
                "row_count": len(reports),
            }
        )

    @api.model
    def _take(self, provider, name, content, company):
        """Keep a file of answers and take what it says; a known one changes nothing.

        :param content: bytes
        :return: creditbox.information.file
        """
        values = self._values_of(provider, company, name, content)
        values["direction"] = "answer"
        whole = [("direction", "=", "answer"), ("error_ids", "=", False)]
        if known := self._find_same(values, whole):
            return known
        file = self.create(values)
        file._read_or_fail(content)
        return file

    def _read(self, content):
        self._take_rows(self._rows(content))

    def _headings(self):
        return {
            column.heading.strip().casefold(): column.field_name
            for column in self.provider_id.info_column_ids
            if column.direction == "answer"
        }

    def _is_head(self, columns):
        return "reference" in columns and len(columns) > 1

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
