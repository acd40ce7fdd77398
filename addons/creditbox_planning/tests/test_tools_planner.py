from datetime import date, timedelta
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import places
from ..tools.planner import Shift, Visit, plan

DAYS = [date(2026, 6, 29) + timedelta(days=n) for n in range(3)]
CREWS = range(3)
points = st.one_of(st.none(), st.tuples(st.floats(0, 20), st.floats(0, 20)).map(tuple))
visits = st.builds(
    lambda **values: values,
    minutes=st.sampled_from([10, 20, 45, 200]),
    crews=st.frozensets(st.sampled_from(CREWS), min_size=1),
    forbidden=st.frozensets(st.sampled_from(DAYS)),
    rank=st.tuples(st.integers(0, 3), st.integers(0, 5)),
    point=points,
    street=st.one_of(st.none(), st.sampled_from([("a",), ("b",)])),
    deadline=st.one_of(st.none(), st.sampled_from(DAYS)),
)
shifts = st.builds(
    lambda **values: values,
    crew=st.sampled_from(CREWS),
    day=st.sampled_from(DAYS),
    gaps=st.sampled_from([[(480, 720), (780, 1020)], [(480, 540)], [(600, 780)]]),
    free=st.one_of(st.none(), st.integers(1, 4)),
    pace=st.sampled_from([0.0, 2.0]),
    start=points,
)


def _visits(drawn):
    return [
        Visit(**{**values, "key": key, "rank": (*values["rank"], key)})
        for key, values in enumerate(drawn)
    ]


def _shifts(drawn):
    by_day = {(values["crew"], values["day"]): values for values in drawn}
    return [Shift(**values) for values in by_day.values()]


@tagged("at_install")
class TestPlanner(BaseCase):
    """Whatever is asked for: what the planner must never do."""

    @settings(max_examples=200, deadline=None)
    @given(st.lists(visits, max_size=25), st.lists(shifts, max_size=7))
    def test_never(self, drawn_visits, drawn_shifts):
        asked, days = _visits(drawn_visits), _shifts(drawn_shifts)
        left = plan(asked, days)
        placed = [visit.key for shift in days for visit in shift.visits]
        self.assertEqual(
            sorted(placed + [visit.key for visit in left]),
            [visit.key for visit in asked],
            "each order is planned once, or left with a reason",
        )
        for shift in days:
            self._check_shift(shift)
        self._check_left(left, days)

    def _check_shift(self, shift):
        times = shift.lay(shift.visits)
        self.assertIsNotNone(times, "never over the hours")
        if shift.free is not None:
            self.assertLessEqual(len(shift.visits), shift.free)
        end = 0
        for visit, begin in zip(shift.visits, times, strict=True):
            self.assertIn(shift.crew, visit.crews)
            self.assertNotIn(shift.day, visit.forbidden)
            self.assertGreaterEqual(begin, end, "one after the other")
            end = begin + visit.minutes
            self.assertTrue(
                any(first <= begin and end <= last for first, last in shift.gaps)
            )

    def _check_left(self, left, days):
        """What is left would find no place in a day that is still empty."""
        for visit in left:
            for shift in days:
                if shift.takes(visit) and not shift.visits:
                    self.assertIsNone(shift.lay([visit]))

    @settings(max_examples=100, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.frozensets(st.sampled_from(CREWS), min_size=1),
                st.sampled_from(DAYS[:2]),
            ),
            max_size=7,
        ),
        st.integers(1, 2),
    )
    def test_no_term_is_missed_if_it_need_not(self, drawn, free):
        """Held against all ways of giving orders with a term to crews' days."""
        asked = [
            Visit(key, 20, crews, frozenset(), (0, key), deadline=deadline)
            for key, (crews, deadline) in enumerate(drawn)
        ]
        days = [
            Shift(crew, day, [(480, 1020)], free, pace=0.0)
            for crew in CREWS
            for day in DAYS[:2]
        ]
        plan(asked, days)
        in_time = sum(
            shift.day <= visit.deadline for shift in days for visit in shift.visits
        )
        self.assertEqual(in_time, _most_in_time(asked, days))

    def test_what_makes_room_may_go_beyond_the_term_of_what_comes(self):
        """The last visit needs crew 0, whose visit needs a day that a later one has."""
        early, later = DAYS[:2]
        anybody = frozenset(CREWS)
        wanted = [
            (anybody, later),
            (frozenset({0}), later),
            (frozenset({0}), later),
            (anybody, early),
            (frozenset({1}), early),
        ]
        asked = [
            Visit(key, 20, crews, frozenset(), (0, key), deadline=deadline)
            for key, (crews, deadline) in enumerate(wanted)
        ]
        days = [
            Shift(crew, day, [(480, 1020)], 1, pace=0.0)
            for crew in CREWS
            for day in (early, later)
        ]
        self.assertFalse(plan(asked, days))

    def test_neighbours_together(self):
        """Two streets, two crews: nobody crosses the town."""
        asked = [
            Visit(
                key,
                20,
                frozenset({0, 1}),
                frozenset(),
                (0, key),
                (10.0 * (key % 2), 0.1 * key),
                (f"street {key % 2}",),
            )
            for key in range(20)
        ]
        days = [Shift(crew, DAYS[0], [(480, 720)]) for crew in (0, 1)]
        self.assertFalse(plan(asked, days))
        for shift in days:
            self.assertEqual(len({visit.street for visit in shift.visits}), 1)

    @settings(max_examples=50, deadline=None)
    @given(st.lists(st.tuples(st.floats(0, 9), st.floats(0, 9)), max_size=6))
    def test_way(self, spots):
        """All are visited once; never much longer than the shortest way of all."""
        way = places.shortest(spots, (0, 0))
        self.assertEqual(sorted(way), list(range(len(spots))))
        every = permutations(range(len(spots)))
        best = min(places.length(each, spots, (0, 0)) for each in every)
        self.assertLessEqual(places.length(way, spots, (0, 0)), best * 1.5 + 1e-6)

    def test_places(self):
        square = [[43, 10], [43, 11], [44, 11], [44, 10]]
        self.assertTrue(places.inside(square, 43.5, 10.5))
        self.assertFalse(places.inside(square, 43.5, 11.5))
        self.assertEqual(
            places.street_key("Via Roma, 12/b", "56025", "PONTEDERA"),
            places.street_key("VIA ROMA 3", "56025", "Pontedera"),
        )
        self.assertIsNone(places.street_key(None, "56025", "Pontedera"))
        known, other = places.point(43.66, 10.63), places.point(43.68, 10.65)
        filled = places.fill_in(
            [known, other, None, None], [["a"], ["a"], ["a"], ["b"]]
        )
        middle = tuple(sum(pair) / 2 for pair in zip(known, other, strict=True))
        self.assertEqual(filled[2], middle)
        self.assertIsNone(filled[3])


def _most_in_time(visits, shifts):
    """Match by augmenting paths, one order to one seat of a crew's day."""
    seats = [
        (place, seat)
        for place, shift in enumerate(shifts)
        for seat in range(shift.free)
    ]
    holder = {}

    def sit(visit, seen):
        for seat in seats:
            shift = shifts[seat[0]]
            fits = shift.takes(visit) and shift.day <= visit.deadline
            if not fits or seat in seen:
                continue
            seen.add(seat)
            if seat not in holder or sit(holder[seat], seen):
                holder[seat] = visit
                return True
        return False

    return sum(sit(visit, set()) for visit in visits)
