import io

import xlsxwriter

from odoo import api, models
from odoo.fields import Date
from odoo.tools.misc import format_date

MOST_CUSTOMERS = 50_000


class CreditboxConsole(models.AbstractModel):
    """The console as a workbook: what the page shows, with its filters."""

    _inherit = "creditbox.console"

    @api.model
    def export_xlsx(self, params, order="amount_overdue desc"):
        """:return: bytes of a workbook with the figures and the customers"""
        output = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False}
        with xlsxwriter.Workbook(output, options) as book:
            formats = {
                "title": book.add_format({"bold": True, "font_size": 14}),
                "head": book.add_format(
                    {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
                ),
                "money": book.add_format({"num_format": "#,##0.00"}),
                "count": book.add_format({"num_format": "#,##0"}),
                "date": book.add_format({"num_format": "dd/mm/yyyy"}),
                "text": book.add_format(),
            }
            console = self.load(params)
            self._export_figures(book, formats, console)
            self._export_customers(book, formats, params, order)
        return output.getvalue()

    @api.model
    def _export_figures(self, book, formats, console):
        sheet = book.add_worksheet(self.env._("Console"))
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 6, 17)
        sheet.write(0, 0, self.env._("Credit console"), formats["title"])
        lines = [
            (self.env._("As of"), format_date(self.env, console["day"])),
            (self.env._("Companies"), ", ".join(console["companies"])),
        ]
        if console["snapshot"]:
            lines.append((self.env._("Snapshot"), console["snapshot"]))
        lines += [
            (f["label"], ", ".join(value["label"] for value in f["values"]))
            for f in console["filters"]
        ]
        row = 1
        for label, text in lines:
            sheet.write_string(row, 0, label)
            sheet.write_string(row, 1, text)
            row += 1
        row = self._export_totals(sheet, formats, row + 1, console["totals"])
        row = self._export_buckets(sheet, formats, row + 1, console["buckets"])
        for cut in console["cuts"]:
            row = self._export_cut(sheet, formats, row + 1, cut)

    @api.model
    def _amount_labels(self):
        return {
            "amount_overdue": self.env._("Overdue"),
            "amount_not_due": self.env._("Falling due"),
            "amount_credit": self.env._("Credits"),
            "amount_held": self.env._("Of the overdue, on hold"),
            "amount_balance": self.env._("Balance"),
        }

    @api.model
    def _export_totals(self, sheet, formats, row, totals):
        for name, label in self._amount_labels().items():
            sheet.write_string(row, 0, label)
            sheet.write_number(row, 1, totals[name], formats["money"])
            row += 1
        return row

    @api.model
    def _export_buckets(self, sheet, formats, row, buckets):
        head = (
            self.env._("Age"),
            self.env._("Amount"),
            self.env._("On hold"),
            self.env._("Due dates"),
        )
        sheet.write_row(row, 0, head, formats["head"])
        for bucket in buckets:
            row += 1
            sheet.write_string(row, 0, bucket["name"])
            sheet.write_number(row, 1, bucket["amount"], formats["money"])
            sheet.write_number(row, 2, bucket["amount_held"], formats["money"])
            sheet.write_number(row, 3, bucket["bill_count"], formats["count"])
        return row + 1

    @api.model
    def _export_cut(self, sheet, formats, row, cut):
        labels = self._amount_labels()
        head = (cut["label"], *labels.values(), self.env._("Due dates"))
        sheet.write_row(row, 0, head, formats["head"])
        for figures in cut["rows"]:
            row += 1
            sheet.write_string(row, 0, figures["label"])
            for column, name in enumerate(labels, start=1):
                sheet.write_number(row, column, figures[name], formats["money"])
            sheet.write_number(
                row, len(labels) + 1, figures["bill_count"], formats["count"]
            )
        return row + 1

    @api.model
    def _export_customers(self, book, formats, params, order):
        sheet = book.add_worksheet(self.env._("Customers"))
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 0, 40)
        sheet.set_column(1, 9, 16)
        columns = {
            "name": (self.env._("Customer"), "text"),
            "code": (self.env._("Code"), "text"),
            **{n: (label, "money") for n, label in self._amount_labels().items()},
            "oldest": (self.env._("Oldest due date"), "date"),
            "days": (self.env._("Days overdue"), "count"),
            "bill_count": (self.env._("Due dates"), "count"),
        }
        sheet.write_row(
            0, 0, [label for label, _kind in columns.values()], formats["head"]
        )
        found = self.customers(params, order, 0, MOST_CUSTOMERS)
        for number, customer in enumerate(found["rows"], start=1):
            for column, (name, (_label, kind)) in enumerate(columns.items()):
                self._export_cell(sheet, number, column, customer[name], kind, formats)
        if found["count"] > MOST_CUSTOMERS:
            sheet.write_string(
                MOST_CUSTOMERS + 1,
                0,
                self.env._(
                    "The first %(shown)s of %(count)s.",
                    shown=MOST_CUSTOMERS,
                    count=found["count"],
                ),
            )

    @api.model
    def _export_cell(self, sheet, row, column, value, kind, formats):
        if kind == "text":
            sheet.write_string(row, column, value or "")
        elif kind == "date":
            if value:
                sheet.write_datetime(row, column, Date.to_date(value), formats["date"])
        else:
            sheet.write_number(row, column, value, formats[kind])
