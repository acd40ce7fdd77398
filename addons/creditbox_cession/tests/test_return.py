from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from odoo.addons.creditbox_dunning.tests.common import TODAY

from .common import CessionCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestReturn(CessionCommon):
    def _take_back(self, lines, user=None):
        lines = lines.with_user(user) if user else lines
        action = lines.action_return()
        wizard = Form(lines.env[action["res_model"]].with_context(**action["context"]))
        wizard.reason = "Disputed"
        wizard.save().action_return()

    def test_with_recourse(self):
        bill = self._bill(100, 60)
        cession = self._assigned(kind="with")
        self._take_back(cession.line_ids, self._user("supervisor"))
        self.assertEqual(cession.line_ids.state, "returned")
        self.assertEqual(self._exclusions(bill), {False})
        self.assertTrue(self._run().action_ids)
        self.assertIn("Disputed", self.customer.message_ids[0].body)

    def test_without_recourse_is_open_again(self):
        old, new = self._bill(100, 60), self._bill(60, 30)
        self._pay(20, old)
        cession = self._assigned(price=70)
        line = cession.line_ids.filtered(lambda line: line.move_id == old)
        self._take_back(line)
        self.assertEqual((old.amount_residual, new.amount_residual), (80, 0))
        balance = sum(
            cession.move_ids.line_ids.filtered(
                lambda item: (
                    item.account_id == self.company.creditbox_cession_account_id
                )
            ).mapped("balance")
        )
        self.assertEqual(balance, 30)  # 70 less the share of 80 in 140
        self.assertFalse(self._receipts_of(cession))
        self.assertEqual(self._positions().amount_overdue, 80)
        self.assertEqual((cession.amount, cession.line_count), (60, 1))

    def _receipts_of(self, cession):
        self.env.flush_all()
        return cession.receipt_ids

    def test_assigned_again(self):
        bill = self._bill(100, 60)
        cession = self._assigned()
        self._take_back(cession.line_ids)
        again = self._assigned(price=50)
        self.assertEqual(again.line_ids.move_id, bill)
        self.assertEqual(bill.amount_residual, 0)

    def test_twice_is_refused(self):
        self._bill(100, 60)
        cession = self._assigned()
        self._take_back(cession.line_ids)
        with self.assertRaises(UserError):
            cession.line_ids.action_return()

    def test_roles(self):
        self._bill(100, 60)
        cession = self._assigned()
        with self.assertRaises(AccessError):
            cession.line_ids.with_user(self._user("operator")).action_return()
