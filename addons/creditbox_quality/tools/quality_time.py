"""How long a regulated performance took, and until when it is in time.

Days: the first one counted is the day after the event; what is received after the late
hour is received the next day (RQSII, title X). While a suspension lasts nothing counts:
the day on which it begins belongs to the operator, the day on which the customer is
ready again is like that of a request. Hours, minutes and seconds run by the clock.

A performance is in time while what was counted is within the limit, so a term in
working days that is full on a Friday still holds on the Saturday.

Moments are naive datetimes in UTC, as Odoo keeps them; ``pauses`` are pairs of them,
the second one None while the suspension lasts.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo

from odoo.addons.creditbox_base.tools import terms
from odoo.addons.creditbox_base.tools.public_holidays import is_holiday

SECONDS = {"hours": 3600, "minutes": 60, "seconds": 1}
_ONE_DAY = timedelta(days=1)
_NEVER = date.max


@dataclass(frozen=True)
class Rule:
    """What a standard says of a term.

    :param limit: in ``unit``
    :param unit: working, ferial, solar, hours, minutes or seconds
    :param zone: whose midnight parts the days
    :param late_hour: what is received after it counts as of the next day; None: never
    :param holiday: callable(date) -> bool
    :param at_least: the limit is the least, not the most (notice of a cancellation)
    """

    limit: float
    unit: str
    zone: tzinfo
    late_hour: time | None = None
    holiday: Callable[[date], bool] = is_holiday
    at_least: bool = False


def local_day(rule, moment):
    """:return: datetime.date of a moment where the company is"""
    return moment.replace(tzinfo=timezone.utc).astimezone(rule.zone).date()


def day_of_receipt(rule, moment):
    """:return: datetime.date on which something counts as received"""
    local = moment.replace(tzinfo=timezone.utc).astimezone(rule.zone)
    late = rule.late_hour is not None and local.time() > rule.late_hour
    return local.date() + _ONE_DAY * late


def elapsed(rule, start, stop, pauses=()):
    """:return: what counts between two moments, in the unit of the rule"""
    if rule.unit in SECONDS:
        return _seconds(start, stop, pauses) / SECONDS[rule.unit]
    return sum(
        1
        for day, suspended in _days(rule, start, pauses, local_day(rule, stop))
        if not suspended
    )


def suspended(rule, start, stop, pauses=()):
    """:return: what would have counted if there had been no suspension"""
    if not pauses:
        return 0
    return elapsed(rule, start, stop) - elapsed(rule, start, stop, pauses)


def is_in_time(rule, counted):
    """Whether what was counted keeps to the standard."""
    return counted >= rule.limit if rule.at_least else counted <= rule.limit


def level(rule, counted, multiples):
    """How many times the base indemnity is due.

    :param multiples: of the limit beyond which it grows, (1, 2, 3); (1,) never grows
    """
    if rule.at_least:
        return 0 if is_in_time(rule, counted) else 1
    return sum(counted > rule.limit * multiple for multiple in multiples)


def due_day(rule, start, pauses=()):
    """:return: datetime.date of the last day of the term; None while it stands still"""
    if rule.unit in SECONDS:
        moment = _moment_after(start, rule.limit * SECONDS[rule.unit], pauses)
        return moment and local_day(rule, moment)
    return _counted_days(rule, start, pauses, [math.floor(rule.limit)])[0]


def late_moments(rule, start, pauses=(), multiples=(1,)):
    """When each multiple of the limit is exceeded.

    :return: list of the first seconds beyond; None while the term stands still
    """
    if rule.at_least:
        return [None] * len(multiples)
    if rule.unit in SECONDS:
        limit = rule.limit * SECONDS[rule.unit]
        return [_moment_after(start, limit * m + 1, pauses) for m in multiples]
    numbers = [math.floor(rule.limit * multiple) + 1 for multiple in multiples]
    days = _counted_days(rule, start, pauses, numbers)
    return [day and _midnight(rule, day) for day in days]


# -- days ------------------------------------------------------------------------------


def _days(rule, start, pauses, last):
    """Yield the days that the unit counts, until ``last``, and whether suspended."""
    spans = _spans(rule, pauses)
    day = day_of_receipt(rule, start)
    while day < last:
        day += _ONE_DAY
        if terms.counts(day, rule.unit, rule.holiday):
            yield day, any(begin < day <= end for begin, end in spans)


def _spans(rule, pauses):
    """:return: list of (last day before, last day within) of the suspensions"""
    return [
        (
            local_day(rule, begin),
            _NEVER if end is None else day_of_receipt(rule, end),
        )
        for begin, end in pauses
    ]


def _counted_days(rule, start, pauses, numbers):
    """
    :param numbers: list of int, growing
    :return: list of datetime.date on which the count reaches each, None if never
    """
    still = min((a for a, b in _spans(rule, pauses) if b == _NEVER), default=_NEVER)
    found, counted = [], 0
    for day, is_suspended in _days(rule, start, pauses, still):
        counted += not is_suspended
        if counted == numbers[len(found)] and not is_suspended:
            found.append(day)
            if len(found) == len(numbers):
                break
    return found + [None] * (len(numbers) - len(found))


def _midnight(rule, day):
    """:return: naive datetime in UTC at which a day of the company begins"""
    local = datetime.combine(day, time(), rule.zone)
    return local.astimezone(timezone.utc).replace(tzinfo=None)


# -- hours, minutes, seconds -----------------------------------------------------------


def _merged(pauses):
    """:return: list of [begin, end] in their order, none touching another"""
    merged = []
    for begin, end in sorted((a, b or datetime.max) for a, b in pauses):
        if merged and begin <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([begin, end])
    return merged


def _seconds(start, stop, pauses):
    stood = sum(
        max((min(end, stop) - max(begin, start)).total_seconds(), 0)
        for begin, end in _merged(pauses)
    )
    return max((stop - start).total_seconds() - stood, 0)


def _moment_after(start, seconds, pauses):
    """:return: moment at which so many seconds have run, None if they never do"""
    moment = start + timedelta(seconds=seconds)
    for begin, end in _merged(pauses):
        if begin >= moment or end <= start:
            continue
        if end == datetime.max:
            return None
        moment += end - max(begin, start)
    return moment
