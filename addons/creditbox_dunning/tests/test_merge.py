from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import DunningCommon


@tagged("creditbox", "post_install", "-at_install")
class TestReferences(DunningCommon):
    """References that the database does not guard are kept right in code."""

    def merge(self, source, target):
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (source + target).ids, target
        )

    def test_merged_customer_keeps_actions_and_steps(self):
        double = self._customer("Rosi")
        for customer, amount in ((double, 50), (self.customer, 70)):
            self._bill(amount, 30, self.supply.browse(), customer)
        done = self._run().action_ids.filtered(lambda a: a.partner_id == double)
        self._done(done)
        item = done.item_ids
        self.merge(double, self.customer)
        position = self.env["creditbox.position"].search(
            [("partner_id", "=", self.customer.id), ("supply_id", "=", False)]
        )
        self.assertEqual(done.partner_id, self.customer)
        self.assertEqual(done.position_id, position)
        self.assertEqual(item.position_id, position)
        self.assertEqual(position.amount_overdue, 120)

    def test_the_same_failed_address_on_both(self):
        double = self._customer("Rosi")
        failed = self.env["creditbox.failed.address"]
        for customer in double, self.customer:
            failed._note(customer, "email", ["rossi@example.com"], "unknown")
        self.merge(double, self.customer)
        self.assertEqual(len(self.customer.creditbox_failed_address_ids), 1)

    def test_dunned_customer_is_not_deleted(self):
        self._bill(70, 30)
        action = self._run().action_ids
        with self.assertRaisesRegex(UserError, "written to"):
            action.partner_id.unlink()
        with self.assertRaisesRegex(UserError, "is kept"):
            action.position_id.sudo().unlink()

    def test_items_follow_their_bill_to_another_supply(self):
        bill = self._bill(70, 30, self.supply.browse())
        self._run()
        item = self.env["creditbox.item"].search([("move_id", "=", bill.id)])
        bill.creditbox_supply_id = self.supply
        self.assertEqual(item.position_id.supply_id, self.supply)
