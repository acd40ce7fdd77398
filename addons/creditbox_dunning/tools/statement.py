"""What a customer owes on a position, as a communication shows it."""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple


class Debt(NamedTuple):
    """An overdue bill. Amounts in the company's currency."""

    line_id: int
    number: str
    date: date | None
    due: date
    amount: float
    open_amount: float
    payment_code: str


@dataclass(frozen=True)
class Statement:
    """The bills that a communication is about, and the further overdue debt."""

    bills: tuple = ()
    others: tuple = ()

    @cached_property
    def amount(self):
        return sum(debt.open_amount for debt in self.bills)

    @cached_property
    def amount_other(self):
        return sum(debt.open_amount for debt in self.others)

    @property
    def payment_codes(self):
        """Codes of the bills, without repetitions."""
        codes = (debt.payment_code for debt in self.bills if debt.payment_code)
        return tuple(dict.fromkeys(codes))

    @property
    def digest(self):
        """Changes with any figure: a text made of it is then out of date."""
        figures = repr((self.bills, self.others))
        return hashlib.sha256(figures.encode()).hexdigest()[:16]


def pagopa_qr(notice, creditor, amount):
    """Content of the QR code of a pagoPA notice.

    :param notice: 18 digits
    :param creditor: fiscal code of the creditor, 11 digits
    :param amount: in euro
    :return: str; empty when these are no pagoPA notice
    """
    digits = notice.isdecimal() and len(notice) == 18 and notice[0] in "0123"
    if not digits or not creditor.isdecimal() or len(creditor) != 11:
        return ""
    return f"PAGOPA|002|{notice}|{creditor}|{round(amount * 100)}"
