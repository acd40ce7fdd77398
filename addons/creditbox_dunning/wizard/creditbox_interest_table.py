import base64
import re
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ..tools.formatter import Formatter
from ..tools.interest_sheet import COLUMNS, Section, Sheet, cells, to_pdf, to_xlsx


def slug(text):
    """:return: str, ``text`` as part of a file's name"""
    return re.sub(r"[^0-9A-Za-z]+", "-", text).strip("-")


class CreditboxInterestTable(models.TransientModel):
    """The late interest of a position, or of one bill, row by row."""

    _name = "creditbox.interest.table"
    _description = "Late Interest"
    _rec_name = "position_id"

    position_id = fields.Many2one("creditbox.position", required=True, readonly=True)
    move_id = fields.Many2one("account.move", string="Bill", readonly=True)
    company_id = fields.Many2one(related="position_id.company_id")
    date_to = fields.Date(string="Up to", required=True)
    paid = fields.Boolean(
        string="Bills paid late too", help="Bills that have been paid in the meantime."
    )
    everything = fields.Boolean(
        string="Also what was charged already",
        help="The whole of the interest, whether it was charged or not.",
    )
    flat = fields.Boolean(string="With the flat sums", default=True)
    total = fields.Monetary(compute="_compute_table")
    currency_id = fields.Many2one(related="company_id.currency_id")
    explanation = fields.Html(compute="_compute_table", sanitize=False)
    pdf = fields.Binary(compute="_compute_pdf")
    xlsx = fields.Binary(compute="_compute_xlsx")

    @api.model
    def _open(self, position, move=None):
        """:return: window action of the table, up to today"""
        table = self.create(
            {
                "position_id": position.id,
                "move_id": move and move.id,
                "paid": bool(move),
                "date_to": position.company_id._creditbox_today(),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Late interest"),
            "res_model": self._name,
            "res_id": table.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    @api.depends("position_id", "date_to", "paid", "everything", "flat")
    def _compute_table(self):
        for table in self:
            sheet = table._sheet()
            table.total = float(sheet.total)
            table.explanation = self.env["ir.qweb"]._render(
                "creditbox_dunning.interest_table",
                {
                    "sheet": sheet,
                    "columns": [*COLUMNS, "interest"],
                    "cells": lambda row, sheet=sheet: cells(sheet, row),
                },
            )

    def _compute_pdf(self):
        for table in self:
            table.pdf = base64.b64encode(to_pdf(table._sheet()))

    def _compute_xlsx(self):
        for table in self:
            table.xlsx = base64.b64encode(to_xlsx(table._sheet()))

    # ------------------------------------------------------------------
    # what is shown
    # ------------------------------------------------------------------
    def _bills(self):
        """:return: list of creditbox_interest.LateBill"""
        tables = self.position_id._late_bills(
            self.date_to, self.paid, not self.everything
        )
        bills = tables.get(self.position_id, [])
        return [bill for bill in bills if self.move_id.id in (False, bill.move_id)]

    def _sheet(self):
        """:return: tools.interest_sheet.Sheet in the user's language"""
        self.ensure_one()
        position = self.position_id
        write = Formatter(self.env, self.env.lang, self.currency_id)
        sections = tuple(self._section(bill, write) for bill in self._bills())
        digits = self.currency_id.decimal_places
        return Sheet(
            title=self.env._("Late interest up to %s", write.date(self.date_to)),
            sender=self.company_id.name,
            facts=tuple(self._facts(position)),
            labels=self._labels(),
            sections=sections,
            total=sum((s.interest + s.flat for s in sections), Decimal(0)),
            notes=tuple(self._notes(sections)),
            date=write.date,
            money=write.money,
            number=lambda value: formatLang(self.env, float(value), digits=2),
            decimals=digits,
        )

    def _section(self, bill, write):
        heading = self.env._(
            "Bill %(number)s of %(amount)s, due on %(due)s – %(rule)s",
            number=bill.number,
            amount=write.money(float(bill.claim.capital)),
            due=write.date(bill.claim.due),
            rule=bill.rule.name or self.env._("no rate"),
        )
        flat = bill.flat if self.flat else Decimal(0)
        return Section(heading, bill.rows, bill.interest, flat)

    def _facts(self, position):
        partner, supply = position.partner_id, position.supply_id
        yield self.env._("Customer"), partner.name or ""
        if partner.creditbox_code:
            yield self.env._("Customer code"), partner.creditbox_code
        if supply:
            service = supply.service_type_id.name
            yield self.env._("Supply"), f"{supply.code} ({service})"

    def _labels(self):
        return {
            "first": self.env._("From"),
            "last": self.env._("To"),
            "days": self.env._("Days"),
            "capital": self.env._("Capital"),
            "base": self.env._("Reference %"),
            "spread": self.env._("Points"),
            "rate": self.env._("Rate %"),
            "year": self.env._("Year"),
            "interest": self.env._("Interest"),
            "sum": self.env._("Interest of the bill"),
            "flat": self.env._("Flat sum for late payment"),
            "total": self.env._("Total"),
            "page": self.env._("Page %(page)s of %(pages)s"),
            "sheet": self.env._("Late interest"),
        }

    def _notes(self, sections):
        yield self.env._(
            "Interest = capital × rate × days ÷ (100 × days of the year), simple: no "
            "interest on interest or costs (c.c. art. 1283). The first day is the one "
            "after the due date, the day of payment is the last. Each row is rounded "
            "to the cent, the totals are the sums of the rows."
        )
        sources = {bill.rule: bill.rule for bill in self._bills() if bill.rule}
        for rule in sources:
            index = rule.index_id
            yield f"{rule.name}: {rule.source}. {index.name}: {index.source}."
        rows = [row for section in sections for row in section.rows]
        if any(row.rate.base is None for row in rows):
            yield self.env._(
                "No rate is known for the days marked «–»: they bear no interest here."
            )

    # ------------------------------------------------------------------
    # buttons
    # ------------------------------------------------------------------
    def action_pdf(self):
        return self._download("pdf")

    def action_xlsx(self):
        return self._download("xlsx")

    def _download(self, field):
        self.ensure_one()
        position = self.position_id
        stem = position.supply_id.code or position.partner_id.creditbox_code
        name = self.env._("late-interest-%s", slug(stem or str(position.id)))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/{field}/{name}.{field}"
            "?download=true",
            "target": "self",
        }

    def action_charge(self):
        """Charge what the table shows.

        :return: notification with what was charged
        """
        self.ensure_one()
        if self.everything:
            raise UserError(
                self.env._("What was charged already is not charged again.")
            )
        charges = self.env["creditbox.charge"]._charge_interest(
            self.position_id,
            self.date_to,
            {self.position_id: self._bills()},
            self.flat,
        )
        if not charges:
            raise UserError(self.env._("There is no late interest to charge."))
        notification = charges._notification()
        notification["params"]["next"] = {"type": "ir.actions.act_window_close"}
        return notification
