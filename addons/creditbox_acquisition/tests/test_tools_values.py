import datetime
import unittest
from contextlib import suppress
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.creditbox_base.tools.problem import ValueProblem

from ..tools import values

NUMBERS = (
    ("1.234,56 €", "1234.56"),
    ("€ 1.234,56", "1234.56"),
    ("EUR 12", "12"),
    ("1,234.56", "1234.56"),
    ("1234,5", "1234.5"),
    ("1234.5", "1234.5"),
    ("1.234", "1234"),
    ("1,234", "1234"),
    ("1.234.567", "1234567"),
    ("0.123", "0.123"),
    ("0,5", "0.5"),
    (",50", "0.50"),
    ("-12,50", "-12.50"),
    ("12,50-", "-12.50"),
    ("(12.50)", "-12.50"),
    ("+3", "3"),
    ("1'234.50", "1234.50"),
    ("1 234,50", "1234.50"),
    ("1\u00a0234,50 €", "1234.50"),
    (12, "12"),
    (12.1, "12.1"),
    (0.1, "0.1"),
)
NOT_NUMBERS = ("abc", "12a", "1,2,3", "1.23.4", "--5", "12,34.567,8", True, "1e5", "½",
               float("nan"), float("inf"))  # fmt: skip
DATES = (
    ("31/01/2024", (2024, 1, 31)),
    ("31-1-24", (2024, 1, 31)),
    ("31.01.2024", (2024, 1, 31)),
    ("2024-01-31", (2024, 1, 31)),
    ("2024-01-31T10:20:00", (2024, 1, 31)),
    ("2024-01-31 10:20", (2024, 1, 31)),
    ("20240131", (2024, 1, 31)),
    (20240131, (2024, 1, 31)),
    ("31012024", (2024, 1, 31)),
    ("31 gennaio 2024", (2024, 1, 31)),
    ("31-gen-24", (2024, 1, 31)),
    ("1 Jan. 2024", (2024, 1, 1)),
    (45322, (2024, 1, 31)),
    (45322.5, (2024, 1, 31)),
    ("45322", (2024, 1, 31)),
    (datetime.datetime(2024, 1, 31, 23, 59), (2024, 1, 31)),
    (datetime.date(2024, 1, 31), (2024, 1, 31)),
    ("01/02/75", (1975, 2, 1)),
)
NOT_DATES = ("31/02/2024", "gennaio", "1/2", "99/99/9999", 12, True, "32 gen 2024",
             "1899-12-31", "31 foo 2024")  # fmt: skip


class TestValues(unittest.TestCase):
    def test_decimal(self):
        for text, expected in NUMBERS:
            with self.subTest(text=text):
                self.assertEqual(values.parse_decimal(text), Decimal(expected))

    def test_not_decimal(self):
        for text in NOT_NUMBERS:
            with self.subTest(text=text), self.assertRaises(ValueProblem):
                values.parse_decimal(text)

    def test_decimal_mark_given(self):
        self.assertEqual(values.parse_decimal("1.234", "."), Decimal("1.234"))
        self.assertEqual(values.parse_decimal("1,234", ","), Decimal("1.234"))
        with self.assertRaises(ValueProblem):
            values.parse_decimal("1.23", ",")

    def test_empty(self):
        for text in (None, "", "  ", "-", "n.d.", "NULL", "#N/D"):
            for parse in (
                values.parse_decimal,
                values.parse_date,
                values.parse_bool,
                values.parse_text,
                values.parse_code,
            ):
                self.assertIsNone(parse(text), (parse, text))

    def test_date(self):
        for text, expected in DATES:
            with self.subTest(text=text):
                self.assertEqual(values.parse_date(text), datetime.date(*expected))

    def test_not_date(self):
        for text in NOT_DATES:
            with self.subTest(text=text), self.assertRaises(ValueProblem):
                values.parse_date(text)

    def test_date_formats(self):
        self.assertEqual(
            values.parse_date("03/04/2024", "mdy"), datetime.date(2024, 3, 4)
        )
        self.assertEqual(
            values.parse_date("240131", pattern="%y%m%d"), datetime.date(2024, 1, 31)
        )
        self.assertEqual(
            values.parse_date(43860, epoch_1904=True), datetime.date(2024, 1, 31)
        )

    def test_bool(self):
        for text in ("S", "sì", "SI", "x", 1, "1", "Vero", "yes", True):
            self.assertIs(values.parse_bool(text), True)
        for text in ("N", "no", 0, "0", "falso", False):
            self.assertIs(values.parse_bool(text), False)
        with self.assertRaises(ValueProblem):
            values.parse_bool("forse")

    def test_codes(self):
        self.assertEqual(values.parse_code(123.0), "123")
        self.assertEqual(values.parse_code("'00123 "), "00123")
        self.assertEqual(values.parse_code(" A\u00a0 B\n"), "A B")
        self.assertEqual(values.split_values("A1; A2 ;;A3", [";"]), ["A1", "A2", "A3"])

    def test_controls_are_dropped(self):
        self.assertEqual(values.clean("a\x00b\u200b c"), "ab c")

    @given(st.decimals(-(10**9), 10**9, places=2))
    def test_italian_and_english_numbers(self, number):
        english = f"{number:,.2f}"
        italian = english.translate(str.maketrans(",.", ".,"))
        for text in (english, italian, italian + " €"):
            self.assertEqual(values.parse_decimal(text), number)

    @given(st.dates(datetime.date(1950, 1, 1), datetime.date(2060, 12, 31)))
    def test_dates_come_back(self, date):
        for text in (
            date.isoformat(),
            date.strftime("%d/%m/%Y"),
            date.strftime("%d.%m.%Y"),
            date.strftime("%Y%m%d"),
        ):
            self.assertEqual(values.parse_date(text), date)

    @given(st.text())
    def test_text_never_fails_unexpectedly(self, text):
        for parse in (values.parse_decimal, values.parse_date, values.parse_bool):
            with suppress(ValueProblem):
                parse(text)
