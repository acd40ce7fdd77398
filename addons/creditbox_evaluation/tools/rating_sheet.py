"""The credit report of a customer: on paper and as a workbook."""

import io
from dataclasses import dataclass
from functools import cache
from xml.sax.saxutils import escape

import xlsxwriter
from reportlab.graphics.shapes import Circle, Drawing, Line, PolyLine, String
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from odoo.tools import file_path

REGULAR, BOLD = "CreditBox-Rating-Regular", "CreditBox-Rating-Bold"
SIDE = 18 * mm
WIDTH = A4[0] - 2 * SIDE
GREY, RULE = colors.HexColor("#eeeeee"), colors.HexColor("#bbbbbb")
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


@cache
def register_fonts():
    """Open Sans comes with Odoo; embedded, because printers refuse what is not."""
    for name, face in ((REGULAR, "Regular"), (BOLD, "Bold")):
        path = file_path(f"web/static/fonts/google/Open_Sans/Open_Sans-{face}.ttf")
        pdfmetrics.registerFont(TTFont(name, path))


# ----------------------------------------------------------------------
# PDF
# ----------------------------------------------------------------------
def to_pdf(sheet):
    """:return: bytes"""
    register_fonts()
    stream = io.BytesIO()
    document = SimpleDocTemplate(
        stream,
        pagesize=A4,
        leftMargin=SIDE,
        rightMargin=SIDE,
        topMargin=16 * mm,
        bottomMargin=18 * mm,
        title=sheet.title,
        author=sheet.sender,
        creator="CreditBox",
    )
    document.build(list(_story(sheet)), canvasmaker=_numbered(sheet))
    return stream.getvalue()


def _style(size=9, bold=False, **options):
    font = BOLD if bold else REGULAR
    return ParagraphStyle(
        "", fontName=font, fontSize=size, leading=size * 1.35, **options
    )


def _heading(text):
    return Paragraph(
        escape(text),
        _style(11, bold=True, spaceBefore=5 * mm, spaceAfter=1.5 * mm, keepWithNext=1),
    )


def _story(sheet):
    yield Paragraph(escape(sheet.sender), _style(9))
    yield Paragraph(escape(sheet.title), _style(15, bold=True, spaceBefore=2 * mm))
    yield Paragraph(
        escape(sheet.verdict),
        _style(
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
        yield Paragraph(escape(sentence), _style(9.5, spaceAfter=1 * mm))
    if len(sheet.course) > 1:
        yield _heading(sheet.labels["course"])
        yield _course(sheet)
    for section in sheet.sections:
        yield _heading(section.title)
        if section.rows:
            yield _table(section.rows, section.widths, section.heads)
        else:
            yield Paragraph(escape(sheet.labels["none"]), _style(9))
    yield Spacer(1, 1 * mm)


def _table(rows, widths, heads=None):
    def cells(row, bold_first, bold_all=False):
        return [
            Paragraph(
                escape(text), _style(8.5, bold=bold_all or (bold_first and not place))
            )
            for place, text in enumerate(row)
        ]

    lines = [cells(row, bold_first=not heads) for row in rows]
    style = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, RULE),
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
        drawing.add(Line(left, y, left + room_x, y, strokeColor=RULE, strokeWidth=0.4))
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
                count = {"page": number, "pages": len(self._pages)}
                label = sheet.labels["page"] % count
                self.drawRightString(A4[0] - SIDE, 10 * mm, label)
                super().showPage()
            return super().save()

    return Numbered


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
