from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user

from .common import AcquisitionCase


class TestFeed(AcquisitionCase):
    """Is the data of a company to be trusted? Asked before anything leaves."""

    def _problems(self):
        user = new_test_user(
            self.env,
            "feed_reader",
            groups="creditbox_base.group_reader",
            company_id=self.company.id,
            company_ids=[self.company.id],
        )
        problems = self.company.with_user(user)._creditbox_feed_problems()
        user.unlink()
        return problems

    def test_data_that_is_late(self):
        self.assertEqual(self._problems(), [])
        self.source.expected_hours = 24
        self.assertIn("nothing good yet", self._problems()[0])
        now = fields.Datetime.now()
        for hours, late in ((23, False), (25, True)):
            with self.subTest(hours=hours):
                self.source.last_success = now - timedelta(hours=hours)
                self.assertEqual(bool(self._problems()), late)
        self.assertIn(self.source.name, self._problems()[0])
        self.source.active = False
        self.assertEqual(self._problems(), [])

    def test_totals_that_do_not_square_until_others_do(self):
        self.acquire({"customers": [self.customer()]})
        self.acquire({"bills": [self.bill("A1")]}, control_count=2)
        self.assertIn("do not square", self._problems()[0])
        self.acquire({"bills": [self.bill("A2")]})
        self.assertTrue(self._problems(), "says nothing of its totals")
        self.acquire({"bills": [self.bill("A3")]}, control_count=1)
        self.assertEqual(self._problems(), [])

    def test_other_companies(self):
        self.source.expected_hours = 1
        other = self.make_company("Gas")
        self.assertEqual(other._creditbox_feed_problems(), [])
