"""The table of late interest on paper and as a workbook, for whoever must check it."""

import io
from dataclasses import dataclass
from decimal import Decimal
from xml.sax.saxutils import escape

import xlsxwriter
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.units import mm
from reportlab.platypus import (
    KeepTogether,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from odoo.addons.creditbox_base.tools import paper
from odoo.addons.creditbox_base.tools.paper import BOLD, GREY, LINE, REGULAR, text_style

COLUMNS = ("first", "last", "days", "capital", "base", "spread", "rate", "year")
WIDTHS = [w * mm for w in (22, 22, 13, 27, 20, 17, 17, 13, 23)]


@dataclass(frozen=True)
class Section:
    """A bill: its heading, the rows of its table (interest.Period), its flat sum."""

    heading: str
    rows: tuple
    interest: Decimal
    flat: Decimal = Decimal(0)


@dataclass(frozen=True)
class Sheet:
    """All that is shown; the functions write in the language of whoever reads it."""

    title: str
    sender: str
    facts: tuple  # ((label, value), …)
    labels: dict
    sections: tuple
    total: Decimal
    notes: tuple
    date: object
    money: object
    number: object
    decimals: int = 2


def cells(sheet, row):
    """:return: tuple of the texts of a row, in the order of COLUMNS, then interest"""
    base = "–" if row.rate.base is None else sheet.number(row.rate.base)
    return (
        sheet.date(row.first),
        sheet.date(row.last),
        str(row.days),
        sheet.money(float(row.capital)),
        base,
        sheet.number(row.rate.spread),
        sheet.number(row.rate.rate),
        str(row.year_days),
        sheet.money(float(row.interest)),
    )


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
    yield _facts(sheet)
    for section in sheet.sections:
        yield KeepTogether(
            [
                Paragraph(
                    escape(section.heading),
                    text_style(10, bold=True, spaceBefore=5 * mm, spaceAfter=1.5 * mm),
                ),
                _table(sheet, section),
            ]
        )
    yield Paragraph(
        escape(f"{sheet.labels['total']}: {sheet.money(float(sheet.total))}"),
        text_style(12, bold=True, alignment=TA_RIGHT, spaceBefore=5 * mm),
    )
    for note in sheet.notes:
        yield Paragraph(escape(note), text_style(8, spaceBefore=2 * mm))


def _facts(sheet):
    rows = [
        [Paragraph(escape(text), text_style(9, bold=bool(place)))
         for place, text in enumerate(fact)]
        for fact in sheet.facts
    ]  # fmt: skip
    table = Table(rows, colWidths=[45 * mm, 129 * mm], hAlign="LEFT")
    table.setStyle(
        TableStyle(
            [
                ("FONT", (0, 0), (-1, -1), REGULAR, 9),
                ("LEFTPADDING", (0, 0), (0, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 1),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
            ]
        )
    )
    return table


def _table(sheet, section):
    labels = [sheet.labels[name] for name in (*COLUMNS, "interest")]
    head = [
        Paragraph(
            escape(text), text_style(7.5, bold=True, alignment=TA_RIGHT * (place > 1))
        )
        for place, text in enumerate(labels)
    ]
    rows = [cells(sheet, row) for row in section.rows]
    empty = [""] * (len(COLUMNS) - 1)
    sums = [(sheet.labels["sum"], *empty, sheet.money(float(section.interest)))]
    if section.flat:
        sums.append((sheet.labels["flat"], *empty, sheet.money(float(section.flat))))
    table = Table([head, *rows, *sums], colWidths=WIDTHS, repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("FONT", (0, 0), (-1, -1), REGULAR, 8),
                ("FONT", (0, len(rows) + 1), (-1, -1), BOLD, 8),
                ("BACKGROUND", (0, 0), (-1, 0), GREY),
                ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
                ("ALIGN", (2, 1), (-1, -1), "RIGHT"),
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
            ]
        )
    )
    return table


# ----------------------------------------------------------------------
# workbook
# ----------------------------------------------------------------------
def to_xlsx(sheet):
    """Figures as figures, and the interest as the formula that gives it.

    :return: bytes
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    _Writer(book, sheet).fill()
    book.close()
    return stream.getvalue()


class _Writer:
    def __init__(self, book, sheet):
        self.sheet = sheet
        self.page = book.add_worksheet(sheet.labels["sheet"][:31])
        places = "0" * sheet.decimals
        self.bold = book.add_format({"bold": True})
        self.head = book.add_format({"bold": True, "bg_color": "#EEEEEE", "border": 1})
        self.day = book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
        self.money = book.add_format({"num_format": f"#,##0.{places}"})
        self.sum = book.add_format({"num_format": f"#,##0.{places}", "bold": True})
        self.percent = book.add_format({"num_format": "0.00##"})
        self.line = 0

    def fill(self):
        sheet, page = self.sheet, self.page
        page.set_column(0, 8, 14)
        self._row([sheet.title], self.bold)
        self._row([sheet.sender])
        for fact in sheet.facts:
            self._row(fact)
        totals = []
        for section in sheet.sections:
            self.line += 1
            self._row([section.heading], self.bold)
            totals += self._section(section)
        self.line += 1
        page.write_string(self.line, 0, sheet.labels["total"], self.bold)
        formula = "=" + "+".join(totals) if totals else "=0"
        page.write_formula(self.line, 8, formula, self.sum, float(sheet.total))
        self.line += 2
        for note in sheet.notes:
            self._row([note])

    def _row(self, texts, style=None):
        for column, text in enumerate(texts):
            self.page.write_string(self.line, column, text, style)
        self.line += 1

    def _section(self, section):
        """:return: list of the cells with its sums"""
        labels = self.sheet.labels
        self._row([labels[name] for name in (*COLUMNS, "interest")], self.head)
        first = self.line + 1
        for row in section.rows:
            self._period(row)
        sums = [f"I{self.line + 1}"]
        self.page.write_string(self.line, 0, labels["sum"], self.bold)
        formula = f"=SUM(I{first}:I{self.line})" if section.rows else "=0"
        self.page.write_formula(
            self.line, 8, formula, self.sum, float(section.interest)
        )
        self.line += 1
        if section.flat:
            sums.append(f"I{self.line + 1}")
            self.page.write_string(self.line, 0, labels["flat"], self.bold)
            self.page.write_number(self.line, 8, float(section.flat), self.sum)
            self.line += 1
        return sums

    def _period(self, row):
        page, line, n = self.page, self.line, self.line + 1
        page.write_datetime(line, 0, row.first, self.day)
        page.write_datetime(line, 1, row.last, self.day)
        page.write_formula(line, 2, f"=B{n}-A{n}+1", None, row.days)
        page.write_number(line, 3, float(row.capital), self.money)
        if row.rate.base is not None:
            page.write_number(line, 4, float(row.rate.base), self.percent)
        page.write_number(line, 5, float(row.rate.spread), self.percent)
        page.write_formula(
            line, 6, f"=MAX(0,E{n}+F{n})", self.percent, float(row.rate.rate)
        )
        page.write_number(line, 7, row.year_days)
        page.write_formula(
            line,
            8,
            f"=ROUND(D{n}*G{n}*C{n}/(100*H{n}),{self.sheet.decimals})",
            self.money,
            float(row.interest),
        )
        self.line += 1
