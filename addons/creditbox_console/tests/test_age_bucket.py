import psycopg2

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.creditbox_base.tests.common import CreditboxCommon


@tagged("post_install", "-at_install")
class TestAgeBucket(CreditboxCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buckets = cls.env["creditbox.age.bucket"]
        cls.customer = cls.make_customer()

    def _line(self, bill):
        return self.env["creditbox.console.line"].search([("move_id", "=", bill.id)])

    def test_defaults(self):
        spans = [
            (b.overdue, b.day_from, b.day_to) for b in self.buckets._of(self.company)
        ]
        self.assertEqual(
            spans,
            [
                (False, 0, 30),
                (False, 31, 0),
                (True, 1, 15),
                (True, 16, 30),
                (True, 31, 60),
                (True, 61, 90),
                (True, 91, 180),
                (True, 181, 365),
                (True, 366, 730),
                (True, 731, 0),
            ],
        )

    def test_first_and_last_day_of_each(self):
        for days, begin in (
            (-31, 31),
            (-30, 0),
            (0, 0),
            (1, 1),
            (15, 1),
            (16, 16),
            (30, 16),
            (365, 181),
            (366, 366),
            (730, 366),
            (731, 731),
            (4000, 731),
        ):
            with self.subTest(days):
                bucket = self._line(self.make_bill(self.customer, 10, days)).bucket_id
                self.assertEqual(bucket.overdue, days > 0)
                self.assertEqual(bucket.day_from, begin)

    @mute_logger("odoo.sql_db")
    def test_overlap_is_refused(self):
        with self.assertRaisesRegex(psycopg2.IntegrityError, "begin_uniq"):
            self.buckets.create({"name": "Twice", "day_from": 16})

    def test_gap_is_refused(self):
        first = self.buckets.search([("overdue", "=", True)], limit=1)
        with self.assertRaisesRegex(ValidationError, "1 to 4 days"):
            first.day_from = 5
        with self.assertRaisesRegex(ValidationError, "1 to 15 days"):
            first.unlink()
        with self.assertRaisesRegex(ValidationError, "at least"):
            self.buckets.create({"name": "Too early", "day_from": 0})

    def test_own_buckets_of_a_company(self):
        bill, other = (
            self.make_bill(customer, 10, days=20)
            for customer in (self.customer, self.make_customer(company=self.company_b))
        )
        own = self.buckets.create(
            {"name": "Mine", "day_from": 1, "company_id": self.company.id}
        )
        self.assertEqual(self._line(bill).bucket_id, own)
        self.assertEqual(self._line(other).bucket_id.day_from, 16)
        own.unlink()
        self.assertEqual(self._line(bill).bucket_id.day_from, 16)

    def test_a_new_begin_moves_what_is_open(self):
        bill = self.make_bill(self.customer, 10, days=20)
        new = self.buckets.create({"name": "From 18", "day_from": 18})
        self.assertEqual(self._line(bill).bucket_id, new)
        sums = dict(
            self.env["creditbox.console.cell"]._read_group(
                [("company_id", "=", self.company.id)],
                ["bucket_id"],
                ["amount_overdue:sum"],
            )
        )
        self.assertEqual({b: a for b, a in sums.items() if a}, {new: 10})

    def test_only_the_administrator_changes_them(self):
        operator = self.make_user("manager")
        with self.assertRaises(AccessError):
            self.as_user(operator, self.buckets).create({"name": "X", "day_from": 3})
