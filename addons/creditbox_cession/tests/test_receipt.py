from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.creditbox_dunning.tests.common import TODAY

from .common import CessionCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestReceipt(CessionCommon):
    def _receipts(self, cession):
        self.env.flush_all()
        return cession.receipt_ids

    def test_with_recourse_matched_payments(self):
        bill = self._bill(100, 60)
        self._pay(10, bill)
        cession = self._assigned(kind="with")
        self.assertFalse(self._receipts(cession))
        self._pay(30, bill)
        receipt = self._receipts(cession)
        self.assertEqual((receipt.amount, receipt.state), (30, "received"))
        self.assertEqual(cession.amount_to_turn_over, 30)
        self.assertEqual(cession.activity_ids.user_id, cession.user_id)

    def test_with_recourse_turned_over(self):
        bill = self._bill(100, 60)
        cession = self._assigned(kind="with")
        self._pay(30, bill)
        self._pay(20, bill)
        receipts = self._receipts(cession)
        with self.assertRaises(UserError):
            receipts.action_dismiss()
        receipts.action_turn_over()
        self.assertFalse(cession.amount_to_turn_over)
        self.assertFalse(cession.activity_ids)
        self.assertFalse(cession.move_ids)
        with self.assertRaises(UserError):
            receipts.action_turn_over()

    def test_payment_taken_back(self):
        bill = self._bill(100, 60)
        cession = self._assigned(kind="with")
        first, second = self._pay(30, bill), self._pay(20, bill)
        early = self._receipts(cession).filtered(lambda r: r.amount == 30)
        early.action_turn_over()
        for payment in (first, second):
            payment.move_id.line_ids.remove_move_reconcile()
        # what nobody had decided about is simply gone
        self.assertEqual(self._receipts(cession), early)
        self.assertEqual(early.state, "taken_back")
        self.assertIn("taken back", cession.activity_ids[-1:].summary or "")
        self.assertFalse(cession.amount_to_turn_over)

    def test_without_recourse_open_credits(self):
        self._bill(100, 60)
        self._pay(10)  # before: not the assignee's
        cession = self._assigned()
        self.assertFalse(self._receipts(cession))
        self._pay(70, supply=self.supply)
        self._pay(50)
        self.env["creditbox.position"]._on_debt_changed(self.customer.ids)
        receipts = self._receipts(cession)
        self.assertEqual(sorted(receipts.mapped("amount")), [30, 70])

    def test_without_recourse_turned_over(self):
        self._bill(100, 60)
        cession = self._assigned(price=80)
        self._pay(70)
        receipt = self._receipts(cession)
        receipt.with_user(self._user("supervisor")).action_turn_over()
        account = self.company.creditbox_cession_account_id
        lines = cession.move_ids.line_ids.filtered(lambda r: r.account_id == account)
        self.assertEqual(sum(lines.mapped("balance")), 10)  # 80 less 70
        self.assertTrue(receipt.credit_line_id.reconciled)
        self.assertEqual(receipt.state, "turned_over")

    def test_without_recourse_not_theirs(self):
        self._bill(100, 60)
        cession = self._assigned()
        self._pay(70)
        receipt = self._receipts(cession)
        receipt.action_dismiss()
        self.env["creditbox.position"]._on_debt_changed(self.customer.ids)
        self.assertEqual(self._receipts(cession), receipt)
        self.assertFalse(receipt.credit_line_id.reconciled)

    def test_credit_that_pays_another_bill(self):
        self._bill(100, 60)
        cession = self._assigned()
        payment = self._pay(70)
        receipt = self._receipts(cession)
        bill = self._bill(70, 5)
        (payment.move_id | bill).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
        self.assertFalse(receipt.exists())

    def test_other_customers_and_supplies(self):
        self._bill(100, 60)
        cession = self._assigned()
        self._pay(70, customer=self._customer("Verdi"))
        self._pay(70, supply=self._supply(self.customer, "W9"))
        self.assertFalse(self._receipts(cession))

    def test_not_closed_before(self):
        bill = self._bill(100, 60)
        cession = self._assigned(kind="with")
        self._pay(30, bill)
        with self.assertRaises(UserError):
            cession.action_close()

    def test_roles(self):
        bill = self._bill(100, 60)
        cession = self._assigned(kind="with")
        self._pay(30, bill)
        receipt = self._receipts(cession).with_user(self._user("operator"))
        with self.assertRaises(AccessError):
            receipt.action_turn_over()
        with self.assertRaises(AccessError):
            receipt.state = "turned_over"
