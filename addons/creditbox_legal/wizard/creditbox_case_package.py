import base64
import hashlib
import io
import re
import zipfile

import xlsxwriter

from odoo import api, fields, models
from odoo.exceptions import UserError

MAX_CASES = 500


class CreditboxCasePackage(models.TransientModel):
    """What goes out to a lawyer or an agency: a list, and each case's documents."""

    _name = "creditbox.case.package"
    _description = "File of Cases"

    case_ids = fields.Many2many("creditbox.case", readonly=True)
    zip = fields.Binary(compute="_compute_zip")

    @api.model
    def _download(self, cases):
        """:return: action that downloads the package of cases of one company"""
        if len(cases.company_id) != 1 or len(cases.provider_id) > 1:
            raise UserError(
                self.env._("Choose cases of one company and of one lawyer or agency.")
            )
        if len(cases) > MAX_CASES:
            raise UserError(self.env._("Choose at most %s cases.", MAX_CASES))
        package = self.create({"case_ids": [fields.Command.set(cases.ids)]})
        name = cases.name if len(cases) == 1 else self.env._("cases")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{package.id}/zip/{_slug(name)}.zip"
            "?download=true",
            "target": "self",
        }

    def _compute_zip(self):
        for package in self:
            package.zip = base64.b64encode(package._zip())

    def _zip(self):
        """:return: bytes, with the SHA-256 of each file in a list of their own"""
        files = {self.env._("cases.xlsx"): self._workbook()}
        for case in self.case_ids:
            folder = _slug(case.name)
            for name, content in self._documents(case):
                files[f"{folder}/{name}"] = content
        sums = "".join(
            f"{hashlib.sha256(content).hexdigest()}  {name}\n"
            for name, content in files.items()
        )
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in {**files, "SHA256SUMS.txt": sums.encode()}.items():
                archive.writestr(name, content)
        return stream.getvalue()

    def _documents(self, case):
        """Yield (name, bytes): the bills' PDFs, the statement, the chain of proofs."""
        bill_file = self.env["creditbox.channel.email"]._bill_file
        for line in case.line_ids:
            # whoever hands over need not be allowed to open bills
            move = line.sudo().move_id
            if pdf := bill_file(move):
                yield f"{_slug(move.creditbox_ref or move.name)}.pdf", pdf.raw
        statement = self.env["creditbox.account.statement"]
        yield statement._file(case.partner_id, case.company_id, "pdf")
        yield self.env._("proofs.xlsx"), self._proofs(case)

    def _workbook(self):
        """:return: bytes, a sheet of the cases and one of their bills"""
        return _book(
            {
                self.env._("Cases"): [
                    (
                        self.env._("Case"),
                        self.env._("Customer"),
                        self.env._("Tax code"),
                        self.env._("Address"),
                        self.env._("Phone"),
                        self.env._("Due now"),
                        self.env._("Interest today"),
                    ),
                    *(self._case_row(case) for case in self.case_ids),
                ],
                self.env._("Bills"): [
                    (
                        self.env._("Case"),
                        self.env._("Supply"),
                        self.env._("Bill"),
                        self.env._("Due date"),
                        self.env._("Handed over"),
                        self.env._("Due now"),
                    ),
                    *(self._bill_row(line) for line in self.case_ids.line_ids),
                ],
            }
        )

    def _case_row(self, case):
        partner = case.partner_id
        return (
            case.name,
            partner.name,
            partner.creditbox_fiscal_code or partner.vat,
            " ".join(filter(None, (partner.street, partner.zip, partner.city))),
            partner.phone,
            case.amount_due,
            case.amount_interest,
        )

    def _bill_row(self, line):
        return (
            line.case_id.name,
            line.position_id.supply_id.code,
            line.sudo().move_id.name,  # as above
            line.date_due,
            line.amount_handed,
            line.amount_residual,
        )

    def _proofs(self, case):
        """:return: bytes, what was sent for these bills, when, and when it arrived"""
        actions = self.env["creditbox.action"].search(
            [
                ("position_id", "in", case.position_ids.ids),
                ("state", "in", ("done", "delivered")),
            ],
            order="date_done, id",
        )
        codes = dict(actions._fields["code"]._description_selection(self.env))
        return _book(
            {
                self.env._("Proofs"): [
                    (
                        self.env._("Done on"),
                        self.env._("Channel"),
                        self.env._("What"),
                        self.env._("Address"),
                        self.env._("Amount"),
                        self.env._("Proof of delivery"),
                    ),
                    *(
                        (
                            action.date_done,
                            codes[action.code],
                            action.rule_id.name,
                            action.recipient,
                            action.amount,
                            action.date_proof,
                        )
                        for action in actions
                    ),
                ]
            }
        )


def _slug(text):
    return re.sub(r"[^\w.-]+", "-", text or "").strip("-") or "x"


def _book(sheets):
    """:param sheets: {title: list of rows}; text is never taken for a formula"""
    stream = io.BytesIO()
    options = {"in_memory": True, "default_date_format": "dd/mm/yyyy"}
    with xlsxwriter.Workbook(stream, {**options, "strings_to_formulas": False}) as book:
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title[:31])
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    sheet.write(number, column, value or ("" if value != 0 else 0))
            sheet.autofit()
    return stream.getvalue()
