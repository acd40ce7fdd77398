from datetime import date

from odoo import models
from odoo.fields import Domain

from odoo.addons.creditbox_dunning.tools import account_sheet

from ..tools.sections import Document, Section


class CreditboxDebtFileContent(models.AbstractModel):
    """What is owed: statement, bills, interest, charges."""

    _inherit = "creditbox.debt.file.content"

    def _sections(self, scope):
        return [
            *super()._sections(scope),
            Section(10, self.env._("Statement of account"), self._statement(scope)),
            Section(20, self.env._("Bills"), self._bills(scope)),
            Section(60, self.env._("Late interest"), self._interest(scope)),
            Section(65, self.env._("Costs and interest charged"), self._charges(scope)),
        ]

    # ------------------------------------------------------------------
    # statement
    # ------------------------------------------------------------------
    def _statement(self, scope):
        """The whole account from its first movement, on paper and as a workbook."""
        statement = self.env["creditbox.account.statement"]
        first = min(
            statement._lines(scope.partner, scope.company).mapped("date"),
            default=scope.today,
        )
        sheet = statement._sheet(scope.partner, scope.company, first)
        title = self.env._("Statement of account")
        yield Document(f"{title}.pdf", title, lambda: account_sheet.to_pdf(sheet))
        yield Document(
            f"{title}.xlsx",
            self.env._("%s (workbook)", title),
            lambda: account_sheet.to_xlsx(sheet),
        )

    # ------------------------------------------------------------------
    # bills
    # ------------------------------------------------------------------
    def _bills(self, scope):
        moves = self.env["account.move"].search(
            self._domain_bills(scope), order="invoice_date, id"
        )
        files = {move: self._bill_file(move) for move in moves}
        yield from self._bill_table(scope, moves, files)
        for move, file in files.items():
            number = self._number(move)
            if file:
                yield Document(
                    f"{self._stamp(move.invoice_date)} {number}.pdf",
                    self.env._("Bill %s", number),
                    self._source(file),
                    move.invoice_date,
                )

    def _domain_bills(self, scope):
        domain = (
            Domain("company_id", "=", scope.company.id)
            & Domain("commercial_partner_id", "=", scope.partner.id)
            & Domain("move_type", "in", ("out_invoice", "out_refund"))
            & Domain("state", "=", "posted")
        )
        if not scope.whole:
            # a position without a supply has the bills that name none
            supplies = [position.supply_id.id for position in scope.positions]
            domain &= Domain("creditbox_supply_id", "in", supplies)
        return domain

    def _bill_file(self, move):
        return self.env["creditbox.channel.email"]._bill_file(move)

    def _number(self, move):
        return move.creditbox_ref or move.name or ""

    def _bill_table(self, scope, moves, files):
        columns = [
            (self.env._("Bill"), "text", 18),
            (self.env._("Supply"), "text", 18),
            (self.env._("Date"), "date", 10),
            (self.env._("Due on"), "date", 10),
            (self.env._("Amount"), "money", 12),
            (self.env._("Still open"), "money", 12),
            (self.env._("Document"), "text", 14),
        ]
        there, missing = self.env._("attached"), self.env._("not in the archive")
        rows = [
            (
                self._number(move),
                move.creditbox_supply_id.code or "",
                move.invoice_date or None,
                move.invoice_date_due or None,
                move.amount_total_signed,
                move.amount_residual_signed,
                there if files[move] else missing,
            )
            for move in moves
        ]
        total = ("", "", None, None, *(sum(row[n] for row in rows) for n in (4, 5)), "")
        return self._listing(
            scope, self.env._("List of the bills"), columns, rows, total
        )

    # ------------------------------------------------------------------
    # interest and charges
    # ------------------------------------------------------------------
    def _interest(self, scope):
        """The whole interest of the bills that are open, row by row."""
        tables = scope.positions._late_bills(scope.today, uncharged=False)
        bills = sorted(
            (bill for found in tables.values() for bill in found),
            key=lambda bill: (bill.claim.due or date.min, bill.line_id),
        )
        rows = [
            (
                bill.number,
                bill.claim.due,
                period.first,
                period.last,
                period.days,
                float(period.capital),
                f"{period.rate.rate:.2f}",
                float(period.interest),
            )
            for bill in bills
            for period in bill.rows
        ]
        rows += [
            (bill.number, bill.claim.due, None, None, 0, 0.0, "", float(bill.flat))
            for bill in bills
            if bill.flat
        ]
        columns = [
            (self.env._("Bill"), "text", 18),
            (self.env._("Due on"), "date", 10),
            (self.env._("From"), "date", 10),
            (self.env._("To"), "date", 10),
            (self.env._("Days"), "count", 6),
            (self.env._("Capital"), "money", 12),
            (self.env._("Rate %"), "text", 7),
            (self.env._("Interest"), "money", 12),
        ]
        total = ("", None, None, None, None, None, "", sum(row[-1] for row in rows))
        return self._listing(
            scope, self.env._("Table of late interest"), columns, rows, total
        )

    def _charges(self, scope):
        charges = self.env["creditbox.charge"].search(
            [("position_id", "in", scope.positions.ids)], order="date, id"
        )
        kinds = self._labels("creditbox.charge", "kind")
        states = self._labels("creditbox.charge", "state")
        columns = [
            (self.env._("Date"), "date", 10),
            (self.env._("Kind"), "text", 12),
            (self.env._("Description"), "text", 30),
            (self.env._("Debit note"), "text", 16),
            (self.env._("Amount"), "money", 12),
            (self.env._("State"), "text", 12),
            (self.env._("Why"), "text", 24),
        ]
        rows = [
            (
                charge.date,
                kinds[charge.kind],
                charge.name,
                charge.move_id.name or "",
                charge.amount,
                states[charge.state],
                charge.reason or "",
            )
            for charge in charges
        ]
        return self._listing(
            scope, self.env._("Costs and interest charged"), columns, rows
        )
