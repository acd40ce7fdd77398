"""The instalments of a plan, on dates and Decimals.

Shares are equal to the smallest unit of the currency; what does not divide is spread
over the first ones, so that the sum is always the debt. Interest is simple, on what is
still open between one instalment and the next, each rounded half up and paid with the
instalment that ends its time.
"""

from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

YEAR = 365


class Instalment(NamedTuple):
    number: int
    due: date
    capital: Decimal
    interest: Decimal = Decimal(0)

    @property
    def amount(self):
        return self.capital + self.interest


class Terms(NamedTuple):
    """What a plan is drawn up from.

    ``months``: between one instalment and the next; ``down_payment``: the first
    instalment, 0: like the others; ``rate``: per cent a year, from ``start`` on.
    """

    amount: Decimal
    count: int
    first: date
    months: int = 1
    down_payment: Decimal = Decimal(0)
    rate: Decimal = Decimal(0)
    start: date | None = None
    unit: Decimal = Decimal("0.01")


def draw_up(terms):
    """:return: tuple of :class:`Instalment`; none has nothing to pay

    :raises ValueError: the amount cannot be divided like this
    """
    capitals = _capitals(terms)
    dues = due_dates(terms.first, len(capitals), terms.months)
    return with_interest(
        list(zip(dues, capitals, strict=True)), terms.rate, terms.start, terms.unit
    )


def due_dates(first, count, months):
    """:return: list of dates; the 31st becomes the last day of shorter months"""
    return [first + relativedelta(months=months * place) for place in range(count)]


def with_interest(shares, rate, start=None, unit=Decimal("0.01")):
    """
    :param shares: [(due date, capital)], oldest first
    :param start: day from which interest runs, by default the first due date
    :return: tuple of :class:`Instalment`
    """
    left = sum((capital for _due, capital in shares), Decimal(0))
    before = start or (shares and shares[0][0])
    found = []
    for number, (due, capital) in enumerate(shares, start=1):
        days = max((due - before).days, 0)
        interest = left * rate * days / (100 * YEAR)
        rounded = interest.quantize(unit, ROUND_HALF_UP)
        found.append(Instalment(number, due, capital, rounded))
        left -= capital
        before = max(before, due)
    return tuple(found)


def _capitals(terms):
    if terms.amount <= 0 or terms.count < 1:
        raise ValueError("nothing to divide")
    if not terms.down_payment:
        return _shares(terms.amount, terms.count, terms.unit)
    rest = terms.amount - terms.down_payment
    if rest < 0 or (rest == 0) != (terms.count == 1):
        raise ValueError("the first instalment does not fit")
    return [terms.down_payment, *_shares(rest, terms.count - 1, terms.unit)]


def _shares(amount, count, unit):
    if not count:
        return []
    share = (amount / count).quantize(unit, ROUND_DOWN)
    if share <= 0:
        raise ValueError("too many instalments")
    extra = int((amount - share * count) / unit)
    return [share + unit * (place < extra) for place in range(count)]
