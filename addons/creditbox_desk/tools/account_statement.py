"""The statement of a customer's account on paper and as a workbook."""

import io
from dataclasses import dataclass
from xml.sax.saxutils import escape

import xlsxwriter
from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen import canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from odoo.addons.creditbox_dunning.tools.letter_fonts import letter_fonts

REGULAR, BOLD = "CreditBox-Regular", "CreditBox-Bold"
SIDE, WIDTH = 18 * mm, 174 * mm
GREY, LINE = colors.HexColor("#eeeeee"), colors.HexColor("#bbbbbb")
NUMERIC = ("int", "money")


@dataclass(frozen=True)
class Section:
    """A table: its columns are (label, kind, share of the width)."""

    heading: str
    columns: tuple  # kind: text, date, int, money
    rows: tuple  # of raw values: str, datetime.date, int, float; None: empty
    total: tuple = ()  # (label, amount under the last column)


@dataclass(frozen=True)
class Sheet:
    """All that is shown; the functions write in the language of whoever reads it."""

    title: str
    sender: tuple  # lines
    facts: tuple  # ((label, value), …)
    sections: tuple
    notes: tuple
    date: object
    money: object
    page_label: str  # with %(page)s and %(pages)s

    def text(self, value, kind):
        """:return: str, a value as the reader writes it"""
        if value is None or value is False:
            return ""
        if kind == "date":
            return self.date(value)
        return self.money(value) if kind == "money" else str(value)


# ----------------------------------------------------------------------
# PDF
# ----------------------------------------------------------------------
def to_pdf(sheet):
    """:return: bytes"""
    letter_fonts()  # registers the typeface
    stream = io.BytesIO()
    document = SimpleDocTemplate(
        stream,
        pagesize=A4,
        leftMargin=SIDE,
        rightMargin=SIDE,
        topMargin=16 * mm,
        bottomMargin=18 * mm,
        title=sheet.title,
        author=sheet.sender[0],
        creator="CreditBox",
    )
    document.build(list(_story(sheet)), canvasmaker=_numbered(sheet))
    return stream.getvalue()


def _style(size=9, bold=False, **options):
    font = BOLD if bold else REGULAR
    return ParagraphStyle(
        "", fontName=font, fontSize=size, leading=size * 1.35, **options
    )


def _story(sheet):
    name, *address = sheet.sender
    yield Paragraph(escape(name), _style(11, bold=True))
    for line in address:
        yield Paragraph(escape(line), _style(8))
    yield Paragraph(escape(sheet.title), _style(15, bold=True, spaceBefore=7 * mm))
    yield Spacer(1, 3 * mm)
    yield _facts(sheet)
    for section in sheet.sections:
        yield Paragraph(
            escape(section.heading),
            _style(
                11, bold=True, spaceBefore=6 * mm, spaceAfter=2 * mm, keepWithNext=1
            ),
        )
        yield _table(sheet, section)
    for note in sheet.notes:
        yield Paragraph(escape(note), _style(8, spaceBefore=3 * mm))


def _facts(sheet):
    rows = [
        [Paragraph(escape(label), _style(9)), Paragraph(escape(value), _style(9, True))]
        for label, value in sheet.facts
    ]
    table = Table(rows, colWidths=[45 * mm, WIDTH - 45 * mm], hAlign="LEFT")
    table.setStyle(
        TableStyle(
            [
                ("LEFTPADDING", (0, 0), (0, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 1),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
            ]
        )
    )
    return table


def _table(sheet, section):
    scale = WIDTH / sum(share for _label, _kind, share in section.columns)
    kinds = [kind for _label, kind, _share in section.columns]
    head = [
        Paragraph(
            escape(label),
            _style(7.5, bold=True, alignment=TA_RIGHT * (kind in NUMERIC)),
        )
        for label, kind, _share in section.columns
    ]
    rows = [
        [
            Paragraph(escape(sheet.text(value, kind)), _style(8))
            if kind == "text"
            else sheet.text(value, kind)
            for value, kind in zip(row, kinds, strict=True)
        ]
        for row in section.rows
    ]
    style = [
        ("FONT", (0, 1), (-1, -1), REGULAR, 8),
        ("BACKGROUND", (0, 0), (-1, 0), GREY),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        *(
            ("ALIGN", (column, 1), (column, -1), "RIGHT")
            for column, kind in enumerate(kinds)
            if kind in NUMERIC
        ),
    ]
    if section.total:
        label, amount = section.total
        rows.append([label, *[""] * (len(kinds) - 2), sheet.money(amount)])
        style.append(("FONT", (0, -1), (-1, -1), BOLD, 9))
        style.append(("SPAN", (0, -1), (-2, -1)))
    table = Table(
        [head, *rows],
        colWidths=[share * scale for _label, _kind, share in section.columns],
        repeatRows=1,
    )
    table.setStyle(TableStyle(style))
    return table


def _numbered(sheet):
    """:return: canvas that knows how many pages there are"""

    class Numbered(canvas.Canvas):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self._pages = []

        def _make_preamble(self):
            """Without the initial Helvetica, which is not embedded."""
            self._preamble = "1 0 0 1 0 0 cm"

        def showPage(self):  # noqa: N802  # reportlab's name
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self):
            for number, page in enumerate(self._pages, 1):
                self.__dict__.update(page)
                self.setFont(REGULAR, 7)
                label = sheet.page_label % {"page": number, "pages": len(self._pages)}
                self.drawRightString(A4[0] - SIDE, 10 * mm, label)
                super().showPage()
            return super().save()

    return Numbered


# ----------------------------------------------------------------------
# workbook
# ----------------------------------------------------------------------
def to_xlsx(sheet):
    """One page a section; figures as figures, days as days.

    :return: bytes
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    formats = {
        "bold": book.add_format({"bold": True}),
        "head": book.add_format({"bold": True, "bg_color": "#EEEEEE", "border": 1}),
        "date": book.add_format({"num_format": "dd/mm/yyyy", "align": "left"}),
        "money": book.add_format({"num_format": "#,##0.00"}),
        "sum": book.add_format({"num_format": "#,##0.00", "bold": True}),
    }
    for section in sheet.sections:
        page = book.add_worksheet(_page_name(section.heading))
        page.write_string(0, 0, f"{sheet.sender[0]} – {sheet.title}", formats["bold"])
        line = 1
        for label, value in sheet.facts:
            page.write_string(line, 0, label)
            page.write_string(line, 1, value)
            line += 1
        _write_section(page, line + 1, section, formats)
    book.close()
    return stream.getvalue()


def _page_name(heading):
    """A name that workbooks allow."""
    return "".join(char for char in heading if char not in "[]:*?/\\")[:31]


def _write_section(page, line, section, formats):
    for column, (label, _kind, share) in enumerate(section.columns):
        page.set_column(column, column, share)
        page.write_string(line, column, label, formats["head"])
    first = line + 2
    for row in section.rows:
        line += 1
        for column, value in enumerate(row):
            if value is not None and value is not False:
                _write_cell(page, line, column, value, section, formats)
    if section.total:
        label, amount = section.total
        last = len(section.columns) - 1
        page.write_string(line + 1, 0, label, formats["bold"])
        letter = chr(ord("A") + last)
        formula = f"=SUM({letter}{first}:{letter}{line + 1})" if section.rows else "=0"
        page.write_formula(line + 1, last, formula, formats["sum"], amount)


def _write_cell(page, line, column, value, section, formats):
    kind = section.columns[column][1]
    if kind == "date":
        page.write_datetime(line, column, value, formats["date"])
    elif kind == "money":
        page.write_number(line, column, value, formats["money"])
    elif kind == "int":
        page.write_number(line, column, value)
    else:
        page.write_string(line, column, str(value))
