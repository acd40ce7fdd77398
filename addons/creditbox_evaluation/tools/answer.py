"""What an information provider says, from texts to values; no Odoo in it."""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

YES = {"1", "true", "yes", "y", "si", "sì", "s", "vero", "x"}
NO = {"", "0", "false", "no", "n", "falso"}
_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?")
LONGEST = 10_000


class Refused(Exception):
    """A value cannot be read: the name of its field and a code for the reason."""

    def __init__(self, field, code):
        super().__init__(field, code)
        self.field = field
        self.code = code


def text(value):
    """:return: str as a database takes it: no NUL, no half of a character"""
    if value is None:
        return ""
    cleaned = str(value).replace("\x00", "").encode(errors="replace").decode()
    return cleaned.strip()[:LONGEST]


def amount(value):
    """:return: Decimal, None for nothing. Reads 1.234,50 and 1,234.50 and 1234.5

    :raises ValueError: no amount
    """
    written = re.sub(r"[\s€']|EUR", "", text(value))
    if not written:
        return None
    if "," in written and "." in written:
        thousands = "." if written.rindex(",") > written.rindex(".") else ","
        written = written.replace(thousands, "")
    try:
        number = Decimal(written.replace(",", "."))
    except InvalidOperation as error:
        raise ValueError(value) from error
    if not number.is_finite() or abs(number) >= Decimal(10) ** 12:
        raise ValueError(value)
    return number


def day(value):
    """:return: date, None for nothing. Reads 31/12/2026, 2026-12-31, with a time too

    :raises ValueError: no date
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    written = text(value)
    if not written:
        return None
    if match := _ISO.fullmatch(written):
        year, month, number = map(int, match.groups())
    elif match := _DATE.fullmatch(written):
        number, month, year = map(int, match.groups())
    else:
        raise ValueError(value)
    return date(year, month, number)


def flag(value):
    """:return: bool; nothing is no

    :raises ValueError: neither yes nor no
    """
    if isinstance(value, bool):
        return value
    written = text(value).casefold()
    if written in YES:
        return True
    if written in NO:
        return False
    raise ValueError(value)


READERS = {
    "rating": text,
    "summary": text,
    "amount_limit": amount,
    "price": amount,
    "insolvency": flag,
    "date_insolvency": day,
    "address_wrong": flag,
}


def read(values):
    """Read what a provider says of one customer.

    :param values: {field of READERS: as it came}
    :return: {field: value}
    :raises Refused: for the first field that cannot be read
    """
    found = {}
    for field, reader in READERS.items():
        if field not in values:
            continue
        try:
            found[field] = reader(values[field])
        except ValueError as error:
            raise Refused(field, "unreadable") from error
    for field in ("amount_limit", "price"):
        if found.get(field) is not None and found[field] < 0:
            raise Refused(field, "negative")
    if not any(text(values.get(field)) for field in READERS if field != "price"):
        raise Refused("rating", "empty")
    return found


def pick(content, path):
    """Return one value of an answer.

    :param path: name of the field, «data.rating» for one within another
    """
    for name in path.split("."):
        content = content.get(name) if isinstance(content, dict) else None
    return None if isinstance(content, dict | list) else content
