from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import TransactionCase

from ..tools.terms import (
    FERIAL,
    SOLAR,
    WORKING,
    counts,
    end_of_term,
    forbids_suspension,
    latest_event,
)

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
UNITS = st.sampled_from((SOLAR, FERIAL, WORKING))


class TestTerms(TransactionCase):
    def test_ends(self):
        for event, number, unit, end in (
            (date(2026, 11, 20), 10, SOLAR, date(2026, 11, 30)),
            (date(2026, 11, 20), 0, WORKING, date(2026, 11, 20)),
            # Friday: Saturday is not a working day, but a ferial one
            (date(2026, 11, 20), 1, WORKING, date(2026, 11, 23)),
            (date(2026, 11, 20), 1, FERIAL, date(2026, 11, 21)),
            # over Christmas: Friday 25 and Saturday 26 are holidays
            (date(2026, 12, 24), 1, FERIAL, date(2026, 12, 28)),
            (date(2026, 12, 23), 3, WORKING, date(2026, 12, 29)),
            # Easter Monday 2026 is 6 April
            (date(2026, 4, 3), 1, WORKING, date(2026, 4, 7)),
            # Saint Francis, a holiday again from 2026
            (date(2025, 10, 3), 1, FERIAL, date(2025, 10, 4)),
        ):
            with self.subTest(event=event, number=number, unit=unit):
                self.assertEqual(end_of_term(event, number, unit), end)

    def test_no_suspension_before_a_rest(self):
        for day, forbidden in (
            (date(2026, 11, 23), False),  # Monday
            (date(2026, 11, 26), False),  # Thursday
            (date(2026, 11, 27), True),  # Friday
            (date(2026, 11, 28), True),
            (date(2026, 11, 29), True),
            (date(2026, 12, 7), True),  # eve of the Immaculate Conception
            (date(2026, 12, 8), True),
            (date(2026, 12, 9), False),
        ):
            with self.subTest(day=day):
                self.assertEqual(forbids_suspension(day), forbidden)

    def test_patron_saint(self):
        def holiday(day):
            return (day.month, day.day) == (12, 7)  # Milan

        event = date(2026, 12, 4)
        self.assertEqual(end_of_term(event, 1, WORKING), date(2026, 12, 7))
        self.assertEqual(end_of_term(event, 1, WORKING, holiday), date(2026, 12, 8))
        self.assertFalse(counts(date(2026, 12, 7), FERIAL, holiday))
        self.assertTrue(counts(date(2026, 12, 7), SOLAR, holiday))

    @given(day=DAYS, number=st.integers(0, 60), unit=UNITS)
    def test_latest_event_is_the_last_whose_term_is_over(self, day, number, unit):
        event = latest_event(day, number, unit)
        self.assertLessEqual(end_of_term(event, number, unit), day)
        later = event + timedelta(days=1)
        self.assertGreater(end_of_term(later, number, unit), day)

    @given(event=DAYS, number=st.integers(1, 60), unit=UNITS)
    def test_a_term_holds_its_days(self, event, number, unit):
        end = end_of_term(event, number, unit)
        span = [event + timedelta(days=n) for n in range(1, (end - event).days + 1)]
        self.assertEqual(sum(counts(day, unit) for day in span), number)
