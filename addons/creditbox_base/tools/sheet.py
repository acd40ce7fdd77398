"""Small workbooks and CSV files that strangers send, and those they are given."""

import csv
import io
import math
import re
import unicodedata
from datetime import date, datetime, time, timezone

import xlsxwriter
from openpyxl import load_workbook

from .problem import FileProblem
from .tabular import Limits, detect, inspect_xml

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024
MAX_ROWS = 2_000
MAX_COLUMNS = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PHOTO_WORDS = {
    "before": ("prima", "before"),
    "after": ("dopo", "after"),
    "seal": ("sigillo", "seal"),
    "notice": ("avviso", "notice"),
    "receipt": ("ricevuta", "receipt"),
    "meter": ("contatore", "lettura", "meter"),
}
_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")
_HOURS = ("", " %H:%M", " %H:%M:%S")


class Unreadable(ValueError):
    """``reason``: kind, too_large, empty or heading (``detail``: the field)."""

    def __init__(self, reason, detail=None):
        super().__init__(reason)
        self.reason, self.detail = reason, detail


def read(content, names, headings):
    """Read the rows below the headings.

    :param content: bytes of a workbook (first sheet) or of a CSV file
    :param names: fields; the first is required
    :param headings: {field: heading}; the fields' own names are known too
    :return: list of {field: cell}; empty rows are left out at the end
    :raises Unreadable: see there
    """
    if len(content) > MAX_BYTES:
        raise Unreadable("too_large")
    lines = _lines_of(content)
    while lines and not any(as_text(cell) for cell in lines[-1]):
        lines.pop()
    if len(lines) < 2:
        raise Unreadable("empty")
    if len(lines) > MAX_ROWS + 1:
        raise Unreadable("too_large")
    titles = [_plain(cell) for cell in lines[0]]
    columns = {}
    for name in names:
        known = (_plain(headings[name]), _plain(name))
        columns[name] = next((i for i, t in enumerate(titles) if t in known), None)
    for name in names[:2]:
        if columns[name] is None:
            raise Unreadable("heading", name)
    return [
        {
            name: line[place] if place is not None and place < len(line) else None
            for name, place in columns.items()
        }
        for line in lines[1:]
    ]


def _lines_of(content):
    if content.startswith(b"PK"):
        return _workbook_lines(content)
    if b"\0" in content:
        raise Unreadable("kind")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    return [list(line) for line in csv.reader(io.StringIO(text), delimiter=delimiter)]


def _workbook_lines(content):
    try:
        _check_archive(io.BytesIO(content), len(content))
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(
            max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS, values_only=True
        )
        return [list(row) for row in rows]
    except FileProblem as problem:
        large = problem.code in ("bomb", "file_too_big")
        raise Unreadable("too_large" if large else "kind") from problem
    except Exception as error:  # openpyxl raises whatever the bytes make it raise
        raise Unreadable("kind") from error


def _check_archive(stream, size):
    """
    :raises FileProblem: no workbook; entities in its XML; it unpacks to too much,
        whatever it declares
    """
    limits = Limits(file_bytes=MAX_BYTES, unpacked_bytes=MAX_UNPACKED)
    if detect(stream, size, limits) != "xlsx":
        raise FileProblem("wrong_type")
    inspect_xml(stream, limits)


def _plain(value):
    text = unicodedata.normalize("NFKD", as_text(value).casefold())
    return re.sub(r"[^a-z0-9]", "", text)


def as_text(value):
    """:return: str without what people do not see; a whole number has no decimals"""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    return str(value).strip()


def as_date(value):
    """:return: datetime.date or None; :raises ValueError: no day"""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = as_text(value)
    return _parse(text, _DAYS).date() if text else None


def as_moment(value, zone):
    """
    :param zone: in which the cell is written
    :return: naive datetime.datetime, UTC, or None
    :raises ValueError: no day
    """
    if not as_text(value):
        return None
    if not isinstance(value, datetime):
        text = as_text(value).replace("T", " ")
        value = _parse(text, [day + hour for day in _DAYS for hour in _HOURS])
    return value.replace(tzinfo=zone).astimezone(timezone.utc).replace(tzinfo=None)


def _parse(text, formats):
    for form in formats:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    raise ValueError(text)


def as_number(value):
    """:return: float of 1.234,5 or 1234.5, or None; :raises ValueError: no figure"""
    if value is None or as_text(value) == "":
        return None
    text = str(value).strip()
    if "," in text:
        text = text.replace(".", "").replace(",", ".")
    number = float(text)
    if not math.isfinite(number) or number < 0:
        raise ValueError(text)
    return number


def photo_kind(name):
    """:return: kind of a photo, by a word of its name"""
    name = name.casefold()
    for kind, words in _PHOTO_WORDS.items():
        if any(word in name for word in words):
            return kind
    return "other"


def write(title, headings, rows):
    """
    :param headings: list of str
    :param rows: list of lists; text is never taken for a formula or a link
    :return: bytes of a workbook
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    page = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", title)[:31] or "1")
    bold = book.add_format({"bold": True, "bg_color": "#E7EEF7", "bottom": 1})
    for column, heading in enumerate(headings):
        page.write_string(0, column, heading, bold)
        page.set_column(column, column, max(14, len(heading) + 4))
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, int | float) and not isinstance(value, bool):
                page.write_number(line, column, value)
            elif value:
                page.write_string(line, column, as_text(value))
    page.freeze_panes(1, 1)
    book.close()
    return stream.getvalue()


def write_csv(headings, rows):
    """:return: bytes of a CSV file for spreadsheets: semicolons, marked as UTF-8"""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";")
    writer.writerow(headings)
    for row in rows:
        writer.writerow([_harmless(as_text(value)) for value in row])
    return stream.getvalue().encode("utf-8-sig")


def _harmless(text):
    """No spreadsheet takes it for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
