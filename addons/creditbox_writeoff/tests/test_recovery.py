from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.creditbox_dunning.tests.common import TODAY

from .common import WriteoffCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestRecovery(WriteoffCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("manager")
        cls.request = cls._ask(cls._bill(100, 60))
        cls.request.with_user(cls.manager).action_approve()

    def _arrives(self, amount):
        self._pay(amount, supply=self.supply)
        self.env["creditbox.position"]._touch([self.customer.id], self.company)
        self.request.invalidate_recordset(["amount_arrived"])

    def test_money_arrives(self):
        self._arrives(30)
        self.assertEqual(self.request.amount_arrived, 30)
        self.assertEqual(len(self.request.activity_ids), 1)
        self.request.with_user(self.manager).action_recover()
        self.assertEqual(
            (self.request.state, self.request.amount_recovered), ("posted", 30)
        )
        self.assertFalse(self.request.activity_ids)
        income = self.request.recovery_ids.line_ids.filtered("credit")
        self.assertEqual(income.account_id, self.company.creditbox_recovery_account_id)
        position = self._position_of(self.supply)
        self.assertEqual((position.amount_credit, position.amount_overdue), (0, 0))

    def test_no_more_than_was_given_up(self):
        self._arrives(130)
        self.assertEqual(self.request.amount_arrived, 100)
        self.request.with_user(self.manager).action_recover()
        self.assertEqual(
            (self.request.state, self.request.amount_recovered), ("recovered", 100)
        )
        self.assertEqual(self._position_of(self.supply).amount_credit, 30)

    def test_nothing_has_arrived(self):
        with self.assertRaises(UserError):
            self.request.with_user(self.manager).action_recover()
