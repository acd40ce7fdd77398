from datetime import date

from odoo.tests import TransactionCase, tagged

from ..tools.public_holidays import is_holiday


@tagged("post_install", "-at_install")
class TestPublicHolidays(TransactionCase):
    def test_days(self):
        for day, right in [
            (date(2026, 1, 1), True),
            (date(2026, 1, 6), True),
            (date(2026, 4, 6), True),  # Easter Monday, which moves
            (date(2027, 3, 29), True),
            (date(2026, 4, 25), True),
            (date(2026, 8, 15), True),
            (date(2026, 12, 7), False),  # Saint Ambrose: Milan only
            (date(2026, 12, 8), True),
            (date(2026, 6, 30), False),
        ]:
            with self.subTest(day=day):
                self.assertIs(is_holiday(day), right)
