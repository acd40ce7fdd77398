"""Eighteen months of bills of a supply: periods, seasons, amounts, corrections."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import codes
from behaviour import CENT, Bill
from population import (
    DOMESTIC,
    ELECTRICITY,
    GAS,
    LARGE,
    NON_DOMESTIC,
    PUBLIC,
    WATER,
    Subject,
    Supply,
)

MONTHS = 18
# Months of a period for each service, and days from the issue to the due date.
PERIOD = {WATER: 2, GAS: 3, ELECTRICITY: 2}
TERM = {WATER: 25, GAS: 20, ELECTRICITY: 20}
PREFIX = {WATER: "A", GAS: "G", ELECTRICITY: "E"}
# Weight of each month, January first; their mean is about one.
SEASONS = {
    WATER: (0.9, 0.9, 0.9, 0.9, 1.0, 1.1, 1.3, 1.3, 1.1, 0.9, 0.9, 0.9),
    GAS: (2.4, 2.1, 1.5, 0.7, 0.3, 0.2, 0.15, 0.15, 0.2, 0.6, 1.5, 2.2),
    ELECTRICITY: (1.2, 1.1, 1.0, 0.8, 0.8, 1.0, 1.3, 1.2, 0.9, 0.8, 0.9, 1.1),
}
YEARLY = {WATER: (140, 480), GAS: (520, 1500), ELECTRICITY: (380, 950)}
SIZE = {
    DOMESTIC: (1, 1),
    NON_DOMESTIC: (1.5, 7),
    LARGE: (25, 80),
    PUBLIC: (2, 12),
}


def add_months(day: date, months: int) -> date:
    """First day of the month that is ``months`` after the day's month."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def make_bills(
    subject: Subject, supply: Supply, rng: random.Random, until: date
) -> list[Bill]:
    """All bills issued up to ``until``, with cancelled ones and credit notes."""
    bills: list[Bill] = _forgotten(supply, until)
    low, high = YEARLY[supply.service_type]
    yearly = rng.uniform(low, high) * rng.uniform(*SIZE[subject.customer_type])
    if subject.kind == "condominium":
        yearly *= 3
    delay = 8 + subject.number % 10  # the billing round the supply belongs to
    for start, end in _periods(subject, supply, until):
        issued = end + timedelta(delay)
        if issued > until or (supply.end and start > supply.end):
            break
        amount = _amount(supply.service_type, yearly, start, end, rng)
        bills.append(_make_bill(supply, len(bills), issued, amount, start, end))
        bills.extend(_corrections(bills[-1], supply, len(bills), rng, until))
    return bills


def _forgotten(supply, until) -> list[Bill]:
    """Now and then a bill of two years ago that nobody has paid: soon it is barred."""
    rng = random.Random(f"forgotten {supply.code}")
    if rng.random() > 0.012:
        return []
    due = until - timedelta(730 - rng.randint(-40, 170))
    issued = due - timedelta(TERM[supply.service_type])
    end = issued - timedelta(15)
    amount = Decimal(rng.randint(3_000, 24_000)) / 100
    bill = _make_bill(supply, 0, issued, amount, end - timedelta(60), end)
    bill.forgotten = True
    return [bill]


def _periods(subject, supply, until) -> Iterator[tuple[date, date]]:
    """First and last day of the billing periods of the eighteen months."""
    months = PERIOD[supply.service_type]
    if supply.service_type == ELECTRICITY and subject.customer_type != DOMESTIC:
        months = 1
    first = subject.number % months - MONTHS  # not everybody is billed in one month
    for offset in range(first, 1, months):
        start = add_months(until, offset)
        yield start, add_months(start, months) - timedelta(1)


def _amount(service, yearly, start, end, rng) -> Decimal:
    weight, month = 0.0, start
    while month <= end:
        weight += SEASONS[service][month.month - 1]
        month = add_months(month, 1)
    amount = yearly / 12 * weight * rng.uniform(0.88, 1.12) + 9.5
    if rng.random() < 0.003:
        amount *= 4  # a leak, a wrong reading: the bills that people dispute
    return Decimal(repr(amount)).quantize(CENT)


def _make_bill(supply, index, issued, amount, start, end) -> Bill:
    digits = int("".join(filter(str.isdigit, supply.code))) % 100_000_000
    prefix = PREFIX[supply.service_type]
    number = f"{prefix}{issued:%y}-{digits:08d}-{index + 1:02d}"
    return Bill(
        number=number,
        customer_code=supply.customer_code,
        supply_code=supply.code,
        issue_date=issued,
        due_date=issued + timedelta(TERM[supply.service_type]),
        amount=amount,
        period_from=start,
        period_to=end,
        payment_code=codes.notice_number(digits * 100 + index),
        pdf_name=f"{number}.pdf",
    )


def _corrections(bill, supply, index, rng, until) -> list[Bill]:
    """Some bills are cancelled and issued again, some get a credit note."""
    luck = rng.random()
    if luck < 0.006:
        issued = bill.issue_date + timedelta(rng.randint(1, 12))
        if issued <= until:
            bill.cancelled = True
            amount = (bill.amount * Decimal("0.8")).quantize(CENT)
            period = bill.period_from, bill.period_to
            return [_make_bill(supply, index, issued, amount, *period)]
    elif luck < 0.016:
        issued = bill.issue_date + timedelta(rng.randint(15, 60))
        if issued <= until:
            share = Decimal(rng.randint(10, 40)) / 100
            amount = (bill.amount * share).quantize(CENT)
            period = bill.period_from, bill.period_to
            note = _make_bill(supply, index, issued, amount, *period)
            note.kind, note.due_date, note.payment_code = "credit_note", issued, ""
            return [note]
    return []
