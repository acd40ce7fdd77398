from datetime import date

from odoo.tests import BaseCase

from odoo.addons.creditbox_base.tools.public_holidays import is_holiday

from ..tools.court_terms import Length, Recess, end

AUGUST = Recess((8, 1), (8, 31), 2015)
OLD = Recess((8, 1), (9, 15), 1970, 2014)

# event, length, stands still in the recess, last day; computed by hand
CASES = (
    # Jan 15 + 16 days = Jan 31, + 28 = Feb 28, + 16 = Mar 16, a Monday
    (date(2026, 1, 15), Length(60), True, date(2026, 3, 16)),
    # 21 days until Jul 31, 19 from Sep 1: Sat Sep 19 → Monday
    (date(2026, 7, 10), Length(40), True, date(2026, 9, 21)),
    # without the recess: Aug 19
    (date(2026, 7, 10), Length(40), False, date(2026, 8, 19)),
    # the event in August: Sep 1 is the first day; Sat Oct 10 → Monday
    (date(2026, 8, 10), Length(40), True, date(2026, 10, 12)),
    (date(2026, 7, 31), Length(60), True, date(2026, 10, 30)),
    # leap years: 28 days left in February 2024, and in 2028 a Sunday at the end
    (date(2024, 2, 1), Length(40), True, date(2024, 3, 12)),
    (date(2028, 2, 1), Length(40), True, date(2028, 3, 13)),
    (date(2023, 2, 1), Length(40), True, date(2023, 3, 13)),
    # precetto: 90 days, no recess, Sun Sep 13 → Monday; 10 days over Christmas
    (date(2026, 6, 15), Length(90), False, date(2026, 9, 14)),
    (date(2026, 12, 16), Length(10), False, date(2026, 12, 28)),
    # Easter Monday 2026 is Apr 6
    (date(2026, 3, 17), Length(20), True, date(2026, 4, 7)),
    # months: Sep 30 + 31 days = Sat Oct 31, Sun, All Saints' → Monday Nov 2
    (date(2026, 3, 31), Length(6, "months"), True, date(2026, 11, 2)),
    # Aug 15 + 31 days
    (date(2026, 2, 15), Length(6, "months"), True, date(2026, 9, 15)),
    # no Feb 31: Sat Feb 28 → Monday
    (date(2026, 1, 31), Length(1, "months"), True, date(2026, 3, 2)),
    (date(2026, 1, 31), Length(1, "months", slides=False), True, date(2026, 2, 28)),
    # a Saturday, Jul 31 2027: what follows is the recess
    (date(2027, 6, 21), Length(40), True, date(2027, 9, 1)),
    # backwards from a hearing: 30 days of September; ten more of July
    (date(2026, 10, 1), Length(30, backwards=True), True, date(2026, 9, 1)),
    (date(2026, 10, 1), Length(40, backwards=True), True, date(2026, 7, 22)),
    # Sunday, All Saints' → back over Saturday to Friday
    (date(2026, 11, 21), Length(20, backwards=True), True, date(2026, 10, 30)),
    # two recesses on the way: 31 days each time
    (date(2026, 3, 10), Length(18, "months"), True, date(2027, 11, 11)),
    # until 2014 until Sep 15: 11 days in July, 29 from Sep 16
    (date(2014, 7, 20), Length(40), True, date(2014, 10, 14)),
)


class TestCourtTerms(BaseCase):
    def test_computed_by_hand(self):
        for event, length, suspended, day in CASES:
            with self.subTest(event=event, length=length):
                recesses = [AUGUST, OLD] if suspended else []
                self.assertEqual(end(event, length, recesses, is_holiday).day, day)

    def test_it_says_why(self):
        found = end(date(2026, 7, 10), Length(40), [AUGUST], is_holiday)
        self.assertEqual(found.stood_still, 31)
        self.assertEqual(found.counted, date(2026, 9, 19))
