from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from ..tools.parts import split


class TestParts(TestCase):
    def test_parts(self):
        for sizes, files, most, lengths in (
            ([], 2, 10, []),
            ([1], 2, 10, [1]),
            ([1, 1, 1], 2, 10, [2, 1]),
            ([6, 5, 5], 9, 10, [1, 2]),
            ([99, 1], 9, 10, [1, 1]),
            ([1, 99, 1], 9, 10, [1, 1, 1]),
            ([5, 5], 9, 10, [2]),
        ):
            with self.subTest(sizes=sizes, files=files):
                parts = split(sizes, files, most)
                self.assertEqual([p.stop - p.start for p in parts], lengths)

    @settings(deadline=None)
    @given(
        sizes=st.lists(st.integers(0, 30)),
        files=st.integers(1, 5),
        most=st.integers(1, 40),
    )
    def test_nothing_is_left_out(self, sizes, files, most):
        parts = split(sizes, files, most)
        self.assertEqual([size for part in parts for size in sizes[part]], sizes)
        for part in parts:
            held = sizes[part]
            self.assertLessEqual(len(held), files)
            self.assertTrue(sum(held) <= most or len(held) == 1)
