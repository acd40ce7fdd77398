"""Which payment pays which bill: a function of the two sets, never of their order."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bill:
    """A receivable line that payments may cover; `amount` in cents, > 0."""

    id: int
    ref: str
    due: object
    amount: int
    account: int
    partner: int
    charge: bool = False  # costs or interest


@dataclass(frozen=True)
class Payment:
    """A received payment; `amount` in cents, > 0; `bills`: the numbers it names."""

    id: int
    ref: str
    date: object
    amount: int
    account: int
    partner: int
    bills: tuple = ()
    oldest: bool = False


def allocate(bills, payments, charges_first=False):
    """list of (payment id, bill id, cents).

    Payments that name one bill go first, then those that name several, then those
    that name none and cover the oldest bills; among equals by date, then code. What
    is left of a payment stays the customer's credit.

    :param charges_first: these cover costs and interest before the oldest bills
    """
    left = {bill.id: bill.amount for bill in bills}
    by_ref = {bill.ref: bill for bill in bills}
    by_partner = {}
    for bill in sorted(
        bills,
        key=lambda bill: (charges_first and not bill.charge, bill.due, bill.ref),
    ):
        by_partner.setdefault((bill.partner, bill.account), []).append(bill)
    result = []
    for payment in sorted(payments, key=_rank):
        if payment.bills:
            wanted = [by_ref[ref] for ref in payment.bills if ref in by_ref]
            wanted = [bill for bill in wanted if bill.account == payment.account]
        elif payment.oldest:
            wanted = by_partner.get((payment.partner, payment.account), ())
        else:
            continue
        result += _cover(payment, wanted, left)
    return result


def _rank(payment):
    named = len(payment.bills) or 1_000_000
    return (min(named, 2) if payment.bills else 3, payment.date, payment.ref)


def _cover(payment, bills, left):
    money = payment.amount
    for bill in bills:
        share = min(money, left[bill.id])
        if share > 0:
            left[bill.id] -= share
            money -= share
            yield payment.id, bill.id, share
        if not money:
            return
