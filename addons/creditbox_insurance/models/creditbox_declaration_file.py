import base64

from odoo import models

from odoo.addons.creditbox_base.tools import sheet
from odoo.addons.creditbox_dunning.tools.formatter import Formatter
from odoo.addons.creditbox_dunning.tools.grid_sheet import (
    Column,
    Grid,
    GridSheet,
    to_xlsx,
)


class CreditboxDeclaration(models.Model):
    """What the insurer is sent: a workbook or a CSV file, a row a bill."""

    _inherit = "creditbox.declaration"

    def _make_file(self):
        kind = self.policy_id.file_format
        content = self._csv() if kind == "csv" else to_xlsx(self._sheet())
        self.write(
            {
                "file": base64.b64encode(content),
                "file_name": f"{self.name.replace('/', '-')}.{kind}",
            }
        )

    def _columns(self):
        return (
            Column(self.env._("Policy"), share=14),
            Column(self.env._("Customer"), share=28),
            Column(self.env._("Tax code"), share=16),
            Column(self.env._("VAT number"), share=14),
            Column(self.env._("Address"), share=34),
            Column(self.env._("Bill"), share=16),
            Column(self.env._("Date of the bill"), "date", 12),
            Column(self.env._("Due on"), "date", 12),
            Column(self.env._("Amount of the bill"), "money", 13),
            Column(self.env._("Overdue"), "money", 13),
            Column(self.env._("To declare by"), "date", 12),
        )

    def _rows(self):
        """:return: list of tuples, one a bill"""
        communication = self.env["creditbox.channel.letter"]
        return [
            (
                self.policy_id.name,
                line.partner_id.name,
                line.partner_id.creditbox_fiscal_code,
                line.partner_id.vat,
                ", ".join(communication._lines(line.partner_id)[1:]),
                line.move_id.creditbox_ref or line.move_id.name,
                line.move_id.invoice_date,
                line.date_due,
                line.move_id.amount_total,
                line.amount,
                line.date_deadline,
            )
            for line in self.line_ids
        ]

    def _sheet(self):
        """:return: tools.grid_sheet.GridSheet in the user's language"""
        write = Formatter(self.env, self.env.lang, self.currency_id)
        columns = self._columns()
        total = [None] * len(columns)
        total[9] = self.amount
        return GridSheet(
            title=self.env._("Declaration %s of overdue bills", self.name),
            sender=self.company_id.name,
            facts=(
                (self.env._("Insurer"), self.provider_id.name),
                (self.env._("Policy"), self.policy_id.name),
                (self.env._("Declared on"), write.date(self.date)),
                (self.env._("Bills"), str(self.count)),
                (self.env._("Overdue"), write.money(self.amount)),
            ),
            grids=(Grid(self.env._("Overdue bills"), columns, self._rows(), total),),
            labels={
                "total": self.env._("Total"),
                "page": self.env["creditbox.debt.file.content"]._page_label(),
                "summary": self.env._("Summary"),
            },
            date=write.date,
            money=write.money,
            decimals=self.currency_id.decimal_places,
        )

    def _csv(self):
        """Amounts with a decimal comma, as Italian spreadsheets read them."""
        digits = self.currency_id.decimal_places
        rows = [
            [
                f"{value:.{digits}f}".replace(".", ",")
                if column.kind == "money"
                else value
                for column, value in zip(self._columns(), row, strict=True)
            ]
            for row in self._rows()
        ]
        return sheet.write_csv([column.label for column in self._columns()], rows)
