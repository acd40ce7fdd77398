from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import TransactionCase, tagged

from ..tools.instalments import Terms, draw_up, due_dates, with_interest

UNITS = (Decimal("1"), Decimal("0.01"), Decimal("0.001"))


@tagged("post_install", "-at_install")
class TestInstalments(TransactionCase):
    def test_equal_shares(self):
        cases = [
            # debt, count, down payment, capitals
            ("100", 3, "0", ["33.34", "33.33", "33.33"]),
            ("100", 4, "40", ["40.00", "20.00", "20.00", "20.00"]),
            ("0.05", 4, "0", ["0.02", "0.01", "0.01", "0.01"]),
            ("10", 1, "10", ["10.00"]),
            ("160.01", 2, "80.01", ["80.01", "80.00"]),
        ]
        for debt, count, down, capitals in cases:
            with self.subTest(debt=debt, count=count, down=down):
                parts = draw_up(
                    Terms(
                        Decimal(debt),
                        count,
                        date(2026, 1, 31),
                        down_payment=Decimal(down),
                    )
                )
                self.assertEqual(
                    [str(part.capital.quantize(UNITS[1])) for part in parts], capitals
                )

    def test_what_cannot_be_divided(self):
        cases = [
            ("0", 3, "0"),
            ("0.02", 3, "0"),
            ("10", 3, "11"),
            ("10", 3, "10"),
            ("10", 1, "4"),
        ]
        for debt, count, down in cases:
            with self.subTest(debt=debt, count=count, down=down):
                with self.assertRaises(ValueError):
                    draw_up(
                        Terms(
                            Decimal(debt),
                            count,
                            date(2026, 1, 31),
                            down_payment=Decimal(down),
                        )
                    )

    def test_month_ends(self):
        self.assertEqual(
            due_dates(date(2027, 12, 31), 4, 1),
            [
                date(2027, 12, 31),
                date(2028, 1, 31),
                date(2028, 2, 29),
                date(2028, 3, 31),
            ],
        )

    def test_interest_by_hand(self):
        # 1,000 at 3.65 % from 1 January: 31 days on 1,000, 28 on 500
        parts = with_interest(
            [(date(2026, 2, 1), Decimal(500)), (date(2026, 3, 1), Decimal(500))],
            Decimal("3.65"),
            date(2026, 1, 1),
        )
        self.assertEqual([str(part.interest) for part in parts], ["3.10", "1.40"])

    def test_square_to_the_cent(self):
        # a machine under load is no fault of the arithmetic
        @settings(
            max_examples=300, deadline=None, suppress_health_check=list(HealthCheck)
        )
        @given(
            unit=st.sampled_from(UNITS),
            units=st.integers(1, 10**9),
            count=st.integers(1, 72),
            down=st.integers(0, 10**9),
            months=st.sampled_from([1, 2, 3, 4, 6]),
            rate=st.decimals(0, 20, places=2),
            day=st.dates(date(2020, 1, 1), date(2035, 12, 31)),
        )
        def square(unit, units, count, down, months, rate, day):
            terms = Terms(
                unit * units, count, day, months, unit * down, rate,
                day - timedelta(days=30), unit,
            )  # fmt: skip
            try:
                parts = draw_up(terms)
            except ValueError:
                return
            self.assertEqual(sum(part.capital for part in parts), terms.amount)
            self.assertEqual(len(parts), count)
            shares = [part.capital for part in parts[bool(down) :]]
            if shares:
                self.assertLessEqual(max(shares) - min(shares), unit)
            for part in parts:
                self.assertGreater(part.capital, 0)
                self.assertGreaterEqual(part.interest, 0)
                self.assertEqual(part.amount % unit, 0)
            dues = [part.due for part in parts]
            self.assertEqual(dues, sorted(set(dues)))

        square()
