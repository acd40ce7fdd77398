from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.creditbox_dunning.tests.common import TODAY

from .common import WriteoffCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestSettlement(WriteoffCommon):
    def _settle(self, bill, agreed=60, days=30):
        request = self._ask(
            bill,
            kind="settlement",
            amount_agreed=agreed,
            date_expiry=TODAY + timedelta(days=days),
        )
        request.with_user(self._user("manager")).action_approve()
        return request

    def _book(self):
        self._cron("ir_cron_book")

    def test_kept(self):
        bill = self._bill(100, 60)
        request = self._settle(bill)
        self.assertEqual((request.state, request.amount_waived), ("offered", 40))
        self.assertFalse(self._run().action_ids)
        self._pay(25, bill)
        self.assertEqual(request.state, "offered")
        self._pay(35, bill)
        self._book()
        self.assertEqual((request.state, request.amount_written), ("posted", 40))
        self.assertEqual(bill.amount_residual, 0)

    def test_paid_without_naming_the_bill(self):
        bill = self._bill(100, 60)
        request = self._settle(bill)
        self._pay(60, supply=self.supply)
        self.env["creditbox.position"]._touch([self.customer.id], self.company)
        self._book()
        self.assertEqual((request.state, request.amount_written), ("posted", 40))
        self.assertEqual(bill.amount_residual, 0)

    def test_expired(self):
        bill = self._bill(100, 60)
        request = self._settle(bill)
        self._pay(25, bill)
        with freeze_time(TODAY + timedelta(days=30)):
            self.env["creditbox.writeoff"]._cron_expire()
            self.assertEqual(request.state, "offered")
        with freeze_time(TODAY + timedelta(days=31)):
            self.env["creditbox.writeoff"]._cron_expire()
        self.assertEqual(request.state, "expired")
        self.assertEqual(bill.amount_residual, 75)
        self.assertEqual(self._run().action_ids.amount, 75)
        self.assertTrue(request.activity_ids)

    def test_sums_that_make_no_sense(self):
        bill = self._bill(100, 60)
        for agreed, days in ((0, 30), (100, 30), (60, -1)):
            with self.subTest(agreed=agreed, days=days), self.assertRaises(UserError):
                self._settle(bill, agreed, days)
