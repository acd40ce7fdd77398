"""The arithmetic of late interest, without a database."""

from datetime import date, timedelta
from decimal import Decimal as D
from unittest import TestCase

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ..tools.interest import Claim, Payment, Rate, cover, periods, total

DUE = date(2025, 3, 31)
FLAT = (Rate(date(2000, 1, 1), D("3.65")),)


def shown(rows):
    return [(r.first, r.last, r.days, r.capital, r.rate.rate, r.interest) for r in rows]


class TestPeriods(TestCase):
    def test_first_day_is_the_one_after_the_due_date(self):
        rows = periods(Claim(D(1000), DUE), DUE + timedelta(days=10), FLAT)
        # 1000 x 3.65 x 10 / 36500 = 1.00
        self.assertEqual(
            shown(rows),
            [(date(2025, 4, 1), date(2025, 4, 10), 10, D(1000), D("3.65"), D("1.00"))],
        )
        self.assertFalse(periods(Claim(D(1000), DUE), DUE, FLAT))
        self.assertFalse(periods(Claim(D(1000), DUE), DUE - timedelta(days=9), FLAT))

    def test_published_example_of_half_years(self):
        """D.Lgs. 231/2002 at the turn of 2025: 11.15 %, then 10.15 %."""
        rates = (
            Rate(date(2025, 1, 1), D("3.15"), D(8)),
            Rate(date(2025, 7, 1), D("2.15"), D(8)),
        )
        rows = periods(Claim(D("1500.00"), date(2025, 5, 31)), date(2025, 8, 29), rates)
        self.assertEqual(
            shown(rows),
            [
                # 1500 x 11.15 x 30 / 36500 = 13.7465...
                (date(2025, 6, 1), date(2025, 6, 30), 30, D(1500), D("11.15"),
                 D("13.75")),
                # 1500 x 10.15 x 60 / 36500 = 25.0273...
                (date(2025, 7, 1), date(2025, 8, 29), 60, D(1500), D("10.15"),
                 D("25.03")),
            ],
        )  # fmt: skip
        self.assertEqual(total(rows), D("38.78"))

    def test_a_payment_splits_on_the_day_after(self):
        claim = Claim(D(1000), DUE, (Payment(date(2025, 4, 10), D(400)),))
        rows = periods(claim, date(2025, 4, 20), FLAT)
        self.assertEqual(
            [(r.first, r.last, r.capital, r.interest) for r in rows],
            [
                (date(2025, 4, 1), date(2025, 4, 10), D(1000), D("1.00")),
                (date(2025, 4, 11), date(2025, 4, 20), D(600), D("0.60")),
            ],
        )

    def test_paid_in_time_or_in_full(self):
        early = Claim(D(1000), DUE, (Payment(DUE, D(1000)),))
        self.assertFalse(periods(early, date(2026, 1, 1), FLAT))
        late = Claim(D(1000), DUE, (Payment(date(2025, 4, 5), D(1000)),))
        rows = periods(late, date(2026, 1, 1), FLAT)
        self.assertEqual([(r.last, r.days) for r in rows], [(date(2025, 4, 5), 5)])

    def test_what_was_charged_is_not_charged_again(self):
        claim = Claim(D(1000), DUE, start=date(2025, 4, 11))
        rows = periods(claim, date(2025, 4, 20), FLAT)
        self.assertEqual([(r.first, r.days) for r in rows], [(date(2025, 4, 11), 10)])

    def test_leap_years(self):
        rates = (Rate(date(2000, 1, 1), D("3.66")),)
        claim = Claim(D(1000), date(2023, 12, 21))
        always = periods(claim, date(2024, 1, 10), rates)
        self.assertEqual([r.days for r in always], [20])
        real = periods(claim, date(2024, 1, 10), rates, leap_years=True)
        self.assertEqual(
            [(r.first, r.days, r.year_days, r.interest) for r in real],
            [
                (date(2023, 12, 22), 10, 365, D("1.00")),
                (date(2024, 1, 1), 10, 366, D("1.00")),
            ],
        )

    def test_no_rate_known_is_shown_and_asks_for_nothing(self):
        rates = (Rate(date(2025, 4, 11), D("3.65")),)
        rows = periods(Claim(D(1000), DUE), date(2025, 4, 20), rates)
        self.assertEqual(
            [(r.days, r.rate.base, r.interest) for r in rows],
            [(10, None, D(0)), (10, D("3.65"), D("1.00"))],
        )

    def test_half_a_cent_goes_up(self):
        rates = (Rate(date(2000, 1, 1), D("36.5")),)
        rows = periods(Claim(D(5), DUE), date(2025, 4, 1), rates)
        self.assertEqual(rows[0].interest, D("0.01"))  # 0.005

    def test_a_negative_rate_never_turns_the_claim(self):
        self.assertEqual(Rate(DUE, D("-0.5"), D(0)).rate, 0)
        self.assertEqual(Rate(DUE, D("-0.5"), D("3.5")).rate, D(3))


# a busy machine is no fault of the test
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
amounts = st.decimals(min_value=1, max_value=9999, places=2)
days = st.integers(min_value=-40, max_value=900)


@st.composite
def claims(draw):
    capital = draw(amounts)
    left, payments = capital, []
    for day, share in draw(st.lists(st.tuples(days, amounts), max_size=4)):
        share = min(share, left)
        left -= share
        payments.append(Payment(DUE + timedelta(days=day), share))
    return Claim(capital, DUE, tuple(payments))


@st.composite
def rate_lists(draw):
    steps = draw(st.dictionaries(days, st.integers(0, 1500), min_size=1, max_size=6))
    return tuple(
        Rate(DUE + timedelta(days=day), D(steps[day]) / 100) for day in sorted(steps)
    )


class TestInvariants(TestCase):
    @UNHURRIED
    @given(claims(), rate_lists(), st.integers(0, 900), st.booleans())
    def test_the_table_is_the_sum_of_its_days(self, claim, rates, late, leap):
        """An independent day-by-day model, within half a cent a row."""
        until = DUE + timedelta(days=late)
        rows = periods(claim, until, rates, leap)
        exact, day = D(0), DUE + timedelta(days=1)
        while day <= until:
            paid = sum(p.amount for p in claim.payments if p.day < day)
            rate = next((r.rate for r in reversed(rates) if r.first <= day), D(0))
            year = 366 if leap and day.year % 4 == 0 else 365
            exact += (claim.capital - paid) * rate / 100 / year
            day += timedelta(days=1)
        self.assertLessEqual(
            abs(total(rows) - exact), D("0.005") * len(rows) + D("1e-9")
        )

    @UNHURRIED
    @given(claims(), rate_lists(), st.integers(1, 900))
    def test_rows_follow_each_other_and_add_up(self, claim, rates, late):
        until = DUE + timedelta(days=late)
        rows = periods(claim, until, rates)
        for before, after in zip(rows, rows[1:], strict=False):
            self.assertLess(before.last, after.first)
        for row in rows:
            self.assertGreater(row.first, DUE)
            self.assertLessEqual(row.last, until)
            self.assertGreater(row.capital, 0)
            checked = row.capital * row.rate.rate * row.days / 36500
            self.assertLessEqual(abs(row.interest - checked), D("0.005"))

    @UNHURRIED
    @given(claims(), rate_lists(), st.integers(1, 450), st.integers(1, 450))
    def test_charged_in_two_goes_costs_the_same_days(self, claim, rates, one, two):
        """Asked for twice, no day is asked for twice, and none is left out."""
        middle = DUE + timedelta(days=one)
        end = middle + timedelta(days=two)
        again = claim._replace(start=middle + timedelta(days=1))
        parts = periods(claim, middle, rates) + periods(again, end, rates)
        whole = periods(claim, end, rates)
        self.assertEqual(sum(r.days for r in parts), sum(r.days for r in whole))
        self.assertLessEqual(
            abs(total(parts) - total(whole)), D("0.005") * len(parts + whole)
        )

    @UNHURRIED
    @given(
        st.lists(st.tuples(amounts, st.sampled_from([1, 2])), max_size=5),
        st.lists(st.tuples(days, amounts, st.sampled_from([1, 2, None])), max_size=5),
    )
    def test_cover_never_spends_more_than_there_is(self, debts, credits_):
        debts = [(key, *debt) for key, debt in enumerate(debts)]
        covered = cover(debts, credits_)
        by_key = {key: sum(p.amount for p in ps) for key, ps in covered.items()}
        for key, amount, _supply in debts:
            self.assertLessEqual(by_key.get(key, 0), amount)
        spent, money = sum(by_key.values()), sum(c[1] for c in credits_)
        self.assertLessEqual(spent, money)
        if any(c[2] is None for c in credits_):
            return
        for supply in (1, 2):  # a supply's money stays with its bills
            owed = sum(amount for _k, amount, own in debts if own == supply)
            paid = sum(amount for _d, amount, own in credits_ if own == supply)
            used = sum(by_key.get(k, 0) for k, _a, own in debts if own == supply)
            self.assertEqual(used, min(owed, paid))
