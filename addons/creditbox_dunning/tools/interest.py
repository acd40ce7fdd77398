"""Late interest, on dates and Decimals: I = C x rate x days / 36,500, never compounded.

The first day is the day after the due date, the last one is the day of payment, or the
day up to which the interest is asked for. The time is split where the rate changes and
where the capital does, so that each row of the table can be checked by itself; each
row is rounded to the cent, half up, and the total is the sum of the rows shown.
"""

from calendar import isleap
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

DAY = timedelta(days=1)
YEAR = 365
CENT = Decimal("0.01")


class Rate(NamedTuple):
    """The yearly rate from a day on. Points in per cent; ``base`` None: not known."""

    first: date
    base: Decimal | None
    spread: Decimal = Decimal(0)
    name: str = ""

    @property
    def rate(self):
        """A negative reference rate may lower the spread, never turn the claim."""
        return max(Decimal(0), (self.base or Decimal(0)) + self.spread)


class Payment(NamedTuple):
    """A part of the capital that was paid, or credited, on a day."""

    day: date
    amount: Decimal


class Period(NamedTuple):
    """A row of the table: from ``first`` to ``last``, both included."""

    first: date
    last: date
    capital: Decimal
    rate: Rate
    year_days: int
    interest: Decimal

    @property
    def days(self):
        return (self.last - self.first).days + 1


class Claim(NamedTuple):
    """A bill on which interest is asked for."""

    capital: Decimal
    due: date
    payments: tuple = ()  # of Payment
    start: date | None = None  # not before: what lies before was charged already


def periods(claim, until, rates, leap_years=False, unit=CENT):
    """Return the table of one bill.

    :param until: last day of the interest, included
    :param rates: Rate in the order of their first days; before the first: none known
    :param leap_years: divide by 366 in leap years, instead of 365 always
    :param unit: smallest unit of the currency
    :return: tuple of :class:`Period`; empty when nothing was late
    """
    first = max(filter(None, (claim.due + DAY, claim.start)))
    bounds = sorted({first, *_bounds(claim, until, rates, leap_years)})
    rows = []
    for start, following in zip(bounds, [*bounds[1:], until + DAY], strict=True):
        if start < first or start > until:
            continue
        capital = _capital(claim, start)
        if capital > 0:
            rows.append(
                _period(start, following - DAY, capital, rates, leap_years, unit)
            )
    return tuple(rows)


def total(rows):
    """:return: Decimal, the sum of the rows as they are shown"""
    return sum((row.interest for row in rows), Decimal(0))


def _bounds(claim, until, rates, leap_years):
    """Days from which something is different, up to ``until``."""
    days = [rate.first for rate in rates]
    # who pays on a day has been late on that day too
    days += [payment.day + DAY for payment in claim.payments]
    if leap_years:
        days += [date(year, 1, 1) for year in range(claim.due.year, until.year + 1)]
    return [day for day in days if day <= until]


def _capital(claim, day):
    paid = sum(payment.amount for payment in claim.payments if payment.day < day)
    return claim.capital - paid


def _period(first, last, capital, rates, leap_years, unit):
    known = [rate for rate in rates if rate.first <= first]
    rate = known[-1] if known else Rate(first, None)
    year_days = YEAR + (leap_years and isleap(first.year))
    days = (last - first).days + 1
    interest = capital * rate.rate * days / (100 * year_days)
    rounded = interest.quantize(unit, ROUND_HALF_UP)
    return Period(first, last, capital, rate, year_days, rounded)


def cover(debts, credits_):
    """Spread payments that name no bill over the bills, in the order given.

    :param debts: [(key, amount, supply)], what goes first, first
    :param credits_: [(day, amount, supply or None)]: those of a supply pay its own
        bills; those of none, and only then, pay any
    :return: {key: [Payment]}
    """
    left = {key: amount for key, amount, _supply in debts}
    covered = {}
    for general in (False, True):
        for day, amount, supply in sorted(credits_, key=lambda credit: credit[0]):
            if bool(supply) == general:
                continue
            for key, _amount, own in debts:
                share = min(amount, left[key])
                if share <= 0 or not general and own != supply:
                    continue
                left[key] -= share
                amount -= share
                covered.setdefault(key, []).append(Payment(day, share))
    return covered
