from unittest import TestCase

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ..tools.share_out import Load, Unit, share_out


class TestShareOut(TestCase):
    def _units(self, *amounts, **values):
        return [
            Unit(number, 1, amount, **values)
            for number, amount in enumerate(amounts, start=1)
        ]

    def test_balanced(self):
        for by, amounts, counts, sums in (
            ("count", (90, 1, 1, 1), [2, 2], None),
            ("amount", (90, 30, 30, 30), [1, 3], [90, 90]),
            ("both", (10, 10, 10, 10), [2, 2], [20, 20]),
        ):
            with self.subTest(by):
                loads = [Load(1), Load(2)]
                share_out(self._units(*amounts), loads, by)
                self.assertEqual(sorted(load.count for load in loads), counts)
                if sums:
                    self.assertEqual(sorted(load.amount for load in loads), sums)

    def test_what_they_have_counts(self):
        loads = [Load(1, count=10, amount=100), Load(2)]
        chosen = share_out(self._units(5, 5), loads)
        self.assertEqual({*chosen.values()}, {2})

    def test_nobody_gets_more_than_fits(self):
        loads = [Load(1, capacity=1), Load(2, capacity=2)]
        chosen = share_out(self._units(*range(1, 6)), loads)
        self.assertEqual(sorted(chosen.values()), [1, 2, 2])
        self.assertEqual(share_out(self._units(1), []), {})

    def test_customers_stay_where_they_are(self):
        """As long as it is fair; with another position of the customer always."""
        loads = [Load(1), Load(2)]
        kept = share_out(self._units(10, 10, 10, kept=1), loads)
        self.assertEqual({*kept.values()}, {1})
        loads = [Load(1), Load(2)]
        chosen = share_out(self._units(*[10] * 10, now=1), loads)
        self.assertEqual(sorted(chosen.values()), [1] * 5 + [2] * 5)
        gone = share_out(self._units(10, now=9, kept=8), [Load(1)])
        self.assertEqual(gone, {1: 1})

    # two cores that others use too
    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.lists(st.integers(1, 1_000_000).map(lambda c: c / 100), max_size=60),
        st.integers(1, 6),
        st.sampled_from(["count", "amount", "both"]),
    )
    def test_everything_goes_to_somebody_and_fairly(self, amounts, operators, by):
        units = self._units(*amounts)
        loads = [Load(user) for user in range(1, operators + 1)]
        chosen = share_out(units, loads, by)
        self.assertEqual(len(chosen), len(units))
        self.assertEqual(sum(load.count for load in loads), len(units))
        if by == "count" and units:
            counts = [load.count for load in loads]
            self.assertLessEqual(max(counts) - min(counts), 1)
        if by == "amount" and units:
            most = max(load.amount for load in loads)
            least = min(load.amount for load in loads)
            self.assertLessEqual(most - least, max(amounts) + 0.01)
