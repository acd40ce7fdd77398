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


def open_amount(debts):
    """:return: sum of what is open of some bills"""
    return sum(debt.open_amount for debt in debts)


class Surcharge(NamedTuple):
    """What is to pay beside the bills of a communication.

    ``interest``: ((line id, amount), …) of its bills, up to the day of writing;
    ``earlier``: costs and interest charged before and still open; ``young``: the part
    of them that is in no overdue amount, as it is not due, or not booked, yet.
    """

    interest: tuple = ()
    flat: float = 0.0
    fee: float = 0.0
    earlier: float = 0.0
    young: float = 0.0

    @classmethod
    def joint(cls, parts):
        interest, *sums = zip(*parts, strict=True)
        return cls(sum(interest, ()), *map(sum, sums))

    @property
    def interest_total(self):
        return sum(amount for _line_id, amount in self.interest)

    @property
    def new(self):
        """What this communication asks for the first time."""
        return self.interest_total + self.flat + self.fee


@dataclass(frozen=True)
class Statement:
    """The bills that a communication is about, and the further overdue debt."""

    bills: tuple = ()
    others: tuple = ()
    parts: tuple = ()  # Statement of each supply, where it is about several
    surcharge: Surcharge | None = None  # None: its text does not ask

    @classmethod
    def joint(cls, parts):
        """:param parts: list of Statement, one a supply"""
        return cls(
            tuple(debt for part in parts for debt in part.bills),
            tuple(debt for part in parts for debt in part.others),
            tuple(parts),
            Surcharge.joint(part.surcharge for part in parts)
            if parts[0].surcharge
            else None,
        )

    @cached_property
    def amount(self):
        return open_amount(self.bills)

    @cached_property
    def amount_other(self):
        return open_amount(self.others)

    def groups(self, kind, headings=()):
        """Bills supply by supply, those without any left out.

        :param kind: «bills» or «others»
        :param headings: str for each part; none: it is about one supply
        :return: list of (heading, Debts), empty without bills
        """
        parts = zip(headings, self.parts, strict=True) if headings else [("", self)]
        groups = [(heading, getattr(part, kind)) for heading, part in parts]
        return [(heading, debts) for heading, debts in groups if debts]

    @cached_property
    def interest(self):
        """:return: {line id: late interest of a bill}, empty where nobody asks"""
        return dict(self.surcharge.interest) if self.surcharge else {}

    def with_interest(self, debts):
        """:return: sum of some of the bills and of their interest"""
        return sum(
            debt.open_amount + self.interest.get(debt.line_id, 0) for debt in debts
        )

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
        figures = repr((self.bills, self.others, self.parts, self.surcharge))
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
