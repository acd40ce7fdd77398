"""Terms of procedure (c.p.c. art. 155), as arithmetic on dates.

The day of the event is not counted. Days of the court's recess do not count where the
term is suspended (L. 742/1969 art. 1). A term that ends on a Saturday or a holiday is
moved: forwards to the next working day, and one that is counted backwards from a
hearing to the working day before.
"""

from datetime import date, timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

DAY = timedelta(days=1)


class Recess(NamedTuple):
    """Days of the year on which suspended terms stand still, in some years."""

    first: tuple  # month, day
    last: tuple
    year_from: int = 0  # first year
    year_to: int = 9999

    def of(self, year):
        """:return: (first, last) day in a year, None where it did not hold"""
        if self.year_from <= year <= self.year_to:
            return date(year, *self.first), date(year, *self.last)
        return None


class Length(NamedTuple):
    number: int
    unit: str = "days"  # days or months
    backwards: bool = False
    slides: bool = True


class End(NamedTuple):
    """When a term ends, and why just then."""

    day: date
    counted: date  # before it was moved
    stood_still: int  # days of the recess


def end(event, length, recesses, is_holiday):
    """When a term ends.

    :param date event: day of the event, which is not counted
    :param Length length: number of days or months
    :param recesses: list of :class:`Recess`; empty: the term is not suspended
    :param is_holiday: function of a day; Saturdays and Sundays are free anyway
    :return: :class:`End`
    """
    sign = -1 if length.backwards else 1
    start = _leave(event, recesses, sign)
    span = relativedelta(**{length.unit: length.number})
    plain = start - span if length.backwards else start + span
    still, counted = -1, plain
    while (days := _recess_days(start, counted, recesses)) != still:
        still, counted = days, plain + sign * days * DAY
    day = counted
    while length.slides and (
        day.weekday() >= 5 or is_holiday(day) or _recess(day, recesses)
    ):
        day += sign * DAY
    return End(day, counted, still)


def _recess(day, recesses):
    """:return: (first, last) of the recess that a day is in, None"""
    for recess in recesses:
        bounds = recess.of(day.year)
        if bounds and bounds[0] <= day <= bounds[1]:
            return bounds
    return None


def _leave(event, recesses, sign):
    """A term whose event is in the recess begins to run when that is over."""
    bounds = _recess(event, recesses)
    if not bounds:
        return event
    return bounds[1] if sign > 0 else bounds[0]


def _recess_days(start, stop, recesses):
    """:return: int, days of recess after ``start`` and up to ``stop``, either way"""
    first, last = (start + DAY, stop) if stop >= start else (stop, start - DAY)
    days = 0
    for recess in recesses:
        for year in range(first.year, last.year + 1):
            if bounds := recess.of(year):
                common = min(last, bounds[1]) - max(first, bounds[0])
                days += max(0, common.days + 1)
    return days
