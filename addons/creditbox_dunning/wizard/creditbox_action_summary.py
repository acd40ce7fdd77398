import base64
from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_datetime

from ..models.creditbox_action import DONE_STATES
from ..tools.formatter import Formatter
from ..tools.grid_sheet import Column, Grid, GridSheet, to_pdf, to_xlsx
from .creditbox_interest_table import slug

STOPPED_STATES = ("failed", "cancelled", "undone")


class CreditboxActionSummary(models.TransientModel):
    """What is printed of a run, of a letter lot or of chosen actions.

    As many queries for ten thousand actions as for one.
    """

    _name = "creditbox.action.summary"
    _description = "Summary of Actions"

    run_id = fields.Many2one("creditbox.run", readonly=True)
    letter_lot_id = fields.Many2one("creditbox.letter.lot", readonly=True)
    action_ids = fields.Many2many("creditbox.action", readonly=True)
    pdf = fields.Binary(compute="_compute_pdf")
    xlsx = fields.Binary(compute="_compute_xlsx")

    @api.model
    def _download(self, records, kind):
        """Print what is chosen, as the user is allowed to see it.

        :param records: a creditbox.run, a creditbox.letter.lot, or creditbox.action
        :param kind: pdf or xlsx
        :return: action that downloads it
        :raises UserError: nothing chosen, or of several companies
        """
        summary = self.create(self._values_for(records))
        name = self.env._("summary-%s", slug(summary._subject()) or records[:1].id)
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{summary.id}/{kind}/{name}.{kind}"
            "?download=true",
            "target": "self",
        }

    def _values_for(self, records):
        if len(records.company_id) != 1:
            raise UserError(self.env._("Choose actions of one company."))
        if records._name == "creditbox.action":
            return {"action_ids": [fields.Command.set(records.ids)]}
        if len(records) > 1:
            raise UserError(self.env._("Choose one: each has a summary of its own."))
        field = {"creditbox.run": "run_id", "creditbox.letter.lot": "letter_lot_id"}
        return {field[records._name]: records.id}

    def _compute_pdf(self):
        for summary in self:
            summary.pdf = base64.b64encode(to_pdf(summary._sheet()))

    def _compute_xlsx(self):
        for summary in self:
            summary.xlsx = base64.b64encode(to_xlsx(summary._sheet()))

    # ------------------------------------------------------------------
    # what is shown
    # ------------------------------------------------------------------
    def _company(self):
        of = self.run_id or self.letter_lot_id or self.action_ids
        return of.company_id[:1]

    def _subject(self):
        """:return: str, name of the run or of the lot"""
        return self.run_id.name or self.letter_lot_id.name or ""

    def _sheet(self):
        """:return: tools.grid_sheet.GridSheet in the user's language"""
        self.ensure_one()
        company = self._company()
        write = Formatter(self.env, self.env.lang, company.currency_id)
        rows = self._rows()
        return GridSheet(
            title=self._title(),
            sender=company.name,
            facts=tuple(self._facts(rows, write)),
            grids=(
                self._by_channel(rows),
                self._by_row(rows),
                *self._exceptions(rows),
                self._listing(rows),
            ),
            labels={
                "total": self.env._("Total"),
                "page": self.env._("Page %(page)s of %(pages)s"),
                "summary": self.env._("Summary"),
            },
            date=write.date,
            money=write.money,
            decimals=company.currency_id.decimal_places,
        )

    def _title(self):
        if self.run_id:
            return self.env._("Summary of the run %s", self.run_id.name)
        if self.letter_lot_id:
            return self.env._("Summary of the letter lot %s", self.letter_lot_id.name)
        return self.env._("Summary of chosen actions")

    def _facts(self, rows, write):
        """Yield (label, text): what it is about, who answers for it."""
        if self.run_id:
            yield from self._facts_of_run(write)
        elif self.letter_lot_id:
            yield from self._facts_of_lot(write)
        yield self.env._("Actions"), str(len(rows))
        yield (
            self.env._("Printed"),
            self.env._(
                "%(moment)s by %(user)s",
                moment=format_datetime(self.env, fields.Datetime.now()),
                user=self.env.user.name,
            ),
        )

    def _facts_of_run(self, write):
        run = self.run_id
        yield self.env._("As of"), write.date(run.as_of)
        yield self.env._("Action table"), run.rule_set_id.display_name or ""
        yield self.env._("State"), self._label(run, "state", run.state)
        for approval in run._approvals():
            yield (
                self.env._("Approved"),
                self.env._(
                    "%(moment)s by %(user)s",
                    moment=format_datetime(self.env, approval.moment),
                    user=approval.user,
                ),
            )

    def _facts_of_lot(self, write):
        lot = self.letter_lot_id
        yield self.env._("Date"), write.date(lot.date)
        yield self.env._("Product"), self._label(lot, "product", lot.product)
        printer = lot.provider_id.name or self.env._("The office")
        yield self.env._("Printed and posted by"), printer
        yield self.env._("State"), self._label(lot, "state", lot.state)
        if lot.date_posted:
            yield self.env._("Posted on"), write.date(lot.date_posted)
        if lot.run_id:
            yield self.env._("Run"), lot.run_id.name
        yield self.env._("Letters"), str(lot.letter_count)
        yield self.env._("Pages"), str(lot.page_count)

    def _label(self, records, field, key):
        return self._labels_of(records, field).get(key, "")

    def _labels_of(self, records, field):
        return dict(records._fields[field]._description_selection(self.env))

    # ------------------------------------------------------------------
    # the actions
    # ------------------------------------------------------------------
    def _domain(self):
        if self.run_id:
            return Domain("run_id", "=", self.run_id.id)
        if self.letter_lot_id:
            return Domain("letter_lot_id", "=", self.letter_lot_id.id)
        return Domain("id", "in", self.action_ids.ids)

    def _rows(self):
        """:return: list of dicts, the actions in the order of the table's rows"""
        actions = self.env["creditbox.action"]
        self.env.flush_all()
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT a.code, a.state, a.exception, a.exception_note, a.reason,
                       a.in_doubt, a.amount, COALESCE(a.cost, 0) AS cost,
                       a.recipient, a.date_done, a.date_proof, a.rule_id,
                       rule.step || '. '
                       || COALESCE(rule.name->>%(lang)s, rule.name->>'en_US') AS rule,
                       COALESCE(type.name->>%(lang)s, type.name->>'en_US')
                           AS customer_type,
                       partner.name AS customer,
                       partner.creditbox_code AS customer_code,
                       supply.code AS supply
                  FROM creditbox_action a
                  JOIN creditbox_rule rule ON rule.id = a.rule_id
                  JOIN res_partner partner ON partner.id = a.partner_id
                  JOIN creditbox_position position ON position.id = a.position_id
                  LEFT JOIN creditbox_supply supply ON supply.id = position.supply_id
                  LEFT JOIN creditbox_customer_type type
                    ON type.id = rule.customer_type_id
                 WHERE a.id IN %(actions)s
                 ORDER BY rule.step, rule.sequence, rule.id, partner.name, a.id
                """,
                lang=self.env.lang or "en_US",
                # what the user may read, and nothing else
                actions=actions._search(self._domain()).subselect(),
            )
        )

    def _is_exception(self, row):
        return bool(row["exception"]) and row["state"] == "planned"

    def _by_channel(self, rows):
        labels = self._labels_of(self.env["creditbox.action"], "code")
        title, heading = self.env._("By channel"), self.env._("Channel")
        return self._totals(title, heading, rows, lambda row: labels[row["code"]])

    def _by_row(self, rows):
        """Rows often share their name, and are for other customers."""

        def name(row):
            kind = row["customer_type"]
            return f"{row['rule']} ({kind})" if kind else row["rule"]

        title, heading = self.env._("By row of the table"), self.env._("Row")
        return self._totals(title, heading, rows, name, "rule_id")

    def _totals(self, title, heading, rows, name, key="code"):
        groups = {}
        for row in rows:
            groups.setdefault(row[key], []).append(row)
        lines = [(name(group[0]), *self._sums(group)) for group in groups.values()]
        return Grid(
            title,
            (
                Column(heading, share=40),
                Column(self.env._("Actions"), "count"),
                Column(self.env._("Exceptions"), "count"),
                Column(self.env._("Carried out"), "count"),
                Column(self.env._("Stopped"), "count"),
                Column(self.env._("Amount"), "money", 14),
                Column(self.env._("Cost"), "money", 12),
            ),
            lines,
            ("", *self._sums(rows)),
        )

    def _sums(self, rows):
        """:return: actions, exceptions, carried out, stopped, amount, cost"""
        exceptions = sum(map(self._is_exception, rows))
        return (
            len(rows) - exceptions,
            exceptions,
            sum(row["state"] in DONE_STATES for row in rows),
            sum(row["state"] in STOPPED_STATES for row in rows),
            float(sum(row["amount"] or 0 for row in rows)),
            float(sum(row["cost"] for row in rows)),
        )

    def _exceptions(self, rows):
        """Yield the grid of the exceptions by reason, where there are any."""
        labels = self._labels_of(self.env["creditbox.action"], "exception")
        counts, amounts = Counter(), Counter()
        for row in filter(self._is_exception, rows):
            counts[row["exception"]] += 1
            amounts[row["exception"]] += row["amount"] or 0
        if counts:
            yield Grid(
                self.env._("Exceptions by reason"),
                (
                    Column(self.env._("Reason"), share=60),
                    Column(self.env._("Actions"), "count"),
                    Column(self.env._("Amount"), "money", 14),
                ),
                [
                    (labels[key], count, float(amounts[key]))
                    for key, count in counts.most_common()
                ],
                ("", counts.total(), float(amounts.total())),
            )

    def _listing(self, rows):
        return Grid(
            self.env._("Actions"),
            (
                Column(self.env._("Customer"), share=22),
                Column(self.env._("Code"), share=10),
                Column(self.env._("Supply"), share=16),
                Column(self.env._("Row"), share=28),
                Column(self.env._("Channel"), share=15),
                Column(self.env._("Amount"), "money", 12),
                Column(self.env._("Address"), share=36),
                Column(self.env._("State"), share=24),
                Column(self.env._("Done on"), "date", 12),
                Column(self.env._("Proof"), "date", 12),
                Column(self.env._("Cost"), "money", 8),
            ),
            list(self._lines(rows)),
        )

    def _lines(self, rows):
        actions = self.env["creditbox.action"]
        codes = self._labels_of(actions, "code")
        states = self._labels_of(actions, "state")
        exceptions = self._labels_of(actions, "exception")
        in_doubt = self.env._("In doubt")
        for row in rows:
            state = states[row["state"]]
            if self._is_exception(row):
                state = exceptions[row["exception"]]
            elif row["in_doubt"]:
                state = in_doubt
            elif row["state"] in STOPPED_STATES and row["reason"]:
                state = f"{state}: {row['reason']}"
            yield (
                row["customer"] or "",
                row["customer_code"],
                row["supply"],
                row["rule"],
                codes[row["code"]],
                float(row["amount"] or 0),
                row["recipient"],
                state,
                row["date_done"],
                row["date_proof"],
                float(row["cost"]) or None,
            )
