"""The statement of account on paper and as a workbook."""

import io
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

import xlsxwriter
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, Spacer, Table, TableStyle

from odoo.addons.creditbox_base.tools import paper
from odoo.addons.creditbox_base.tools.paper import BOLD, GREY, LINE, REGULAR, text_style

COLUMNS = ("date", "text", "due", "debit", "credit", "balance", "open")
WIDTHS = [w * mm for w in (20, 55, 20, 20, 20, 20, 20)]
SUMS = 3  # columns from here on are amounts


@dataclass(frozen=True)
class Row:
    """A movement. ``debit`` and ``credit`` are positive, ``open`` has a sign."""

    date: date
    text: str
    due: date | None
    debit: float
    credit: float
    open: float


@dataclass(frozen=True)
class Section:
    """A supply: what was there before, and its movements, oldest first."""

    heading: str
    opening: float
    rows: tuple

    @property
    def closing(self):
        return self.opening + sum(row.debit - row.credit for row in self.rows)


@dataclass(frozen=True)
class AccountSheet:
    title: str
    sender: str
    facts: tuple  # ((label, value), …)
    labels: dict
    sections: tuple
    notes: tuple
    date: object  # function: text of a date
    money: object  # function: text of an amount
    decimals: int = 2

    @property
    def total(self):
        return sum(section.closing for section in self.sections)


def lines(section):
    """:return: list of (row, balance after it)"""
    balance, found = section.opening, []
    for row in section.rows:
        balance += row.debit - row.credit
        found.append((row, balance))
    return found


# ----------------------------------------------------------------------
# PDF
# ----------------------------------------------------------------------
def to_pdf(sheet):
    """:return: bytes"""
    return paper.to_pdf(_story(sheet), sheet.title, sheet.sender, sheet.labels["page"])


def _story(sheet):
    yield Paragraph(escape(sheet.sender), text_style(10, bold=True))
    yield Paragraph(escape(sheet.title), text_style(14, bold=True, spaceBefore=6 * mm))
    yield Spacer(1, 3 * mm)
    for label, value in sheet.facts:
        text = f"{escape(label)}: <b>{escape(value)}</b>"
        yield Paragraph(text, text_style(9))
    for section in sheet.sections:
        yield Paragraph(
            escape(section.heading),
            text_style(
                10, bold=True, spaceBefore=5 * mm, spaceAfter=1.5 * mm, keepWithNext=1
            ),
        )
        yield _table(sheet, section)
    yield Paragraph(
        escape(f"{sheet.labels['total']}: {sheet.money(sheet.total)}"),
        text_style(12, bold=True, alignment=TA_RIGHT, spaceBefore=5 * mm),
    )
    for note in sheet.notes:
        yield Paragraph(escape(note), text_style(8, spaceBefore=2 * mm))


def _table(sheet, section):
    head = [
        Paragraph(
            escape(sheet.labels[name]),
            text_style(7.5, bold=True, alignment=TA_RIGHT * (place >= SUMS)),
        )
        for place, name in enumerate(COLUMNS)
    ]
    opening = [
        "",
        sheet.labels["opening"],
        "",
        "",
        "",
        sheet.money(section.opening),
        "",
    ]
    rows = [_cells(sheet, row, balance) for row, balance in lines(section)]
    closing = [
        "",
        sheet.labels["closing"],
        "",
        "",
        "",
        sheet.money(section.closing),
        "",
    ]
    table = Table([head, opening, *rows, closing], colWidths=WIDTHS, repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("FONT", (0, 0), (-1, -1), REGULAR, 7.5),
                ("FONT", (0, -1), (-1, -1), BOLD, 7.5),
                ("BACKGROUND", (0, 0), (-1, 0), GREY),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("ALIGN", (SUMS, 1), (-1, -1), "RIGHT"),
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
                ("LEFTPADDING", (0, 0), (-1, -1), 3),
                ("RIGHTPADDING", (0, 0), (-1, -1), 3),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
            ]
        )
    )
    return table


def _cells(sheet, row, balance):
    def amount(value):
        return sheet.money(value) if value else ""

    return [
        sheet.date(row.date),
        Paragraph(escape(row.text), text_style(7.5)),
        sheet.date(row.due) if row.due else "",
        amount(row.debit),
        amount(row.credit),
        sheet.money(balance),
        amount(row.open),
    ]


# ----------------------------------------------------------------------
# workbook
# ----------------------------------------------------------------------
def to_xlsx(sheet):
    """Figures as figures, balances as formulas.

    :return: bytes
    """
    stream = io.BytesIO()
    # a description that begins with «=» stays a text
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    book = xlsxwriter.Workbook(stream, {"in_memory": True, **options})
    _Writer(book, sheet).fill()
    book.close()
    return stream.getvalue()


class _Writer:
    def __init__(self, book, sheet):
        self.sheet = sheet
        self.page = book.add_worksheet(sheet.labels["sheet"][:31])
        number = f"#,##0.{'0' * sheet.decimals}"
        self.bold = book.add_format({"bold": True})
        self.head = book.add_format({"bold": True, "bg_color": "#EEEEEE", "border": 1})
        self.day = book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
        self.money = book.add_format({"num_format": number})
        self.sum = book.add_format({"num_format": number, "bold": True})
        self.line = 0

    def fill(self):
        sheet = self.sheet
        self.page.set_column(0, 0, 12)
        self.page.set_column(1, 1, 44)
        self.page.set_column(2, 6, 14)
        self._row([sheet.title], self.bold)
        self._row([sheet.sender])
        for fact in sheet.facts:
            self._row(fact)
        closings = []
        for section in sheet.sections:
            self.line += 1
            self._row([section.heading], self.bold)
            self._row([sheet.labels[name] for name in COLUMNS], self.head)
            closings.append(self._section(section))
        self.line += 1
        self.page.write_string(self.line, 1, sheet.labels["total"], self.bold)
        formula = "=" + ("+".join(closings) or "0")
        self.page.write_formula(self.line, 5, formula, self.sum, sheet.total)
        self.line += 2
        for note in sheet.notes:
            self._row([note])

    def _row(self, texts, style=None):
        for column, text in enumerate(texts):
            self.page.write_string(self.line, column, text, style)
        self.line += 1

    def _section(self, section):
        """:return: the cell with its closing balance"""
        page = self.page
        page.write_string(self.line, 1, self.sheet.labels["opening"])
        page.write_number(self.line, 5, section.opening, self.money)
        self.line += 1
        for row, balance in lines(section):
            page.write_datetime(self.line, 0, row.date, self.day)
            page.write_string(self.line, 1, row.text)
            if row.due:
                page.write_datetime(self.line, 2, row.due, self.day)
            page.write_number(self.line, 3, row.debit, self.money)
            page.write_number(self.line, 4, row.credit, self.money)
            n = self.line + 1
            page.write_formula(
                self.line, 5, f"=F{n - 1}+D{n}-E{n}", self.money, balance
            )
            page.write_number(self.line, 6, row.open, self.money)
            self.line += 1
        return f"F{self.line}"
