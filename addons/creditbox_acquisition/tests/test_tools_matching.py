import datetime
import random
import unittest
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ..tools.matching import Bill, Payment, allocate

DAY = datetime.date(2024, 1, 1)


def bill(index, amount=100, due=0, partner=1):
    return Bill(index, f"B{index}", DAY + datetime.timedelta(due), amount, 1, partner)


def payment(index, amount=100, bills=(), oldest=False, day=0, partner=1):
    date = DAY + datetime.timedelta(day)
    return Payment(index, f"P{index}", date, amount, 1, partner, tuple(bills), oldest)


class TestAllocate(unittest.TestCase):
    def test_named(self):
        result = allocate([bill(1), bill(2)], [payment(9, 150, ["B2", "B1"])])
        self.assertEqual(result, [(9, 2, 100), (9, 1, 50)])

    def test_costs_and_interest_first(self):
        """Only where the company wants it, and only of money that names no bill."""
        fee = replace(bill(3, 10, due=30), charge=True)
        bills = [bill(1, 100), bill(2, 100, due=9), fee]
        free = payment(9, 50, oldest=True)
        self.assertEqual(allocate(bills, [free]), [(9, 1, 50)])
        self.assertEqual(
            allocate(bills, [free], charges_first=True), [(9, 3, 10), (9, 1, 40)]
        )
        named = payment(8, 50, ["B2"])
        self.assertEqual(allocate(bills, [named], charges_first=True), [(8, 2, 50)])

    def test_named_before_unnamed(self):
        result = allocate(
            [bill(1)], [payment(8, oldest=True), payment(9, bills=["B1"], day=5)]
        )
        self.assertEqual(result, [(9, 1, 100)])

    def test_one_number_before_several(self):
        result = allocate(
            [bill(1), bill(2)],
            [payment(8, bills=["B1", "B2"]), payment(9, bills=["B1"], day=5)],
        )
        self.assertEqual(sorted(result), [(8, 2, 100), (9, 1, 100)])

    def test_oldest_first_and_of_the_same_customer(self):
        bills = [bill(1, due=5), bill(2, due=1), bill(3, due=0, partner=2)]
        result = allocate(bills, [payment(9, 150, oldest=True)])
        self.assertEqual(result, [(9, 2, 100), (9, 1, 50)])

    def test_unnamed_stays_credit(self):
        self.assertEqual(allocate([bill(1)], [payment(9)]), [])

    @given(st.data())
    def test_order_does_not_matter(self, data):
        bills = [
            bill(i, data.draw(st.integers(1, 200)), data.draw(st.integers(0, 3)), i % 2)
            for i in range(data.draw(st.integers(0, 6)))
        ]
        payments = [
            payment(
                100 + i,
                data.draw(st.integers(1, 300)),
                data.draw(
                    st.lists(
                        st.sampled_from([f"B{n}" for n in range(7)]),
                        unique=True,
                        max_size=3,
                    )
                ),
                data.draw(st.booleans()),
                data.draw(st.integers(0, 2)),
                i % 2,
            )
            for i in range(data.draw(st.integers(0, 6)))
        ]
        expected = sorted(allocate(bills, payments))
        shuffle = random.Random(data.draw(st.integers())).shuffle
        shuffle(bills)
        shuffle(payments)
        self.assertEqual(sorted(allocate(bills, payments)), expected)
        for items, place in ((bills, 1), (payments, 0)):
            for item in items:
                used = sum(row[2] for row in expected if row[place] == item.id)
                self.assertLessEqual(used, item.amount)
