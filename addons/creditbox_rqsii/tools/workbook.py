"""Workbooks of the Authority's collection: a page a table, text never a formula."""

import io
from dataclasses import dataclass

import xlsxwriter

WIDTHS = {"text": 44, "code": 24, "count": 13, "number": 13, "share": 13, "money": 15}
FORMATS = {"count": "#,##0", "number": "#,##0.00", "share": "0.0", "money": "#,##0.00"}


@dataclass(frozen=True)
class Column:
    title: str
    kind: str  # text, code, count, number, share, money
    total: bool = False  # summed at the foot, by a formula


@dataclass(frozen=True)
class Page:
    """A table; ``rows`` have a value for each column."""

    name: str
    columns: tuple
    rows: tuple
    flags: tuple = ()  # for each row: "good", "bad" or None


def to_xlsx(title, facts, pages, total_label):
    """
    :param facts: ((label, value), …) above each table
    :param pages: iterable of Page
    :return: bytes
    """
    stream = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(stream, options) as book:
        formats = _formats(book)
        for page in pages:
            _write(book, formats, title, facts, page, total_label)
    return stream.getvalue()


def _formats(book):
    plain = {"valign": "top", "border": 1, "border_color": "#C8D3E0"}
    formats = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "label": book.add_format({"font_color": "#555555"}),
        "head": book.add_format(
            {**plain, "bold": True, "text_wrap": True, "bg_color": "#E7EEF7"}
        ),
    }
    for look, extra in (
        (None, {}),
        ("good", {"bg_color": "#E3F4E1"}),
        ("bad", {"bg_color": "#FBE3E1"}),
        ("total", {"bold": True, "bg_color": "#F2F2F2"}),
    ):
        for kind in WIDTHS:
            number = {"num_format": FORMATS[kind]} if kind in FORMATS else {}
            wrap = {"text_wrap": True} if kind == "text" else {}
            formats[look, kind] = book.add_format({**plain, **number, **wrap, **extra})
    return formats


def _write(book, formats, title, facts, page, total_label):
    sheet = book.add_worksheet(page.name[:31])
    sheet.write_string(0, 0, title, formats["title"])
    for place, (label, value) in enumerate(facts, start=1):
        sheet.write_string(place, 0, label, formats["label"])
        sheet.write_string(place, 1, value)
    head = len(facts) + 2
    for place, column in enumerate(page.columns):
        sheet.set_column(place, place, WIDTHS[column.kind])
        sheet.write_string(head, place, column.title, formats["head"])
    for number, row in enumerate(page.rows):
        flag = page.flags[number] if page.flags else None
        for place, (column, value) in enumerate(zip(page.columns, row, strict=True)):
            _cell(sheet, head + 1 + number, place, value, formats[flag, column.kind])
    if page.rows and any(column.total for column in page.columns):
        _totals(sheet, formats, head, page, total_label)
    sheet.freeze_panes(head + 1, 2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)


def _cell(sheet, line, place, value, look):
    if value is None or value is False or value == "":
        sheet.write_blank(line, place, None, look)
    elif isinstance(value, int | float):
        sheet.write_number(line, place, value, look)
    else:
        sheet.write_string(line, place, str(value), look)


def _totals(sheet, formats, head, page, label):
    line = head + 1 + len(page.rows)
    for place, column in enumerate(page.columns):
        look = formats["total", column.kind]
        if not column.total:
            sheet.write_string(line, place, "" if place else label, look)
            continue
        first = xlsxwriter.utility.xl_rowcol_to_cell(head + 1, place)
        last = xlsxwriter.utility.xl_rowcol_to_cell(line - 1, place)
        value = sum(row[place] or 0 for row in page.rows)
        sheet.write_formula(line, place, f"=SUM({first}:{last})", look, value)
