from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..tools import answer

AMOUNTS = {
    "": None,
    None: None,
    "1.234,50": Decimal("1234.50"),
    "1,234.50": Decimal("1234.50"),
    "1234.5": Decimal("1234.5"),
    "1234,5 €": Decimal("1234.5"),
    "€ 10": Decimal(10),
    12: Decimal(12),
}
DAYS = {
    "": None,
    "2026-03-31": date(2026, 3, 31),
    "2026-03-31T10:00:00Z": date(2026, 3, 31),
    "31/03/2026": date(2026, 3, 31),
    "1.3.2026": date(2026, 3, 1),
}
FLAGS = {"Sì": True, "no": False, "": False, "1": True, True: True, "FALSE": False}


@tagged("creditbox", "post_install", "-at_install")
class TestAnswer(BaseCase):
    def test_values(self):
        for reader, table in (
            (answer.amount, AMOUNTS),
            (answer.day, DAYS),
            (answer.flag, FLAGS),
        ):
            for value, expected in table.items():
                with self.subTest(reader=reader.__name__, value=value):
                    self.assertEqual(reader(value), expected)

    def test_unreadable(self):
        for reader, values in (
            (answer.amount, ("ten", "NaN", "1e99", "--1")),
            (answer.day, ("31/02/2026", "yesterday", "2026-13-01")),
            (answer.flag, ("perhaps",)),
        ):
            for value in values:
                with self.subTest(reader=reader.__name__, value=value):
                    with self.assertRaises(ValueError):
                        reader(value)

    def test_refused_by_field(self):
        for values, field, code in (
            ({"amount_limit": "x", "rating": "A"}, "amount_limit", "unreadable"),
            ({"price": "-1", "rating": "A"}, "price", "negative"),
            ({"rating": "", "price": "2"}, "rating", "empty"),
            ({}, "rating", "empty"),
        ):
            with self.subTest(values), self.assertRaises(answer.Refused) as caught:
                answer.read(values)
            self.assertEqual(
                (caught.exception.field, caught.exception.code), (field, code)
            )

    def test_nul_never_reaches_the_database(self):
        self.assertEqual(answer.text("a\x00b\ud800"), "ab?")

    def test_value_within_another(self):
        content = {"data": {"rating": "B2", "more": [1]}}
        self.assertEqual(answer.pick(content, "data.rating"), "B2")
        for path in ("data.more", "data", "none.rating", "data.rating.x"):
            self.assertIsNone(answer.pick(content, path))
