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
    parts: tuple = ()  # Statement of each supply, where it is about several

    @classmethod
    def joint(cls, parts):
        """:param parts: list of Statement, one a supply"""
        return cls(
            tuple(debt for part in parts for debt in part.bills),
            tuple(debt for part in parts for debt in part.others),
            tuple(parts),
        )

    @cached_property
    def amount(self):
        return sum(debt.open_amount for debt in self.bills)

    @cached_property
    def amount_other(self):
        return sum(debt.open_amount for debt in self.others)

    def groups(self, kind, headings=()):
        """Bills supply by supply, those without any left out.

        :param kind: «bills» or «others»
        :param headings: str for each part; none: it is about one supply
        :return: list of (heading, Debts), empty without bills
        """
        parts = zip(headings, self.parts, strict=True) if headings else [("", self)]
        groups = [(heading, getattr(part, kind)) for heading, part in parts]
        return [(heading, debts) for heading, debts in groups if debts]

    @property
    def oldest_due_date(self):
        """:return: datetime.date, None without bills"""
        return min((debt.due for debt in self.bills), default=None)

    @property
    def payment_codes(self):
        """Codes of the bills, without repetitions."""
        codes = (debt.payment_code for debt in self.bills if debt.payment_code)
        return tuple(dict.fromkeys(codes))

    @property
    def digest(self):
        """Changes with any figure: a text made of it is then out of date."""
        figures = repr((self.bills, self.others, self.parts))
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
