"""Parsers of single cells: text as people and billing systems write it.

Every parser takes what a reader gives (str, int, float, bool, date, datetime or
None), answers None for an empty cell and raises `ValueProblem` for nonsense.
"""

import datetime
import re
import unicodedata
from decimal import Decimal, InvalidOperation

from odoo.addons.creditbox_base.tools.problem import ValueProblem

EMPTY = {"", "-", "--", "n/a", "nd", "n.d.", "null", "none", "#n/d", "#n/a"}
TRUE = {"1", "s", "si", "sì", "x", "v", "vero", "true", "t", "yes", "y", "on", "ok"}
FALSE = {"0", "n", "no", "f", "falso", "false", "off"}
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("gen", "gennaio", "jan", "january"),
            ("feb", "febbraio", "february"),
            ("mar", "marzo", "march"),
            ("apr", "aprile", "april"),
            ("mag", "maggio", "may"),
            ("giu", "giugno", "jun", "june"),
            ("lug", "luglio", "jul", "july"),
            ("ago", "agosto", "aug", "august"),
            ("set", "sett", "settembre", "sep", "sept", "september"),
            ("ott", "ottobre", "oct", "october"),
            ("nov", "novembre", "november"),
            ("dic", "dicembre", "dec", "december"),
        ),
        start=1,
    )
    for name in names
}
MIN_YEAR, MAX_YEAR = 1900, 2100
EXCEL_EPOCH = datetime.date(1899, 12, 30)
# The days between the two calendars of Excel.
EPOCH_1904 = 1462

_SPACES = re.compile(r"\s+")
_CURRENCY = re.compile(r"€|\$|£|\beuro?\b|\busd\b|\bgbp\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:[.,'’]\d+)*|[.,]\d+")
_DATE = re.compile(r"(\d{1,4})[-/. ](\d{1,2}|[a-z]+)\.?[-/. ](\d{1,4})(?:[t ,].*)?$")
_COMPACT = re.compile(r"\d{8}$")


def is_empty(value):
    """Whether a cell holds nothing, or one of the usual ways to say nothing."""
    if value is None:
        return True
    return isinstance(value, str) and value.strip().lower() in EMPTY


def clean(text):
    """Text without control characters, odd spaces and doubled blanks."""
    text = unicodedata.normalize("NFC", text)
    text = "".join(
        " " if char.isspace() else char
        for char in text
        if char.isspace() or unicodedata.category(char)[0] != "C"
    )
    return _SPACES.sub(" ", text).strip()


def parse_text(value):
    """str: numbers as a person would write them (12.0 becomes "12")."""
    if is_empty(value):
        return None
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    return clean(str(value)) or None


def parse_code(value):
    """str without inner blanks at the ends; the apostrophe of Excel is dropped."""
    text = parse_text(value)
    return text.lstrip("'").strip() or None if text else None


def parse_decimal(value, decimal_mark=None):
    """Decimal from a number or text such as "1.234,56 €", "(12.50)", "12,50-".

    :param decimal_mark: "," or "." when known; else it is understood from the text
        ("1.234" and "1,234" are then one thousand two hundred thirty-four).
    """
    if is_empty(value):
        return None
    if isinstance(value, bool) or isinstance(value, datetime.date):
        raise ValueProblem("not_a_number")
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return _finite(Decimal(repr(value)))
    text, negative = _strip_sign(_CURRENCY.sub("", clean(value)).replace(" ", ""))
    if not _NUMBER.fullmatch(text) or not text.isascii() and "’" not in text:
        raise ValueProblem("not_a_number")
    try:
        number = Decimal(_plain_number(text, decimal_mark))
    except InvalidOperation as error:
        raise ValueProblem("not_a_number") from error
    return -number if negative else number


def _finite(number):
    if not number.is_finite():
        raise ValueProblem("not_a_number")
    return number


def _strip_sign(text):
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1], True
    if text.endswith(("-", "−")):
        return text[:-1], True
    if text.startswith(("-", "−")):
        return text[1:], True
    return text.removeprefix("+"), False


def _plain_number(text, decimal_mark):
    text = text.replace("'", "").replace("’", "")
    mark = decimal_mark or _guess_mark(text)
    thousands = "." if mark == "," else ","
    whole, found, cents = text.rpartition(mark)
    if not found:
        whole, cents = cents, ""
    if mark in whole or thousands in cents:
        raise ValueProblem("not_a_number")
    groups = whole.split(thousands)
    if len(groups) > 1 and not _good_groups(groups):
        raise ValueProblem("not_a_number")
    return f"{''.join(groups) or '0'}.{cents or '0'}"


def _good_groups(groups):
    return 1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])


def _guess_mark(text):
    comma, dot = text.rfind(","), text.rfind(".")
    if comma >= 0 and dot >= 0:
        return "," if comma > dot else "."
    mark = "," if comma >= 0 else "."
    groups = text.split(mark)
    grouped = len(groups) > 1 and groups[0] != "0" and _good_groups(groups)
    return ("." if mark == "," else ",") if grouped else mark


def parse_integer(value):
    """int, from anything that is a whole number."""
    number = parse_decimal(value)
    if number is None:
        return None
    if number != number.to_integral_value():
        raise ValueProblem("not_an_integer")
    return int(number)


def parse_bool(value):
    """bool; an empty cell is None, for the caller to decide."""
    if isinstance(value, bool):
        return value
    text = parse_text(value)
    if text is None:
        return None
    text = text.lower()
    if text in TRUE:
        return True
    if text in FALSE:
        return False
    raise ValueProblem("not_a_boolean")


def parse_date(value, order="dmy", pattern=None, epoch_1904=False):
    """date from a date cell, a serial number of Excel, or text.

    :param order: "dmy", "mdy": how the ambiguous 03/04/2024 is read
    :param pattern: a `strptime` pattern, tried alone when given
    :param epoch_1904: serial numbers count from 1904 (old Macintosh files)
    """
    if is_empty(value):
        return None
    if isinstance(value, datetime.datetime):
        return _plausible(value.date())
    if isinstance(value, datetime.date):
        return _plausible(value)
    if isinstance(value, bool):
        raise ValueProblem("not_a_date")
    if isinstance(value, int | float) and not _looks_compact(value):
        return _from_serial(value, epoch_1904)
    text = (parse_text(value) or "").lower()
    if pattern:
        return _plausible(_strptime(text, pattern))
    return _plausible(_from_text(text, order, epoch_1904))


def _looks_compact(value):
    return 19000101 <= value <= 21001231


def _plausible(date):
    if not MIN_YEAR <= date.year <= MAX_YEAR:
        raise ValueProblem("date_out_of_range")
    return date


def _from_serial(value, epoch_1904=False):
    days = int(value) + (EPOCH_1904 if epoch_1904 else 0)
    # Below 1954 a bare number is more likely to be a code than a date.
    if not 20000 <= days <= 73415:
        raise ValueProblem("not_a_date")
    return EXCEL_EPOCH + datetime.timedelta(days=days)


def _strptime(text, pattern):
    try:
        return datetime.datetime.strptime(text, pattern).date()
    except ValueError as error:
        raise ValueProblem("not_a_date") from error


def _from_text(text, order, epoch_1904):
    if _COMPACT.fullmatch(text):
        return _build(*_compact_parts(text))
    if text.isdigit() and len(text) == 5:
        return _from_serial(int(text), epoch_1904)
    found = _DATE.fullmatch(text)
    if not found:
        raise ValueProblem("not_a_date")
    first, middle, last = found.groups()
    if not middle.isdigit():
        return _build(last, MONTHS.get(middle), first)
    if len(first) == 4:
        return _build(first, middle, last)
    if order == "mdy":
        return _build(last, first, middle)
    return _build(last, middle, first)


def _compact_parts(text):
    if text[:2] in ("19", "20"):
        return text[:4], text[4:6], text[6:]
    return text[4:], text[2:4], text[:2]


def _build(year, month, day):
    if month is None or len(str(year)) not in (2, 4):
        raise ValueProblem("not_a_date")
    year = int(year)
    if year < 100:
        year += 2000 if year < 70 else 1900
    try:
        return datetime.date(year, int(month), int(day))
    except ValueError as error:
        raise ValueProblem("not_a_date") from error


def split_values(value, separators):
    """list of texts: several values in one cell ("F1; F2/F3")."""
    text = parse_text(value)
    if text is None:
        return []
    parts = re.split("|".join(map(re.escape, separators)), text)
    return [part for part in map(parse_code, parts) if part]


def fold(text):
    """Text for comparing: lower case, no accents, no punctuation."""
    text = unicodedata.normalize("NFKD", str(text)).lower()
    text = "".join(char for char in text if not unicodedata.combining(char))
    return " ".join(re.findall(r"[a-z0-9]+", text))
