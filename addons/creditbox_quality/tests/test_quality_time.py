import csv
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.creditbox_base.tools.public_holidays import is_holiday

from ..tools import quality_time as qt

ZONE = ZoneInfo("Europe/Rome")
LATE = time(18)
# Terms counted by hand on the calendar, not by the code. Hours are those of Rome, with
# a Z at the end UTC; what has no end is still open; the patron saint is month-day.
CASES = list(
    csv.DictReader(
        (Path(__file__).parent / "cases.csv").open(encoding="utf-8"), delimiter=";"
    )
)
STEPS = (1, 2, 3)


def utc(text):
    """:return: naive UTC of a text in Rome's time (UTC with a Z)"""
    if not text:
        return None
    moment = datetime.fromisoformat(text.rstrip("Z"))
    if text.endswith("Z"):
        return moment
    return moment.replace(tzinfo=ZONE).astimezone(timezone.utc).replace(tzinfo=None)


def spans(case):
    """:return: list of (moment, moment or None) of ``begin / end, begin / end``"""
    texts = filter(None, case["suspensions"].split(", "))
    return [tuple(utc(t.strip()) for t in text.split("/")) for text in texts]


def holidays(patron):
    """:return: callable: national holidays, and a patron saint"""
    return lambda day: day.strftime("%m-%d") == patron or is_holiday(day)


def rule(unit, limit, holiday=is_holiday, **options):
    return qt.Rule(limit, unit, ZONE, options.pop("late", LATE), holiday, **options)


@tagged("-at_install", "post_install")
class TestQualityTime(BaseCase):
    def test_cases(self):
        for case in CASES:
            with self.subTest(case=case["case"]):
                self._check(case)

    def _check(self, case):
        counted_by = rule(case["unit"], float(case["limit"]), holidays(case["patron"]))
        start, stop, pauses = utc(case["start"]), utc(case["end"]), spans(case)
        due = qt.due_day(counted_by, start, pauses)
        self.assertEqual(due, case["due"] and date.fromisoformat(case["due"]) or None)
        if not stop:
            return
        taken = qt.elapsed(counted_by, start, stop, pauses)
        self.assertAlmostEqual(taken, float(case["counted"]), 4)
        stood = qt.suspended(counted_by, start, stop, pauses)
        self.assertAlmostEqual(stood, float(case["suspended"]), 4)
        level = int(case["level"])
        self.assertEqual(qt.level(counted_by, taken, STEPS), level)
        self.assertEqual(qt.is_in_time(counted_by, taken), level == 0)
        moments = qt.late_moments(counted_by, start, pauses, STEPS)
        self.assertEqual(sum(1 for m in moments if m and m <= stop), level)

    def test_enough_cases(self):
        self.assertGreaterEqual(len(CASES), 60)

    def test_without_late_hour(self):
        counted_by = rule("working", 5, late=None)
        start = utc("2026-03-02 23:00")
        self.assertEqual(qt.due_day(counted_by, start), date(2026, 3, 9))

    def test_notice_is_the_least(self):
        counted_by = rule("hours", 24, at_least=True)
        start = utc("2026-03-02 10:00")
        for end, level in (("2026-03-03 09:00", 1), ("2026-03-03 10:00", 0)):
            taken = qt.elapsed(counted_by, start, utc(end))
            self.assertEqual(qt.level(counted_by, taken, STEPS), level)
        self.assertEqual(qt.late_moments(counted_by, start, (), STEPS), [None] * 3)

    def test_fixed_amount_does_not_grow(self):
        self.assertEqual(qt.level(rule("hours", 3), 11, (1,)), 1)

    def test_late_from_midnight_of_the_next_day(self):
        late = qt.late_moments(rule("working", 5), utc("2026-07-13 10:00"), (), STEPS)
        # days 6, 11 and 16: 21 and 28 July, 4 August, from midnight in Rome
        expected = ["2026-07-21 00:00", "2026-07-28 00:00", "2026-08-04 00:00"]
        self.assertEqual(late, [utc(text) for text in expected])

    def test_suspended_on_the_last_day_is_never_late(self):
        pauses = [(utc("2026-03-09 10:00"), None)]
        start = utc("2026-03-02 10:00")
        late = qt.late_moments(rule("working", 5), start, pauses, STEPS)
        self.assertEqual(late, [None] * 3)


MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2029, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0)
)
SPANS = st.lists(
    st.tuples(st.integers(0, 2000), st.integers(0, 900)),
    max_size=4,
)
RULES = st.builds(
    rule,
    st.sampled_from(["working", "ferial", "solar", "hours", "minutes"]),
    st.integers(1, 60),
)
HOURS = st.integers(0, 3000)


def pauses_of(start, gaps):
    return [
        (start + timedelta(hours=a), start + timedelta(hours=a + b)) for a, b in gaps
    ]


@tagged("-at_install", "post_install")
class TestQualityTimeInvariants(BaseCase):
    @settings(max_examples=150, deadline=None)
    @given(RULES, MOMENTS, SPANS, HOURS, HOURS)
    def test_earlier_is_never_worse(self, counted_by, start, gaps, one, other):
        pauses = pauses_of(start, gaps)
        early, late = (start + timedelta(hours=h) for h in sorted((one, other)))
        levels = [
            qt.level(counted_by, qt.elapsed(counted_by, start, end, pauses), STEPS)
            for end in (early, late)
        ]
        self.assertLessEqual(*levels)

    @settings(max_examples=150, deadline=None)
    @given(RULES, MOMENTS, SPANS, st.tuples(st.integers(0, 2000), st.integers(0, 900)))
    def test_a_suspension_never_shortens(self, counted_by, start, gaps, more):
        before = pauses_of(start, gaps)
        after = before + pauses_of(start, [more])
        due = [qt.due_day(counted_by, start, pauses) for pauses in (before, after)]
        self.assertLessEqual(*due)

    @settings(max_examples=150, deadline=None)
    @given(RULES, MOMENTS, SPANS, HOURS)
    def test_late_moments_say_what_counting_says(self, counted_by, start, gaps, hours):
        pauses = pauses_of(start, gaps)
        end = start + timedelta(hours=hours)
        level = qt.level(counted_by, qt.elapsed(counted_by, start, end, pauses), STEPS)
        late = qt.late_moments(counted_by, start, pauses, STEPS)
        self.assertEqual(sum(moment <= end for moment in late), level)

    @settings(max_examples=100, deadline=None)
    @given(RULES, MOMENTS, SPANS, HOURS)
    def test_counted_and_suspended_are_all(self, counted_by, start, gaps, hours):
        pauses = pauses_of(start, gaps)
        end = start + timedelta(hours=hours)
        counted = qt.elapsed(counted_by, start, end, pauses)
        stood = qt.suspended(counted_by, start, end, pauses)
        self.assertGreaterEqual(stood, 0)
        whole = qt.elapsed(counted_by, start, end)
        self.assertAlmostEqual(counted + stood, whole, 6)
