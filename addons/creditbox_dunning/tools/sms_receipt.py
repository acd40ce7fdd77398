"""What an SMS gateway reports: JSON or form fields, under names of its choice."""

import json
from datetime import datetime, timezone
from urllib.parse import parse_qsl

MAX_RECEIPTS = 1000


class Unreadable(Exception):
    """The body is no report."""


def parse(body, content_type):
    """Read the receipts of one request.

    :param bytes body: one receipt or, in JSON, a list of them
    :param str content_type: of the request
    :return: list of dict
    :raise Unreadable: neither JSON nor form fields
    """
    try:
        text = body.decode()
        if "form" in content_type:
            return [dict(parse_qsl(text, keep_blank_values=True, max_num_fields=200))]
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(str(error)) from error
    receipts = data if isinstance(data, list) else [data]
    if len(receipts) > MAX_RECEIPTS:
        raise Unreadable(f"{len(receipts)} > {MAX_RECEIPTS}")
    if not all(isinstance(receipt, dict) for receipt in receipts):
        raise Unreadable(text[:80])
    return receipts


def value(receipt, path):
    """Return one value of a receipt as text.

    :param path: name of the field, «data.status» for one within another; empty: none
    """
    found = receipt
    for name in (path or "").split("."):
        found = found.get(name) if isinstance(found, dict) else None
    if isinstance(found, dict | list) or found is None:
        return ""
    return clean(str(found)).strip()[:200]


def clean(text):
    """Return a text that a database takes: no NUL, no half of a character."""
    return text.replace("\x00", "").encode(errors="replace").decode()


def words(text):
    """:return: set of the words of a list like «delivered, DELIVRD»"""
    pieces = (text or "").replace(";", ",").split(",")
    return {piece.strip().casefold() for piece in pieces if piece.strip()}


def moment(text, zone):
    """Return a time as gateways write it.

    :param text: ISO 8601, or (milli)seconds since 1970
    :param zone: tzinfo of a time that does not name its own
    :return: datetime.datetime in UTC, without time zone; None where it is none
    """
    try:
        if text.isdecimal() and len(text) in (10, 13):
            seconds = int(text) / (1000 if len(text) == 13 else 1)
            found = datetime.fromtimestamp(seconds, timezone.utc)
        else:
            # until Python 3.11 fromisoformat knows no «Z»
            found = datetime.fromisoformat(text.replace("Z", "+00:00"))
        local = found if found.tzinfo else found.replace(tzinfo=zone)
        return local.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0)
    except (ValueError, OverflowError, OSError):
        return None
