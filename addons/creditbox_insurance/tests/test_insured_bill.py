from datetime import date, timedelta

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.creditbox_dunning.tests.common import TODAY

from .common import InsuranceCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestInsuredBill(InsuranceCommon):
    def test_deadlines(self):
        for days, left, late, soon in (
            (1, 59, False, False),
            (49, 11, False, False),
            (50, 10, False, True),
            (60, 0, False, True),
            (61, -1, True, False),
        ):
            with self.subTest(days):
                due = self._due(self._bill(10, days))
                self.assertEqual(due.days_left, left)
                self.assertEqual((due.late, due.soon), (late, soon))
                self.assertEqual(due.date_deadline, due.date_due + timedelta(days=60))

    def test_not_insured(self):
        stranger = self._customer("Bianchi")
        for name, bill in (
            ("not due yet", self._bill(10, 0)),
            ("no cover", self._bill(10, 30, self._supply(stranger, "W2"))),
            ("a credit note", self._bill(10, 30, credit_note=True)),
        ):
            with self.subTest(name):
                self.assertFalse(self._due(bill))

    def test_bill_before_the_cover(self):
        self.cover.date_from = TODAY - timedelta(days=40)
        self.assertFalse(self._due(self._bill(10, 30)))  # of 50 days ago
        self.assertTrue(self._due(self._bill(10, 20)))

    def test_longer_payment_term_than_insured(self):
        bill = self._bill(10, 30)  # falls due 20 days after its date
        self.policy.max_payment_days = 19
        self.assertFalse(self._due(bill))
        self.policy.max_payment_days = 20
        self.assertTrue(self._due(bill))

    def test_charges_are_not_insured(self):
        bill = self._bill(10, 30)
        bill.creditbox_charge = "fee"
        self.assertFalse(self._due(bill))

    def test_terms_of_the_day_of_the_bill(self):
        old, new = self._bill(10, 40), self._bill(10, 10)
        self.policy.date_to = TODAY - timedelta(days=31)
        self._policy(date_from=TODAY - timedelta(days=30), declare_days=5)
        self.assertEqual(self._due(old).days_left, 20)
        self.assertEqual(self._due(new).days_left, -5)

    def test_paid_is_gone(self):
        bill = self._bill(100, 30)
        self._pay(40, bill)
        self.assertEqual(self._due(bill).amount_open, 60)
        self._pay(60, bill)
        self.assertFalse(self._due(bill))

    def test_credits_pay_the_oldest(self):
        old, new = self._bill(100, 40), self._bill(100, 30)
        self._pay(130)
        self.assertFalse(self._due(old))
        self.assertEqual(self._due(new).amount_open, 70)

    def test_cover_is_used_up_by_the_oldest(self):
        bills = [self._bill(600, days) for days in (50, 40, 30)]
        insured = [self._due(bill).amount_insured for bill in bills]
        self.assertEqual(insured, [540, 360, 0])  # 90% of 600, 400, nothing

    def test_what_is_declared_uses_the_cover(self):
        old, new = self._bill(600, 50), self._bill(600, 40)
        self._declared(old)
        self.assertFalse(self._due(old))
        self.assertEqual(self._due(new).amount_insured, 360)

    def test_totals_on_the_policy(self):
        self._bill(100, 61)
        self._bill(100, 30)
        self.env.flush_all()
        self.assertEqual((self.policy.due_count, self.policy.late_count), (2, 1))
        self.assertEqual(self.policy.amount_at_risk, 90)
        self.assertEqual(
            self.Bills.search(self.policy.action_open_due()["domain"]), self._due()
        )

    def test_two_covers_count_once(self):
        self._policy(name="P-9", declare_days=10)
        self._cover(policy="P-9", date_from=date(2024, 1, 1))
        due = self._due(self._bill(100, 30))
        self.assertEqual(due.policy_id.name, "P-9")

    def test_companies_are_apart(self):
        self._bill(100, 30)
        other = self.env["res.company"].create({"name": "Other"})
        user = self._user("reader")
        self.assertTrue(self.Bills.with_user(user).search([]))
        user.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        found = self.Bills.with_user(user).with_context(allowed_company_ids=other.ids)
        self.assertFalse(found.search([]))

    def test_queries_do_not_grow(self):
        for _number in range(3):
            self._bill(10, 30)
        self.env.flush_all()
        self.env.invalidate_all()
        names = ["partner_id", "move_id", "amount_insured", "late"]
        self.Bills.search_read([], names)
        before = self.env.cr.sql_log_count
        self.Bills.search_read([], names)
        few = self.env.cr.sql_log_count - before
        for _number in range(10):
            self._bill(10, 30)
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.Bills.search_read([], names)
        self.assertLessEqual(self.env.cr.sql_log_count - before, few + 4)
