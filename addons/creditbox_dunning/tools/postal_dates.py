"""Times of events, as outsourcers write them."""

from datetime import datetime, time, timezone
from zoneinfo import ZoneInfo

_DAYS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%Y/%m/%d", "%Y%m%d")
_TIMES = (" %H:%M:%S", " %H:%M", "T%H:%M:%S", "T%H:%M")
NOON = time(12)


def parse_moment(text, zone, date_format=None):
    """Read a time; a day without time is noon, so that it is that day everywhere near.

    :param zone: name of the time zone meant where none is written
    :param date_format: strptime format of the day to try first
    :return: datetime in UTC, naive; None when it is none
    """
    text = str(text or "").strip()
    moment = _iso(text) or _by_formats(text, date_format)
    if moment is None:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone))
    try:
        return moment.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0)
    except OverflowError:
        return None


def _iso(text):
    if len(text) < 16 or text[4:5] != "-":
        return None
    try:
        # until Python 3.11 fromisoformat knows no «Z»
        return datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None


def _by_formats(text, date_format):
    days = (date_format, *_DAYS) if date_format else _DAYS
    for day in days:
        for clock in ("", *_TIMES):
            try:
                moment = datetime.strptime(text, day + clock)
            except ValueError:
                continue
            return moment if clock else datetime.combine(moment, NOON)
    return None
