"""The statement of account of the customer's page: what is open, and the last year."""

from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.creditbox_dunning.tools.formatter import Formatter

from ..tools.account_statement import Section, Sheet, to_pdf, to_xlsx

MOVEMENT_DAYS = 365


class CreditboxCustomerPage(models.AbstractModel):
    _inherit = "creditbox.customer.page"

    @api.model
    def _statement_file(self, partner_id, company_id, kind):
        """Return the statement of a customer's account, in the user's language.

        :param kind: «pdf» or «xlsx»
        :return: (name of the file, bytes)
        :raises AccessError: see get_page
        """
        partner, company = self._customer(partner_id, company_id)
        self.env["account.move.line"].check_access("read")
        sheet = self._statement_sheet(partner, company)
        write = {"pdf": to_pdf, "xlsx": to_xlsx}[kind]
        name = self.env._(
            "statement-%(code)s-%(day)s",
            code=partner.creditbox_code or partner.id,
            day=company._creditbox_today(),
        )
        return f"{name}.{kind}", write(sheet)

    def _statement_sheet(self, partner, company):
        write = Formatter(self.env, self.env.lang, company.currency_id)
        today = company._creditbox_today()
        address = company.partner_id
        town = " ".join(filter(None, (address.zip, address.city)))
        return Sheet(
            title=self.env._("Statement of account at %s", write.date(today)),
            sender=tuple(
                filter(None, (company.name, address.street, town, company.vat))
            ),
            facts=tuple(self._statement_facts(partner, company, write)),
            sections=(
                self._open_section(partner, company, today),
                self._movement_section(partner, company, today),
            ),
            notes=(
                self.env._(
                    "Amounts below zero are in the customer's favour. Payments made "
                    "in the last days may not be included yet."
                ),
            ),
            date=write.date,
            money=write.money,
            page_label=self.env._("Page %(page)s of %(pages)s"),
        )

    def _statement_facts(self, partner, company, write):
        totals = self._totals(partner, company)
        yield self.env._("Customer"), partner.name or ""
        if partner.creditbox_code:
            yield self.env._("Customer code"), partner.creditbox_code
        if code := partner.creditbox_fiscal_code or partner.vat:
            yield self.env._("Fiscal code"), code
        if address := self._partner(partner)["address"]:
            yield self.env._("Address"), address
        yield self.env._("Overdue"), write.money(totals["overdue"] or 0)
        yield self.env._("Not due"), write.money(totals["not_due"] or 0)
        yield self.env._("Credit"), write.money(totals["credit"] or 0)
        yield self.env._("Balance"), write.money(totals["balance"] or 0)

    def _open_section(self, partner, company, today):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(move.creditbox_ref, move.name), supply.code, entry.date,
                       line.date_maturity,
                       GREATEST(0, %(today)s - line.date_maturity),
                       entry.balance, line.residual
                  FROM (%(lines)s) AS line
                  JOIN account_move_line AS entry ON entry.id = line.line_id
                  JOIN account_move AS move ON move.id = line.move_id
                  LEFT JOIN creditbox_supply AS supply ON supply.id = line.supply_id
                 ORDER BY line.date_maturity, line.line_id
                """,
                today=today,
                lines=self.env["creditbox.position"]._sql_open_lines(
                    company, today, partner.ids
                ),
            )
        )
        rows = [(*row[:5], float(row[5]), float(row[6])) for row in rows]
        return Section(
            heading=self.env._("What is open"),
            columns=(
                (self.env._("Number"), "text", 26),
                (self.env._("Supply"), "text", 24),
                (self.env._("Date"), "date", 15),
                (self.env._("Due"), "date", 15),
                (self.env._("Days late"), "int", 12),
                (self.env._("Amount"), "money", 18),
                (self.env._("Open"), "money", 18),
            ),
            rows=tuple(rows),
            total=(self.env._("Balance"), sum(row[6] for row in rows)),
        )

    def _movement_section(self, partner, company, today):
        """Debits and credits of the last year, with the balance after each."""
        since = today - timedelta(days=MOVEMENT_DAYS)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT date, number, paid, channel, debit, credit, balance
                  FROM (
                    SELECT line.id, line.date, line.debit, line.credit,
                           COALESCE(move.creditbox_ref, payment.creditbox_ref,
                                    move.name) AS number,
                           move.move_type = 'entry' AND line.credit > 0 AS paid,
                           payment.creditbox_channel AS channel,
                           SUM(line.balance) OVER (ORDER BY line.date, line.id)
                               AS balance
                      FROM account_move_line AS line
                      JOIN account_move AS move ON move.id = line.move_id
                      JOIN res_partner AS partner ON partner.id = line.partner_id
                      LEFT JOIN account_payment AS payment
                        ON payment.id = move.origin_payment_id
                     WHERE partner.commercial_partner_id = %(partner)s
                       AND line.company_id = %(company)s
                       AND line.account_id = ANY(%(accounts)s)
                       AND line.parent_state = 'posted'
                  ) AS movement
                 WHERE date >= %(since)s
                 ORDER BY date, id
                """,
                partner=partner.id,
                company=company.id,
                accounts=self.env["creditbox.position"]
                ._receivable_accounts(company)
                .ids,
                since=since,
            )
        )
        return Section(
            heading=self.env._("Movements of the last year"),
            columns=(
                (self.env._("Date"), "date", 15),
                (self.env._("Number"), "text", 30),
                (self.env._("Description"), "text", 36),
                (self.env._("Charged"), "money", 18),
                (self.env._("Credited"), "money", 18),
                (self.env._("Balance"), "money", 18),
            ),
            rows=tuple(self._movements(rows, since)),
        )

    def _movements(self, rows, since):
        """Yield the rows of the table, after the balance that there was before."""
        if rows:
            _day, _number, _paid, _channel, debit, credit, balance = rows[0]
            before = float(balance - debit + credit)
            yield since, "", self.env._("Balance before"), None, None, before
        for day, number, paid, channel, debit, credit, balance in rows:
            texts = (self.env._("Payment"), channel) if paid else ()
            text = " · ".join(filter(None, texts))
            amounts = float(debit) or None, float(credit) or None, float(balance)
            yield (day, number, text, *amounts)
