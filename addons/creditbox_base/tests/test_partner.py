from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CreditboxCommon


@tagged("creditbox", "post_install", "-at_install")
class TestPartner(CreditboxCommon):
    def test_mobile_is_kept_in_e164(self):
        customer = self.make_customer(creditbox_mobile="333 1234567")
        self.assertEqual(customer.creditbox_mobile, "+393331234567")
        customer.creditbox_mobile = "0039 334/7654321"
        self.assertEqual(customer.creditbox_mobile, "+393347654321")
        customer.creditbox_mobile = "chiamare la sera"
        self.assertEqual(customer.creditbox_mobile, "chiamare la sera")
        self.assertIn("chiamare la sera", customer.creditbox_warnings)

    def test_warnings_name_each_wrong_value(self):
        customer = self.make_customer(
            creditbox_code="1",
            creditbox_fiscal_code="RSSMRA80A01H501Z",
            vat="IT00743110158",
            phone="12",
            creditbox_mobile="06 12345678",
            email="mario",
            creditbox_pec="mario@gmail.com",
        )
        self.env["res.partner.bank"].create(
            {"partner_id": customer.id, "acc_number": "IT61X0542811101000000123456"}
        )
        words = ("Fiscal code", "VAT", "IBAN", "Phone", "Mobile", "E-mail", "PEC")
        lines = customer.creditbox_warnings.splitlines()
        self.assertEqual(len(lines), len(words))
        for line, word in zip(lines, words, strict=True):
            self.assertTrue(line.startswith(word), line)

    def test_good_data_give_no_warning(self):
        customer = self.make_customer(
            creditbox_fiscal_code="RSSMRA80A01H501U", email="mario@example.com"
        )
        self.assertFalse(customer.creditbox_warnings)

    def test_wrong_vat_is_refused_only_outside_the_billing_system(self):
        self.make_customer(creditbox_code="1", vat="00743110158")
        with self.assertRaises(ValidationError):
            self.make_customer(vat="IT00743110158")

    @mute_logger("odoo.sql_db")
    def test_code_is_unique_in_the_company(self):
        self.make_customer(creditbox_code="7")
        self.make_customer(creditbox_code="7", company=self.company_b)
        with self.assertRaises(IntegrityError):
            self.make_customer(creditbox_code="7")

    def test_figures_are_the_sum_of_the_positions(self):
        customer = self.make_customer()
        supplies = [self.make_supply(customer, code) for code in ("W1", "W2")]
        self.make_bill(customer, 100, days=10, supply=supplies[0])
        self.make_bill(customer, 50, days=40, supply=supplies[1])
        self.make_bill(customer, 30, days=-10, supply=supplies[1])
        self.make_payment(customer, 20)
        self.assertEqual(customer.creditbox_amount_overdue, 150)
        self.assertEqual(customer.creditbox_amount_not_due, 30)
        self.assertEqual(customer.creditbox_amount_credit, 20)
        self.assertEqual(customer.creditbox_amount_balance, 160)
        self.assertEqual(customer.creditbox_supply_count, 2)
        self.assertEqual(supplies[1].amount_overdue, 50)
        self.assertEqual(supplies[1].amount_balance, 80)

    def test_debt_of_a_contact_is_debt_of_the_customer(self):
        customer = self.make_customer(is_company=True)
        contact = self.make_customer("Ufficio acquisti", parent_id=customer.id)
        self.make_payment(contact, 20)
        self.make_bill(contact, 100, days=1)
        position = self.position(customer)
        self.assertEqual(position.amount_overdue, 100)
        self.assertEqual(position.amount_credit, 20)
        self.assertEqual(contact.creditbox_amount_overdue, 100)
