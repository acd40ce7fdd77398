import base64

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from ..tools.publication import Publication, to_pdf
from ..tools.workbook import Column, Page, to_xlsx
from .creditbox_quality_sheet_line import COUNTS


class CreditboxQualitySheet(models.Model):
    """The workbook for the Authority, and the table for the customers."""

    _inherit = "creditbox.quality.sheet"

    xlsx = fields.Binary(compute="_compute_xlsx")
    publication_pdf = fields.Binary(compute="_compute_publication")
    publication_xlsx = fields.Binary(compute="_compute_publication")

    def action_xlsx(self):
        """:return: action that downloads the workbook in the shape of the collection"""
        return self._download("xlsx", self.env._("sheet"), "xlsx")

    def action_publication_pdf(self):
        """:return: action that downloads the table for the customers"""
        return self._download("publication_pdf", self.env._("publication"), "pdf")

    def action_publication_xlsx(self):
        """:return: action that downloads the same as a workbook"""
        return self._download("publication_xlsx", self.env._("publication"), "xlsx")

    def _download(self, field, name, extension):
        self.ensure_one()
        self.check_access("read")
        if self.state == "draft":
            raise UserError(self.env._("%s has not been made yet.", self.name))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/{field}/"
            f"{name}-{self.year}-{self.quarter}.{extension}?download=true",
            "target": "self",
        }

    # -- for the Authority ---------------------------------------------------------

    def _compute_xlsx(self):
        for sheet in self:
            sheet.xlsx = base64.b64encode(
                to_xlsx(sheet.name, sheet._facts(), sheet._pages(), self.env._("Total"))
            )

    def _facts(self):
        first, last = self._days()
        date = self.env["ir.qweb.field.date"].value_to_html
        made = self.made_at and self.company_id._creditbox_local(self.made_at).date()
        return (
            (self.env._("Operator"), self.company_id.name),
            (self.env._("From"), date(first, {})),
            (self.env._("To"), date(last, {})),
            (self.env._("Made"), date(made, {}) if made else ""),
        )

    def _pages(self):
        specific, general = self.specific_ids, self.general_ids
        yield self._page(self.env._("Summary"), self._by_standard(specific | general))
        yield self._page(self.env._("Specific standards"), self._one_by_one(specific))
        yield self._page(self.env._("General standards"), self._one_by_one(general))
        yield self._macro_page()
        yield self._indemnity_page()
        yield self._check_page()

    def _one_by_one(self, lines):
        """:return: list of (lines, type of user), a row each"""
        return [(line, line.customer_type_id.name) for line in lines]

    def _by_standard(self, lines):
        """:return: list of (lines, type of user), a row for each standard"""
        every = self.env._("All")
        return [(own, every) for own in lines.grouped("standard_id").values()]

    def _labels(self, record, field):
        return dict(record._fields[field]._description_selection(self.env))

    def _page(self, name, entries):
        columns = (
            Column(self.env._("Code"), "code"),
            Column(self.env._("Standard"), "text"),
            Column(self.env._("Limit"), "number"),
            Column(self.env._("Unit"), "code"),
            Column(self.env._("To be kept in (%)"), "share"),
            Column(self.env._("Type of user"), "code"),
            Column(self.env._("Received"), "count", True),
            Column(self.env._("Not done yet"), "count", True),
            Column(self.env._("Withdrawn"), "count", True),
            Column(self.env._("In time"), "count", True),
            Column(self.env._("Out, force majeure"), "count", True),
            Column(self.env._("Out, user or third parties"), "count", True),
            Column(self.env._("Out, operator"), "count", True),
            Column(self.env._("Mean time"), "number"),
            Column(self.env._("Compliance (%)"), "share"),
            Column(self.env._("Kept"), "code"),
        )
        units = self._labels(self.env["creditbox.quality.standard"], "unit")
        kept = self._labels(self.line_ids, "kept")
        looks = {"yes": "good", "no": "bad"}
        rows, flags = [], []
        for lines, kind in entries:
            standard, figures = lines.standard_id, lines._together()
            flags.append(looks.get(figures["kept"]))
            rows.append(
                (
                    standard.code,
                    standard.name,
                    lines[0].limit_value,
                    units[standard.unit],
                    standard.threshold or None,
                    kind,
                    *(figures[count] for count in COUNTS),
                    figures["mean_time"],
                    figures["compliance"],
                    kept.get(figures["kept"]),
                )
            )
        return Page(name, columns, tuple(rows), tuple(flags))

    def _macro_page(self):
        columns = (
            Column(self.env._("Macro-indicator"), "text"),
            Column(self.env._("In time"), "count"),
            Column(self.env._("Out, operator"), "count"),
            Column(self.env._("Share (%)"), "number"),
            Column(self.env._("Class"), "code"),
            Column(self.env._("Year before (%)"), "number"),
            Column(self.env._("Goal (%)"), "number"),
            Column(self.env._("Goal reached"), "code"),
            Column(self.env._("Goal of next year (%)"), "number"),
        )
        macros = self._labels(self.macro_ids, "macro")
        reached = self._labels(self.macro_ids, "reached")
        rows = tuple(
            (
                macros[line.macro],
                line.done_in,
                line.done_out,
                round(line.share, 3),
                line.class_id.name,
                round(line.base_share, 3) or None,
                round(line.goal, 3) or None,
                reached.get(line.reached),
                round(line.goal_next, 3) or None,
            )
            for line in self.macro_ids
        )
        return Page(self.env._("Macro-indicators"), columns, rows)

    def _indemnity_page(self):
        columns = (
            Column(self.env._("Code"), "code"),
            Column(self.env._("Standard"), "text"),
            Column(self.env._("Type of user"), "code"),
            Column(self.env._("Indemnities paid"), "count", True),
            Column(self.env._("Amount paid"), "money", True),
        )
        rows = tuple(
            (
                line.code,
                line.standard_id.name,
                line.customer_type_id.name,
                line.indemnity_count,
                line.indemnity_amount,
            )
            for line in self.line_ids.filtered(lambda line: line.kind != "general")
        )
        return Page(self.env._("Indemnities"), columns, rows)

    def _check_page(self):
        columns = (
            Column(self.env._("What"), "text"),
            Column(self.env._("In the sheet"), "number"),
            Column(self.env._("In the register"), "number"),
            Column(self.env._("Difference"), "number"),
            Column(self.env._("Squares"), "code"),
        )
        words = {True: self.env._("yes"), False: self.env._("NO")}
        rows = tuple(
            (c.name, c.in_sheet, c.in_register, c.difference, words[c.squares])
            for c in self.check_ids
        )
        flags = tuple("good" if check.squares else "bad" for check in self.check_ids)
        return Page(self.env._("Checks"), columns, rows, flags)

    # -- for the customers ---------------------------------------------------------

    def _compute_publication(self):
        """In the language of the company, whoever downloads it."""
        for sheet in self:
            lang = sheet.company_id.partner_id.lang or self.env.lang
            speaking = sheet.with_context(lang=lang)
            publication = speaking._publication()
            sheet.publication_pdf = base64.b64encode(to_pdf(publication))
            sheet.publication_xlsx = base64.b64encode(_as_workbook(publication))

    def _publication(self):
        first, last = self._days()
        date = self.env["ir.qweb.field.date"].value_to_html
        lines = self.line_ids.filtered(lambda line: line.kind != "duty")
        return Publication(
            title=self.env._("Contractual quality of the service, %s", self.year),
            sender=self.company_id.name,
            intro=self.env._(
                "Standards that the company keeps, and how far it kept them from "
                "%(first)s to %(last)s. Where a specific standard is not kept, the "
                "customer has a right to an automatic indemnity.",
                first=date(first, {}),
                last=date(last, {}),
            ),
            columns=(
                self.env._("Standard"),
                self.env._("Limit"),
                self.env._("Begins with"),
                self.env._("Ends with"),
                self.env._("Kept (%)"),
                self.env._("Mean time"),
            ),
            tables=tuple(
                (label, rows)
                for label, rows in (
                    (
                        self.env._("Specific standards"),
                        self._published(lines, "specific"),
                    ),
                    (
                        self.env._("General standards"),
                        self._published(lines, "general"),
                    ),
                )
                if rows
            ),
            page_label=self.env._("Page %(page)s of %(pages)s"),
        )

    def _published(self, lines, kind):
        """:return: list of rows of texts, one for each standard, all users together"""
        own = lines.filtered(lambda line: line.kind == kind)
        return [
            self._published_row(standard, some)
            for standard, some in own.grouped("standard_id").items()
        ]

    def _published_row(self, standard, lines):
        figures, number = lines._together(), self._number
        units = self._labels(standard, "unit")
        unit = units[standard.unit].partition(" (")[0].lower()
        limit = f"{number(standard.limit_value)} {unit}"
        if standard.threshold:
            limit = self.env._(
                "%(limit)s, in %(share)s %% of the cases",
                limit=limit,
                share=number(standard.threshold),
            )
        return (
            standard.name,
            limit,
            standard.from_event or "",
            standard.to_event or "",
            number(figures["compliance"], 1),
            number(figures["mean_time"], 1),
        )

    def _number(self, value, digits=None):
        if value is None:
            return "–"
        if digits is None:
            digits = 0 if float(value).is_integer() else 2
        return formatLang(self.env, value, digits=digits)


def _as_workbook(publication):
    columns = tuple(
        Column(title, "text" if place in (0, 2, 3) else "code")
        for place, title in enumerate(publication.columns)
    )
    pages = [
        Page(label, columns, tuple(map(tuple, rows)))
        for label, rows in publication.tables
    ]
    return to_xlsx(publication.title, ((publication.sender, ""),), pages, "")
