"""What a table says of itself: examples, then any small table against brute force."""

from itertools import product
from math import inf

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import row_matching
from ..tools.table_check import Row, check, unserved

ANY = (None, None, None, None)
DOMESTIC = (1, None, None, None)
WATER = (None, 1, None, None)


def rows(*specs):
    """:param specs: dicts of Row, without key and order"""
    return [
        Row(
            key=n,
            order=(spec.get("sequence", 10), n),
            step=spec.get("step", 1),
            columns=spec.get("columns", ANY),
            low=spec.get("low", 0.0),
            high=spec.get("high", inf),
            threshold=spec.get("threshold", 0.0),
        )
        for n, spec in enumerate(specs)
    ]


@tagged("post_install", "-at_install")
class TestTableCheck(BaseCase):
    def _holes(self, *specs):
        return [
            (hole.step, hole.low, hole.high, hole.under, hole.kind)
            for hole in check(rows(*specs)).holes
        ]

    def test_overlaps(self):
        for specs, expected in (
            ([{}, {}], [(0, 1, 0, inf)]),
            ([{"sequence": 20}, {"sequence": 10}], [(1, 0, 0, inf)]),
            ([{"high": 100}, {"low": 100}], []),
            ([{"high": 100}, {"low": 50}], [(0, 1, 50, 100)]),
            ([{}, {"columns": DOMESTIC}], []),  # the more specific row goes
            ([{"columns": DOMESTIC}, {"columns": WATER}], [(0, 1, 0, inf)]),
            ([{"columns": DOMESTIC}, {"columns": (2, None, None, None)}], []),
            ([{"step": 1}, {"step": 2}], []),
            # a more specific row takes all that both fit
            (
                [{"columns": DOMESTIC}, {"columns": WATER}, {"columns": (1, 1, 1, 1)}],
                [(0, 1, 0, inf)],
            ),
            (
                [
                    {"columns": DOMESTIC},
                    {"columns": WATER},
                    {"columns": (1, 1, None, None)},
                ],
                [],
            ),
            # no bill may be as large as the minimum of the one within the other's limit
            ([{"high": 50}, {"threshold": 50}], []),
            ([{"threshold": 10}, {"threshold": 5}], [(0, 1, 0, inf)]),
        ):
            with self.subTest(specs=specs):
                found = check(rows(*specs)).overlaps
                self.assertEqual(
                    [(o.first, o.second, o.low, o.high) for o in found], expected
                )

    def test_rows_that_never_go(self):
        for specs, expected in (
            ([{}, {}], [(1, (0,))]),
            ([{}, {"columns": DOMESTIC}], []),
            ([{"threshold": 5}, {}], []),  # bills under 5
            ([{"high": 50}, {"low": 50}, {"low": 20, "high": 80}], [(2, (0, 1))]),
            ([{"high": 50, "threshold": 50}], [(0, ())]),
            (
                [{"columns": DOMESTIC}, {"columns": DOMESTIC, "low": 10}, {}],
                [(1, (0,))],
            ),
        ):
            with self.subTest(specs=specs):
                found = check(rows(*specs)).shadowed
                self.assertEqual([(s.row, s.by) for s in found], expected)

    def test_holes(self):
        for specs, expected in (
            ([{}], []),
            ([{"low": 10}], [(1, 0, 10, inf, "below")]),
            ([{"high": 50}, {"low": 60}], [(1, 50, 60, inf, "gap")]),
            ([{"high": 50}], [(1, 50, inf, inf, "above")]),
            ([{"threshold": 5}], [(1, 0, inf, 5, "minimum")]),
            (
                [{"threshold": 5, "low": 10}],
                [(1, 0, 10, inf, "below"), (1, 10, inf, 5, "minimum")],
            ),
            # what a general row does not give, a specific one of other amounts does not
            (
                [{"low": 50}, {"columns": DOMESTIC, "high": 50}],
                [(1, 0, 50, inf, "below")],
            ),
            # a step without rows for a customer is passed over: no hole
            ([{}, {"step": 2, "columns": DOMESTIC}], []),
            (
                [{"low": 10}, {"step": 2, "low": 20}],
                [(1, 0, 10, inf, "below"), (2, 0, 20, inf, "below")],
            ),
        ):
            with self.subTest(specs=specs):
                self.assertEqual(self._holes(*specs), expected)

    def test_hole_names_whom_it_is_for(self):
        [hole] = check(
            rows({"columns": DOMESTIC, "low": 50}, {"columns": (2, None, None, None)})
        ).holes
        self.assertEqual((hole.groups, hole.everybody), (((0,),), False))
        [hole] = check(rows({"low": 50}, {"low": 50, "columns": DOMESTIC})).holes
        self.assertEqual(hole.everybody, True)

    def test_customers_without_any_row(self):
        universe = [[1, 2, 0], [1, 0], [0], [0]]
        self.assertEqual(list(unserved(rows({}), universe)), [])
        self.assertEqual(
            list(unserved(rows({"columns": DOMESTIC}), universe)),
            [(2, None, None, None), (0, None, None, None)],
        )
        self.assertEqual(
            list(unserved(rows({"columns": DOMESTIC}, {"columns": WATER}), universe)),
            [(2, 0, None, None), (0, 0, None, None)],
        )

    # ------------------------------------------------------------------
    # any table
    # ------------------------------------------------------------------
    @settings(max_examples=300, deadline=None)
    @given(
        st.lists(
            st.fixed_dictionaries(
                {
                    "step": st.integers(1, 2),
                    "sequence": st.integers(1, 2),
                    "columns": st.tuples(
                        st.sampled_from([None, None, 1, 2]),
                        st.sampled_from([None, 1]),
                        st.none(),
                        st.none(),
                    ),
                    "low": st.sampled_from([0, 0, 2, 4]),
                    "high": st.sampled_from([inf, inf, 5, 6]),
                    "threshold": st.sampled_from([0, 0, 1, 3, 6]),
                }
            ),
            min_size=1,
            max_size=6,
        )
    )
    def test_any_table_against_brute_force(self, specs):
        table = rows(*specs)
        findings = check(table)
        winners, overlaps, waiting = self._brute_force(table)
        self.assertEqual(
            {found.row for found in findings.shadowed},
            {row.key for row in table} - winners,
        )
        self.assertEqual({o.key for o in findings.overlaps}, overlaps)
        groups = {}
        for step, customer, exposure, bill in self._points():
            fitting = self._fitting(table, step, customer)
            waits = any(
                hole.step == step
                and hole.low <= exposure < hole.high
                and bill < hole.under
                and any(
                    set(keys) == {row.key for row in fitting} for keys in hole.groups
                )
                for hole in findings.holes
            )
            point = (step, customer, exposure, bill)
            self.assertEqual(waits, point in waiting, point)
            groups.setdefault(step, set()).add(frozenset(row.key for row in fitting))
        for hole in findings.holes:
            all_groups = {keys for keys in groups[hole.step] if keys}
            self.assertEqual(hole.everybody, len(all_groups) == len(hole.groups))

    def _points(self):
        """Amounts in halves: each band and each limit has one."""
        amounts = [n / 2 for n in range(1, 15)]
        for step, first, second in product((1, 2), (1, 2, 0), (1, 0)):
            for exposure, bill in product(amounts, amounts):
                if bill <= exposure:
                    yield step, (first, second, 0, 0), exposure, bill

    def _fitting(self, table, step, customer):
        return [
            row
            for row in table
            if row.step == step
            and all(c in (None, v) for c, v in zip(row.columns, customer, strict=True))
        ]

    def _brute_force(self, table):
        """:return: (keys that win somewhere, pairs told apart by order, points that
        find no row)"""
        winners, overlaps, waiting = set(), set(), set()
        for step, customer, exposure, bill in self._points():
            fitting = self._fitting(table, step, customer)
            able = sorted(
                (-sum(c is not None for c in row.columns), row.order, row.key)
                for row in fitting
                if row.low <= exposure < row.high and row.threshold <= bill
            )
            if able:
                winners.add(able[0][2])
                overlaps |= {
                    (able[0][2], key) for rank, _, key in able[1:] if rank == able[0][0]
                }
            elif fitting:
                waiting.add((step, customer, exposure, bill))
        return winners, overlaps, waiting


@tagged("post_install", "-at_install")
class TestRowMatching(BaseCase):
    def test_which_row_became_which(self):
        old = [
            row_matching.Row(1, (), DOMESTIC, 1, 10, "email"),
            row_matching.Row(2, (), DOMESTIC, 2, 10, "letter"),
        ]

        def new(key, lineage=(), columns=DOMESTIC, step=1, sequence=10, code="email"):
            return row_matching.Row(key, lineage, columns, step, sequence, code)

        for after, expected in (
            # copies are known, whatever has become of them
            ([new(11, (1,), ANY, 3, 5, "sms"), new(12, (2,))], {11: 1, 12: 2}),
            # also copies of copies
            ([new(11, (5, 1))], {11: 1}),
            # without a link: by what they are for, then by what they do
            ([new(11), new(12, step=2, code="letter")], {11: 1, 12: 2}),
            ([new(11, code="sms")], {11: 1}),
            ([new(11, columns=WATER)], {}),
            # copied twice: the one that is more like it
            ([new(11, (1,), step=3), new(12, (1,))], {12: 1}),
            ([new(11, (1,)), new(12, (11, 1))], {11: 1}),
        ):
            with self.subTest(after=after):
                self.assertEqual(row_matching.match(old, after), expected)

    def test_versions_before_are_matched_too(self):
        """The table in force may be newer than the one that was copied."""
        first = row_matching.Row(1, (), DOMESTIC, 1, 10, "email")
        copy = row_matching.Row(2, (1,), ANY, 2, 10, "sms")
        self.assertEqual(row_matching.match([copy], [first]), {1: 2})
        sister = row_matching.Row(3, (1,), WATER, 3, 10, "pec")
        self.assertEqual(row_matching.match([copy], [sister]), {3: 2})
