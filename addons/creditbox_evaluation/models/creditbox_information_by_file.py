import csv
import io

import xlsxwriter

from odoo import api, models

RISKY = ("=", "+", "-", "@", "\t", "\r")


class CreditboxInformationByFile(models.AbstractModel):
    """Requests leave as a file of the provider's layout; so do the answers come."""

    _name = "creditbox.information.by.file"
    _inherit = "creditbox.information"
    _description = "Information Provider: Files"

    @api.model
    def _ask(self, reports):
        """:return: creditbox.information.file with the requests"""
        provider = reports.provider_id.ensure_one()
        columns = provider.info_column_ids.filtered(lambda c: c.direction == "request")
        rows = [[column.heading for column in columns]]
        for report in reports:
            values = self._request_values(report)
            rows.append([values[column.field_name] for column in columns])
        write = self._csv if provider.info_format == "csv" else self._xlsx
        file = self.env["creditbox.information.file"]._keep_request(
            provider, reports, write(rows)
        )
        reports._mark_asked(file=file)
        return file

    @staticmethod
    def _csv(rows):
        """:return: bytes; semicolons and a mark of the encoding, as Excel wants them"""
        stream = io.StringIO()
        writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
        for row in rows:
            # a spreadsheet would take it for a formula
            writer.writerow([f"'{c}" if c.startswith(RISKY) else c for c in row])
        return stream.getvalue().encode("utf-8-sig")

    @staticmethod
    def _xlsx(rows):
        stream = io.BytesIO()
        book = xlsxwriter.Workbook(stream, {"in_memory": True})
        page = book.add_worksheet()
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                page.write_string(line, column, cell)
        book.close()
        return stream.getvalue()
