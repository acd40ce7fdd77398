"""The credit report of a customer: on paper and as a workbook."""

import io
from dataclasses import dataclass
from xml.sax.saxutils import escape

import xlsxwriter
from reportlab.graphics.shapes import Circle, Drawing, Line, PolyLine, String
from reportlab.lib import colors
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, Spacer, Table, TableStyle

from odoo.addons.creditbox_base.tools import paper
from odoo.addons.creditbox_base.tools.paper import (
    BOLD,
    GREY,
    LINE,
    REGULAR,
    WIDTH,
    text_style,
)

LEVELS = {
    "good": colors.HexColor("#1e7e34"),
    "watch": colors.HexColor("#9a6700"),
    "risk": colors.HexColor("#b02a37"),
}
INK = colors.HexColor("#333333")


@dataclass(frozen=True)
class Section:
    """A table: its title, headings, widths in hundredths, rows of texts."""

    title: str
    heads: tuple
    widths: tuple
    rows: tuple


@dataclass(frozen=True)
class Sheet:
    """All that is shown, in the language of whoever reads it."""

    title: str
    sender: str
    verdict: str
    level: str  # a key of LEVELS, or empty
    facts: tuple  # ((label, value), …)
    sentences: tuple
    course: tuple  # ((date, score), …), oldest first
    sections: tuple
    labels: dict
    date: object


# ----------------------------------------------------------------------
# PDF
# ----------------------------------------------------------------------
def to_pdf(sheet):
    """:return: bytes"""
    return paper.to_pdf(_story(sheet), sheet.title, sheet.sender, sheet.labels["page"])


def _heading(text):
    return Paragraph(
        escape(text),
        text_style(
            11, bold=True, spaceBefore=5 * mm, spaceAfter=1.5 * mm, keepWithNext=1
        ),
    )


def _story(sheet):
    yield Paragraph(escape(sheet.sender), text_style(9))
    yield Paragraph(escape(sheet.title), text_style(15, bold=True, spaceBefore=2 * mm))
    yield Paragraph(
        escape(sheet.verdict),
        text_style(
            13,
            bold=True,
            spaceBefore=1 * mm,
            spaceAfter=3 * mm,
            textColor=LEVELS.get(sheet.level, INK),
        ),
    )
    yield _table(sheet.facts, (28, 72))
    yield _heading(sheet.labels["why"])
    for sentence in sheet.sentences:
        yield Paragraph(escape(sentence), text_style(9.5, spaceAfter=1 * mm))
    if len(sheet.course) > 1:
        yield _heading(sheet.labels["course"])
        yield _course(sheet)
    for section in sheet.sections:
        yield _heading(section.title)
        if section.rows:
            yield _table(section.rows, section.widths, section.heads)
        else:
            yield Paragraph(escape(sheet.labels["none"]), text_style(9))
    yield Spacer(1, 1 * mm)


def _table(rows, widths, heads=None):
    def cells(row, bold_first, bold_all=False):
        return [
            Paragraph(
                escape(text),
                text_style(8.5, bold=bold_all or (bold_first and not place)),
            )
            for place, text in enumerate(row)
        ]

    lines = [cells(row, bold_first=not heads) for row in rows]
    style = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
    ]
    if heads:
        lines.insert(0, cells(heads, False, bold_all=True))
        style.append(("BACKGROUND", (0, 0), (-1, 0), GREY))
    table = Table(
        lines,
        colWidths=[WIDTH * width / 100 for width in widths],
        repeatRows=1 if heads else 0,
        hAlign="LEFT",
    )
    table.setStyle(TableStyle(style))
    return table


def _course(sheet):
    """:return: Drawing of the score over time, 0 to 100"""
    height, left, bottom = 42 * mm, 9 * mm, 6 * mm
    drawing = Drawing(WIDTH, height)
    room_x, room_y = WIDTH - left - 12 * mm, height - bottom - 4 * mm
    first, last = sheet.course[0][0], sheet.course[-1][0]
    span = max((last - first).days, 1)
    for score in (0, 25, 50, 75, 100):
        y = bottom + room_y * score / 100
        drawing.add(Line(left, y, left + room_x, y, strokeColor=LINE, strokeWidth=0.4))
        drawing.add(_label(left - 2 * mm, y - 2, str(score), "end"))
    points = [
        (left + room_x * (day - first).days / span, bottom + room_y * score / 100)
        for day, score in sheet.course
    ]
    flat = [number for point in points for number in point]
    drawing.add(PolyLine(flat, strokeColor=INK, strokeWidth=1.4))
    for x, y in points:
        drawing.add(Circle(x, y, 1.6, fillColor=INK, strokeColor=None))
    drawing.add(_label(left, 1, sheet.date(first), "start"))
    drawing.add(_label(left + room_x, 1, sheet.date(last), "end"))
    x, y = points[-1]
    drawing.add(_label(x + 2 * mm, y - 3, str(sheet.course[-1][1]), "start", BOLD))
    return drawing


def _label(x, y, text, anchor, font=REGULAR):
    return String(x, y, text, fontName=font, fontSize=7.5, textAnchor=anchor)


# ----------------------------------------------------------------------
# workbook
# ----------------------------------------------------------------------
def to_xlsx(sheet):
    """The same, and the course as figures with a chart.

    :return: bytes
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    bold = book.add_format({"bold": True})
    head = book.add_format({"bold": True, "bg_color": "#EEEEEE", "border": 1})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    page = book.add_worksheet(sheet.labels["sheet"][:31])
    page.set_column(0, 0, 32)
    page.set_column(1, 4, 26)
    lines = [
        *(([text], bold) for text in (sheet.title, sheet.verdict)),
        ([sheet.sender], None),
        *((fact, None) for fact in sheet.facts),
        ([], None),
        ([sheet.labels["why"]], bold),
        *(([text], None) for text in sheet.sentences),
    ]
    for section in sheet.sections:
        lines += [([], None), ([section.title], bold), (section.heads, head)]
        lines += [(row, wrap) for row in section.rows]
    for number, (texts, style) in enumerate(lines):
        for column, text in enumerate(texts):
            page.write_string(number, column, text, style)
    if sheet.course:
        _course_page(book, sheet, head)
    book.close()
    return stream.getvalue()


def _course_page(book, sheet, head):
    page = book.add_worksheet(sheet.labels["course"][:31])
    page.set_column(0, 0, 14)
    day = book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
    page.write_string(0, 0, sheet.labels["date"], head)
    page.write_string(0, 1, sheet.labels["score"], head)
    for line, (date, score) in enumerate(sheet.course, 1):
        page.write_datetime(line, 0, date, day)
        page.write_number(line, 1, score)
    chart = book.add_chart({"type": "line"})
    rows, name = len(sheet.course), page.get_name()
    chart.add_series(
        {"categories": [name, 1, 0, rows, 0], "values": [name, 1, 1, rows, 1]}
    )
    chart.set_title({"name": sheet.labels["course"]})
    chart.set_y_axis({"min": 0, "max": 100})
    chart.set_legend({"none": True})
    page.insert_chart("D2", chart)
