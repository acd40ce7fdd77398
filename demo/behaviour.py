"""How customers pay: from the bills of one customer to the payments it makes.

A class of payer is a function ``(bill, rng) -> [(days after due, share, named)]``:
what it intends to pay of one bill, when, and whether it says which bill it pays.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

CENT = Decimal("0.01")
CHANNELS = ("bollettino", "bonifico", "pagoPA", "sportello", "carta")


@dataclass
class Bill:
    number: str
    customer_code: str
    supply_code: str
    issue_date: date
    due_date: date
    amount: Decimal
    period_from: date
    period_to: date
    payment_code: str
    kind: str = "bill"
    cancelled: bool = False
    pdf_name: str = ""
    forgotten: bool = field(default=False, compare=False)  # nobody asked for it
    paid: Decimal = field(default=Decimal(0), compare=False)

    @property
    def open_amount(self) -> Decimal:
        return Decimal(0) if self.cancelled else self.amount - self.paid


@dataclass
class Payment:
    code: str
    customer_code: str
    bill_number: tuple[str, ...]
    date: date
    amount: Decimal
    channel: str
    reversed: bool = False


def punctual(bill, rng):
    return [(rng.randint(-6, 0), 1, True)]


def late(bill, rng):
    return [(rng.randint(2, 40), 1, True)]


def forgetful(bill, rng):
    if rng.random() < 0.82:
        return punctual(bill, rng)
    return [(rng.randint(50, 160), 1, True)] if rng.random() < 0.6 else []


def chronic(bill, rng):
    return [(rng.randint(45, 240), 1, True)] if rng.random() < 0.75 else []


def partial(bill, rng):
    share = rng.randint(40, 70) / 100
    plan = [(rng.randint(0, 20), share, True)]
    if rng.random() < 0.5:
        plan.append((rng.randint(60, 180), 1 - share, True))
    return plan


def unnamed(bill, rng):
    return [(rng.randint(0, 12), 1, False)]


def never(bill, rng):
    return []


PAYERS = {
    "punctual": (punctual, 56),
    "late": (late, 17),
    "forgetful": (forgetful, 10),
    "chronic": (chronic, 5),
    "never": (never, 4),
    "partial": (partial, 3),
    "oldest_first": (never, 3),  # pays round sums instead: see _round_sums
    "unnamed": (unnamed, 2),
}


# Large users and public bodies pay in the end, most of them late.
BODIES = {"punctual": 44, "late": 48, "partial": 4, "chronic": 4}


def choose_payer(rng, body: bool) -> str:
    """Draw a class of payer; ``body``: a large user or a public body."""
    weights = BODIES if body else {name: one[1] for name, one in PAYERS.items()}
    return rng.choices(list(weights), list(weights.values()))[0]


class Cashier:
    """Collects the payments of one customer up to a date."""

    def __init__(self, rng, payer: str, direct_debit: bool, until: date):
        self.rng = rng
        self.payer = payer
        self.direct_debit = direct_debit and payer == "punctual"
        self.until = until
        self.payments: list[Payment] = []

    def collect(self, bills: list[Bill]) -> list[Payment]:
        """Payments for these bills, oldest first; updates the bills' paid amount."""
        due = [
            bill
            for bill in bills
            if bill.kind == "bill" and not (bill.cancelled or bill.forgotten)
        ]
        if self.payer == "oldest_first":
            self._round_sums(due)
        stops_after = self._last_paid_due_date()
        for bill in due:
            payer = "late" if bill.due_date < stops_after else self.payer
            for days, share, named in PAYERS[payer][0](bill, self.rng):
                self._pay(bill, bill.due_date + timedelta(days), share, named)
        if self.payer in ("late", "chronic"):
            self._merge_some()
        self.payments.sort(key=lambda payment: (payment.date, payment.code))
        return self.payments

    def pay_up(self, bills: list[Bill]) -> list[Payment]:
        """What some debtors pay on the last day: everything overdue, at once."""
        overdue = [
            bill
            for bill in bills
            if bill.kind == "bill" and bill.open_amount and bill.due_date < self.until
        ]
        wants = self.payer in ("late", "forgetful", "chronic", "partial")
        if not (overdue and wants and self.rng.random() < 0.25):
            return []
        first = overdue[0]
        numbers = tuple(bill.number for bill in overdue)
        amount = sum(bill.open_amount for bill in overdue)
        payment = Payment(
            f"{first.number}-P9", first.customer_code, numbers, self.until, amount, ""
        )
        return [replace(payment, channel=self.rng.choice(CHANNELS))]

    def _last_paid_due_date(self) -> date:
        """Before it a customer of the class "never" was a customer like others."""
        if self.payer != "never":
            return date.min
        return self.until - timedelta(self.rng.randint(70, 420))

    def _pay(self, bill: Bill, day: date, share: float, named: bool):
        amount = (bill.amount * Decimal(str(share))).quantize(CENT)
        if share < 1 and bill.paid:
            amount = bill.open_amount
        if day > self.until or not amount:
            return
        channel = "SDD" if self.direct_debit else self.rng.choice(CHANNELS)
        if self.direct_debit:
            day = max(min(bill.due_date, self.until), bill.issue_date)
        payment = self._add(bill, day, amount, channel, named)
        if self.rng.random() < (0.012 if self.direct_debit else 0.002):
            payment.reversed = True
            self._pay_again(bill, day, amount)
        else:
            bill.paid += amount
            if named and share == 1 and self.rng.random() < 0.003:
                self._add(bill, day, amount, "bonifico", named)  # paid twice

    def _pay_again(self, bill: Bill, day: date, amount: Decimal):
        """Most of those whose payment came back pay by transfer later."""
        day += timedelta(self.rng.randint(15, 45))
        if day <= self.until and self.rng.random() < 0.7:
            self._add(bill, day, amount, "bonifico", True)
            bill.paid += amount

    def _add(self, bill, day, amount, channel, named=True) -> Payment:
        payment = Payment(
            code=f"{bill.number}-P{len(self.payments) % 900 + 10}",
            customer_code=bill.customer_code,
            bill_number=(bill.number,) if named else (),
            date=day,
            amount=amount,
            channel=channel,
        )
        self.payments.append(payment)
        return payment

    def _merge_some(self):
        """Two bills paid together: one payment that names both."""
        merged: list[Payment] = []
        for payment in self.payments:
            last = merged[-1] if merged else None
            mergeable = (
                last
                and not (last.reversed or payment.reversed)
                and len(last.bill_number) == 1
                and last.bill_number != payment.bill_number
            )
            if mergeable and self.rng.random() < 0.15:
                last.bill_number += payment.bill_number
                last.amount += payment.amount
                last.date = max(last.date, payment.date)
            else:
                merged.append(payment)
        self.payments = merged

    def _round_sums(self, bills: list[Bill]):
        """Pays round sums now and then, never saying for which bill."""
        if not bills:
            return
        mean = sum(bill.amount for bill in bills) / len(bills)
        day = bills[0].due_date
        owed = Decimal(0)
        queue = list(bills)
        while day <= self.until:
            while queue and queue[0].due_date <= day:
                owed += queue.pop(0).amount
            amount = min(max(round(mean * Decimal("0.09")) * 10, 10), owed // 10 * 10)
            if amount > 0:
                self._add(bills[0], day, Decimal(amount).quantize(CENT), "sportello", 0)
                owed -= amount
            day += timedelta(self.rng.randint(35, 60))
