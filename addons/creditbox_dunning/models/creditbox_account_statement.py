from dateutil.relativedelta import relativedelta

from odoo import api, models

from ..tools.account_sheet import AccountSheet, Row, Section, to_pdf, to_xlsx
from ..tools.formatter import Formatter

MONTHS = 24  # shown one by one; what was before is the opening balance


class CreditboxAccountStatement(models.AbstractModel):
    """The statement of a customer's account with a company, supply by supply.

    Read as the system: payments and other entries of the account are part of it, on
    which users of the portal have no rights. Who asks names a customer that the user
    has been checked for.
    """

    _name = "creditbox.account.statement"
    _description = "Statement of Account"

    @api.model
    def _file(self, customer, company, kind):
        """
        :param customer: res.partner
        :param company: res.company
        :param kind: «pdf» or «xlsx»
        :return: (name of the file, bytes), in the language of the environment
        """
        today = company._creditbox_today()
        first = today.replace(day=1) - relativedelta(months=MONTHS)
        sheet = self._sheet(customer, company, first)
        content = {"pdf": to_pdf, "xlsx": to_xlsx}[kind](sheet)
        return f"{sheet.title} {today}.{kind}", content

    @api.model
    def _sheet(self, customer, company, first):
        """
        :param customer: res.partner
        :param company: res.company
        :param datetime.date first: movements from here on; before: opening balance
        :return: account_sheet.AccountSheet in the language of the environment
        """
        lines = self._lines(customer, company)
        groups = lines.grouped(lambda line: line.move_id.creditbox_supply_id)
        formatter = Formatter(self.env, self.env.lang, company.currency_id)
        today = company._creditbox_today()
        return AccountSheet(
            title=self.env._("Statement of account"),
            sender=company.name,
            facts=(
                (self.env._("Customer"), customer.name),
                (self.env._("Customer code"), customer.creditbox_code or "–"),
                (self.env._("From"), formatter.date(first)),
                (self.env._("On"), formatter.date(today)),
            ),
            labels=self._labels(),
            sections=tuple(
                self._section(supply, groups[supply], first)
                for supply in sorted(groups, key=lambda s: (not s, s.code or "", s.id))
            ),
            notes=(
                self.env._(
                    "A balance above zero is owed to us; below zero it is in your "
                    "favour. Payments that have not reached our accounts by this day "
                    "are not in it."
                ),
            ),
            date=formatter.date,
            money=formatter.money,
            decimals=company.currency_id.decimal_places,
        )

    def _lines(self, customer, company):
        accounts = self.env["creditbox.position"].sudo()._receivable_accounts(company)
        return (
            self.env["account.move.line"]
            .sudo()
            .search_fetch(
                [
                    ("company_id", "=", company.id),
                    ("partner_id.commercial_partner_id", "=", customer.id),
                    ("account_id", "in", accounts.ids),
                    ("parent_state", "=", "posted"),
                ],
                [
                    *("date", "date_maturity", "balance", "amount_residual"),
                    *("move_id", "payment_id"),
                ],
                order="date, id",
            )
        )

    def _labels(self):
        return {
            "date": self.env._("Date"),
            "text": self.env._("Description"),
            "due": self.env._("Due on"),
            "debit": self.env._("Charged"),
            "credit": self.env._("Paid or credited"),
            "balance": self.env._("Balance"),
            "open": self.env._("Still open"),
            "opening": self.env._("Balance before"),
            "closing": self.env._("Balance"),
            "total": self.env._("Total balance"),
            "sheet": self.env._("Statement"),
            # the sheet fills these two in itself
            "page": self.env._(
                "Page %(page)s of %(pages)s", page="%(page)s", pages="%(pages)s"
            ),
        }

    def _section(self, supply, lines, first):
        before = lines.filtered(lambda line: line.date < first)
        heading = self.env["creditbox.communication"].sudo()._heading(supply)
        return Section(
            heading=heading,
            opening=sum(before.mapped("balance")),
            rows=tuple(self._row(line) for line in lines - before),
        )

    def _row(self, line):
        balance = line.balance
        return Row(
            date=line.date,
            text=self._text(line),
            due=line.date_maturity if balance > 0 else None,
            debit=max(balance, 0),
            credit=max(-balance, 0),
            open=line.amount_residual,
        )

    def _text(self, line):
        move = line.move_id
        number = move.creditbox_ref or move.name
        if line.payment_id:
            channel = line.payment_id.creditbox_channel
            return ", ".join(filter(None, (self.env._("Payment"), channel)))
        if move.creditbox_charge in ("interest", "flat"):
            return self.env._("Late interest %s", number)
        if move.creditbox_charge:
            return self.env._("Costs of recovery %s", number)
        if move.move_type == "out_refund":
            return self.env._("Credit note %s", number)
        if move.move_type == "out_invoice":
            return self.env._("Bill %s", number)
        return self.env._("Other entry %s", move.name)
