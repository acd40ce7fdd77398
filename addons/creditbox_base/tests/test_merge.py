from odoo.tests import tagged

from .common import CreditboxCommon


@tagged("creditbox", "post_install", "-at_install")
class TestMerge(CreditboxCommon):
    """Two records of one customer become one."""

    def merge(self, source, target):
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (source + target).ids, target
        )

    def test_positions_become_one(self):
        customer, double = self.make_customer("Rossi"), self.make_customer("Rosi")
        supply = self.make_supply(double, "W1")
        self.make_bill(customer, 100, days=10)
        self.make_bill(double, 40, days=10)
        self.make_bill(double, 7, days=10, supply=supply)
        position = self.position_model.search([("partner_id", "=", double.id)])[0]
        position.message_post(body="Called: will pay")
        self.merge(double, customer)
        positions = self.position_model.search([("partner_id", "=", customer.id)])
        self.assertEqual(
            {p.supply_id: p.amount_overdue for p in positions},
            {supply.browse(): 140, supply: 7},
        )
        self.assert_positions_right(customer)
        self.assertIn("will pay", "".join(positions.message_ids.mapped("body")))

    def test_bills_of_other_companies_count(self):
        customer = self.make_customer(company=self.company_b)
        double = self.make_customer(company=self.company_b)
        self.make_bill(double, 40, days=10)
        self.merge(double, customer)
        self.assert_positions_right(customer)
        self.assertFalse(double.exists())
