from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CreditboxCommon


@tagged("creditbox", "post_install", "-at_install")
class TestMeter(CreditboxCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.active = cls.env.ref("creditbox_base.meter_state_active")
        cls.suspended = cls.env.ref("creditbox_base.meter_state_suspended")
        cls.meter = cls.env["creditbox.meter"].create(
            {
                "serial": "M1",
                "company_id": cls.company.id,
                "meter_state_id": cls.active.id,
            }
        )
        cls.customer = cls.make_customer()
        cls.supply = cls.make_supply(
            cls.customer,
            "W1",
            meter_id=cls.meter.id,
            street="Via Roma 1",
            city="Bari",
        )

    def test_states_are_kept_with_date_and_author(self):
        operator = self.make_user("operator")
        meter = self.as_user(operator, self.meter)
        meter.with_context(creditbox_state_note="Order 7").write(
            {"meter_state_id": self.suspended.id}
        )
        meter.write({"meter_state_id": self.suspended.id})  # nothing new
        history = self.meter.state_history_ids.sorted("id")
        self.assertEqual(history.meter_state_id, self.active + self.suspended)
        self.assertEqual(len(history), 2)
        self.assertEqual(history[1].user_id, operator)
        self.assertEqual(history[1].date, self.today)
        self.assertEqual(history[1].note, "Order 7")
        self.assertEqual(history[1].company_id, self.company)

    def test_supply_shows_the_state_of_its_meter(self):
        self.assertEqual(self.supply.meter_state_id, self.active)
        self.meter.meter_state_id = self.suspended
        self.assertEqual(self.supply.meter_state_id, self.suspended)

    @mute_logger("odoo.sql_db")
    def test_serial_and_code_are_unique_in_the_company(self):
        meters = self.env["creditbox.meter"]
        meters.create({"serial": "M1", "company_id": self.company_b.id})
        with self.assertRaises(IntegrityError):
            meters.create({"serial": "M1", "company_id": self.company.id})
        with self.assertRaises(IntegrityError):
            self.make_supply(self.customer, "W1")

    def test_companies_do_not_mix(self):
        other = self.env["creditbox.meter"].create(
            {"serial": "M2", "company_id": self.company_b.id}
        )
        with self.assertRaises(UserError):
            self.supply.meter_id = other
        with self.assertRaises(UserError):
            self.supply.partner_id = self.make_customer(company=self.company_b)

    def test_name_and_search_of_a_supply(self):
        self.assertEqual(self.supply.display_name, "W1 – Via Roma 1, Bari")
        for text in ("W1", "via roma", "Bari"):
            with self.subTest(text=text):
                found = self.env["creditbox.supply"].name_search(text)
                self.assertIn(self.supply.id, [supply_id for supply_id, _name in found])

    def test_wrong_code_is_a_warning(self):
        self.assertFalse(self.supply.code_warning)
        self.supply.service_type_id = self.env.ref(
            "creditbox_base.service_type_electricity"
        )
        self.assertIn("POD W1", self.supply.code_warning)
