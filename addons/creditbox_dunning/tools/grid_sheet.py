"""Lists of figures on paper and as a workbook: a head, then grids, however long.

Pages are drawn as those of letters are, by operators written by hand: reportlab's own
tables take half a minute for ten thousand rows.
"""

import io
from dataclasses import dataclass
from typing import NamedTuple

import xlsxwriter
from reportlab import rl_config
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm

from .letter import CleanCanvas
from .letter_fonts import letter_fonts
from .letter_layout import Layout, Page
from .letter_text import BOLD

WIDTH, HEIGHT = landscape(A4)
LEFT, RIGHT = 14 * mm, WIDTH - 14 * mm
TOP, BOTTOM = HEIGHT - 14 * mm, 16 * mm
SIZE, ROW = 6.8, 11.5
GAP = 7
FIGURES = ("count", "money")


class Column(NamedTuple):
    label: str
    kind: str = "text"  # text, date, count or money
    share: int = 10  # of the width


class Grid(NamedTuple):
    """A list. ``total``: None, or a row of which only the figures count."""

    title: str
    columns: tuple  # of Column
    rows: list  # of tuples: str, datetime.date or None, int, float
    total: tuple | None = None


@dataclass(frozen=True)
class GridSheet:
    """What is shown; the functions write in the language of whoever reads it."""

    title: str
    sender: str
    facts: tuple  # ((label, text), …)
    grids: tuple
    labels: dict  # total, page
    date: object
    money: object
    decimals: int = 2

    def text(self, column, value):
        """:return: str, a value as it is shown"""
        if value is None or value is False:
            return ""
        if column.kind == "money":
            return self.money(value)
        return self.date(value) if column.kind == "date" else str(value)

    def total_row(self, grid):
        """:return: the last row of a grid: «Total» and its figures"""
        return (self.labels["total"], *grid.total[1:])


# ----------------------------------------------------------------------
# PDF
# ----------------------------------------------------------------------
def to_pdf(sheet):
    """:return: bytes"""
    return _Paper(sheet).draw()


class _Paper:
    def __init__(self, sheet):
        self.sheet = sheet
        self.fonts = letter_fonts()
        self.stream = io.BytesIO()
        self.canvas = CleanCanvas(self.stream, (WIDTH, HEIGHT), pageCompression=1)
        self.canvas.setTitle(sheet.title)
        self.canvas.setAuthor(sheet.sender)
        self.canvas.setCreator("CreditBox")
        self.layout = Layout(self.fonts, self.canvas._doc)
        self.pages = [Page()]
        self.y = TOP

    def draw(self):
        self._put(LEFT, self.sheet.sender, BOLD, 9)
        self.y -= 20
        self._put(LEFT, self.sheet.title, BOLD, 14)
        self.y -= 18
        for label, text in self.sheet.facts:
            self._put(LEFT, label, 0, 8.5)
            text = self.fonts.shorten(text, BOLD, 8.5, RIGHT - LEFT - 45 * mm)
            self._put(LEFT + 45 * mm, text, BOLD, 8.5)
            self.y -= 12.5
        for grid in self.sheet.grids:
            self._grid(grid)
        return self._close()

    def _put(self, x, text, style=0, size=SIZE, right=False):
        self.layout._put(self.pages[-1], x, self.y, text, style, size, right)

    def _need(self, height):
        """:return: whether a new page was begun for want of ``height`` points"""
        if self.y - height >= BOTTOM:
            return False
        self.pages.append(Page())
        self.y = TOP
        self._put(LEFT, f"{self.sheet.sender} – {self.sheet.title}", 0, 7)
        self.y -= 20
        return True

    def _grid(self, grid):
        self.y -= 10
        self._need(5 * ROW)
        self._put(LEFT, grid.title, BOLD, 10)
        self.y -= 16
        places = self._places(grid.columns)
        self._heading(grid, places)
        for row in grid.rows:
            if self._need(ROW):
                self._heading(grid, places)
            self._row(grid, places, row)
        if grid.total:
            self._need(ROW)
            self._row(grid, places, self.sheet.total_row(grid), BOLD)

    def _places(self, columns):
        """:return: [(left, width)] of the columns"""
        scale = (RIGHT - LEFT) / sum(column.share for column in columns)
        places, left = [], LEFT
        for column in columns:
            places.append((left, column.share * scale))
            left += column.share * scale
        return places

    def _heading(self, grid, places):
        self.pages[-1].box(LEFT, self.y - 3.5, RIGHT - LEFT, ROW)
        labels = [column.label for column in grid.columns]
        self._cells(grid.columns, places, labels, BOLD)

    def _row(self, grid, places, row, style=0):
        texts = map(self.sheet.text, grid.columns, row)
        self._cells(grid.columns, places, texts, style)
        line = self.y + ROW - 3.5
        self.pages[-1].line(LEFT, line, RIGHT, line, 0.85, 0.4)

    def _cells(self, columns, places, texts, style):
        shorten = self.fonts.shorten
        for column, (left, width), text in zip(columns, places, texts, strict=True):
            text = shorten(text, style, SIZE, width - GAP)
            right = column.kind in FIGURES
            x = left + width - GAP / 2 if right else left + GAP / 2
            self._put(x, text, style, SIZE, right)
        self.y -= ROW

    def _close(self):
        for number, page in enumerate(self.pages, 1):
            self.y = 9 * mm
            label = self.sheet.labels["page"] % {
                "page": number,
                "pages": len(self.pages),
            }
            self.layout._put(page, RIGHT, self.y, label, 0, 7, True)
            self.canvas.addLiteral(page.operators())
            self.canvas.showPage()
        ascii85 = rl_config.useA85
        rl_config.useA85 = 0  # pure Python, and larger: as slow as all the rest
        try:
            self.canvas.save()
        finally:
            rl_config.useA85 = ascii85
        return self.stream.getvalue()


# ----------------------------------------------------------------------
# workbook
# ----------------------------------------------------------------------
def to_xlsx(sheet):
    """A page with the head and the short grids, one with the last, the long one.

    :return: bytes
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    writer = _Book(book, sheet)
    *short, long = sheet.grids
    writer.summary(short)
    writer.listing(long)
    book.close()
    return stream.getvalue()


class _Book:
    def __init__(self, book, sheet):
        self.book, self.sheet = book, sheet
        figures = "#,##0." + "0" * sheet.decimals if sheet.decimals else "#,##0"
        self.bold = book.add_format({"bold": True})
        self.head = book.add_format(
            {"bold": True, "bg_color": "#EEEEEE", "border": 1, "text_wrap": True}
        )
        self.styles = {
            (kind, bold): book.add_format({"bold": bold, **options})
            for kind, options in (
                ("text", {}),
                ("count", {"num_format": "#,##0"}),
                ("money", {"num_format": figures}),
                ("date", {"num_format": "dd/mm/yyyy", "align": "left"}),
            )
            for bold in (False, True)
        }

    def summary(self, grids):
        page = self.book.add_worksheet(self.sheet.labels["summary"][:31])
        page.set_column(0, 0, 42)
        page.set_column(1, 8, 18)
        page.write_string(0, 0, self.sheet.title, self.bold)
        page.write_string(1, 0, self.sheet.sender)
        line = 2
        for label, text in self.sheet.facts:
            page.write_string(line, 0, label)
            page.write_string(line, 1, text)
            line += 1
        for grid in grids:
            page.write_string(line + 1, 0, grid.title, self.bold)
            line = self._fill(page, grid, line + 2)

    def listing(self, grid):
        page = self.book.add_worksheet(grid.title[:31])
        for place, column in enumerate(grid.columns):
            page.set_column(place, place, column.share * 1.4)
        self._fill(page, grid, 0)
        page.freeze_panes(1, 1)
        page.autofilter(0, 0, len(grid.rows), len(grid.columns) - 1)

    def _fill(self, page, grid, line):
        """:return: int, the first line below the grid"""
        for place, column in enumerate(grid.columns):
            page.write_string(line, place, column.label, self.head)
        for line_row, row in enumerate(grid.rows, line + 1):
            self._row(page, grid.columns, line_row, row)
        line += 1 + len(grid.rows)
        if grid.total:
            self._row(page, grid.columns, line, self.sheet.total_row(grid), True)
            line += 1
        return line

    def _row(self, page, columns, line, row, bold=False):
        for place, (column, value) in enumerate(zip(columns, row, strict=True)):
            if value is None or value is False:
                continue
            style = self.styles[column.kind, bold]
            if isinstance(value, str):  # never a formula, whatever it looks like
                page.write_string(line, place, value, style)
            elif column.kind == "date":
                page.write_datetime(line, place, value, style)
            else:
                page.write_number(line, place, value, style)
