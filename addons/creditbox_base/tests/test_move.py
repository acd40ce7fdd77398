from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CreditboxCommon


@tagged("creditbox", "post_install", "-at_install")
class TestMove(CreditboxCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer()
        cls.supply = cls.make_supply(cls.customer, "W1")
        cls.bill = cls.make_bill(
            cls.customer, 100, days=40, supply=cls.supply, creditbox_ref="B1"
        )

    @mute_logger("odoo.sql_db")
    def test_billing_system_number_is_unique_in_the_company(self):
        other = self.make_customer(company=self.company_b)
        self.make_bill(other, 1, creditbox_ref="B1")
        with self.assertRaises(IntegrityError):
            self.make_bill(self.customer, 1, creditbox_ref="B1")

    @mute_logger("odoo.sql_db")
    def test_payment_number_is_unique_in_the_company(self):
        self.make_payment(self.customer, 1).creditbox_ref = "P1"
        with self.assertRaises(IntegrityError):
            self.make_payment(self.customer, 1).creditbox_ref = "P1"
            self.env.flush_all()

    def test_copy_is_another_bill(self):
        self.assertFalse(self.bill.copy().creditbox_ref)

    def test_supply_of_another_company_is_refused(self):
        other = self.make_supply(self.make_customer(company=self.company_b), "G1")
        with self.assertRaises(UserError):
            self.bill.creditbox_supply_id = other

    def test_bill_leads_to_its_position(self):
        action = self.bill.action_open_creditbox_position()
        self.assertEqual(
            self.position_model.browse(action["res_id"]),
            self.position(self.customer, self.supply),
        )

    def test_holds_are_counted(self):
        self.make_hold("bill", self.bill)
        self.assertEqual(self.bill.creditbox_hold_count, 1)
        self.make_hold("supply", self.supply)
        self.assertEqual(self.supply.hold_count, 1)
        self.assertEqual(self.customer.creditbox_hold_count, 2)
        self.assertEqual(self.supply.bill_count, 1)
