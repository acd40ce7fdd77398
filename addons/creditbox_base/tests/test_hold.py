from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import CreditboxCommon


@tagged("creditbox", "post_install", "-at_install")
class TestHold(CreditboxCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer()
        cls.supply = cls.make_supply(cls.customer, "W1")
        cls.bill = cls.make_bill(cls.customer, 100, days=40, supply=cls.supply)
        cls.second = cls.make_bill(cls.customer, 50, days=10, supply=cls.supply)
        cls.elsewhere = cls.make_bill(cls.customer, 30, days=10)

    def held(self):
        position = self.position(self.customer, self.supply)
        return position.state, position.amount_held, position.held_until

    def test_each_level_holds_its_bills(self):
        cases = (
            ("bill", self.bill, ("overdue", 100), 100, "overdue"),
            ("supply", self.supply, ("held", 150), 150, "overdue"),
            ("customer", self.customer, ("held", 150), 180, "held"),
        )
        for level, target, expected, amount_held, state_elsewhere in cases:
            with self.subTest(level=level):
                hold = self.make_hold(level, target)
                self.assertEqual(self.held(), (*expected, hold.date_to))
                self.assertEqual(hold.amount_held, amount_held)
                self.assertEqual(hold.customer_id, self.customer)
                self.assertEqual(self.position(self.customer).state, state_elsewhere)
                hold.action_release()
                self.assertEqual(self.held(), ("overdue", 0, False))

    def test_first_and_last_day_belong_to_the_hold(self):
        end = self.today + timedelta(days=10)
        self.make_hold("supply", self.supply, date_from=self.today + timedelta(days=3))
        for days, state in ((2, "overdue"), (3, "held"), (10, "held"), (11, "overdue")):
            with self.subTest(days=days):
                day = self.today + timedelta(days=days)
                with freeze_time(f"{day} 10:00:00"):
                    self.position_model._refresh(companies=self.company)
                    self.assertEqual(self.held()[0], state)
                    self.assertEqual(self.held()[2], state == "held" and end)

    def test_comes_back_by_itself(self):
        hold = self.make_hold("supply", self.supply)
        after = hold.date_to + timedelta(days=1)
        with freeze_time(f"{hold.date_to} 10:00:00"):
            self.env["creditbox.hold"]._cron_expire()
            self.assertEqual(hold.state, "active")
        with freeze_time(f"{after} 10:00:00"):
            self.env["creditbox.hold"]._cron_expire()
        self.assertEqual(hold.state, "expired")
        self.assertEqual(self.held(), ("overdue", 0, False))
        self.assertIn("W1", self.customer.message_ids[0].body)
        self.assertIn("has ended", self.customer.message_ids[0].body)

    def test_two_holds_the_longer_counts(self):
        longer = self.make_hold("customer", self.customer, days=20)
        self.make_hold("bill", self.bill, days=5)
        self.assertEqual(self.held(), ("held", 150, longer.date_to))

    def test_deleted_hold_holds_no_more(self):
        self.make_hold("supply", self.supply).unlink()
        self.assertEqual(self.held()[0], "overdue")

    @mute_logger("odoo.sql_db")
    def test_exactly_the_target_of_the_level(self):
        for level, values in (
            ("bill", {}),
            ("bill", {"supply_id": self.supply.id}),
            ("supply", {"move_id": self.bill.id}),
            ("customer", {"partner_id": self.customer.id, "move_id": self.bill.id}),
        ):
            with self.subTest(level=level, values=values):
                with self.assertRaises(IntegrityError):
                    self.env["creditbox.hold"].create(
                        {
                            "level": level,
                            "company_id": self.company.id,
                            "reason_id": self.reason.id,
                            "date_to": self.today,
                            **values,
                        }
                    )

    @mute_logger("odoo.sql_db")
    def test_end_is_mandatory_and_not_before_the_start(self):
        with self.assertRaises(IntegrityError):
            self.make_hold("bill", self.bill, date_to=False)
        with self.assertRaises(IntegrityError):
            self.make_hold("bill", self.bill, days=-1)

    def test_longest_duration_of_the_reason(self):
        self.reason.max_days = 30
        self.make_hold("bill", self.bill, days=29)
        with self.assertRaises(ValidationError):
            self.make_hold("bill", self.bill, days=30)

    def test_companies_do_not_mix(self):
        with self.assertRaises(UserError):
            self.make_hold("bill", self.bill, company_id=self.company_b.id)

    def test_form_follows_the_level(self):
        with Form(self.env["creditbox.hold"].with_company(self.company)) as form:
            form.level = "bill"
            form.move_id = self.bill
            form.level = "supply"
            form.supply_id = self.supply
            form.reason_id = self.reason
            form.date_to = self.today
            hold = form.save()
        self.assertFalse(hold.move_id)
        self.assertEqual(self.held()[0], "held")

    def test_selection_of_positions(self):
        positions = self.position_model.search([("partner_id", "=", self.customer.id)])
        self.make_bill(self.customer, 500, days=-10, supply=self.supply)
        expected = {
            "bill": {self.bill, self.second, self.elsewhere},
            "supply": {self.supply},
            "customer": {self.customer},
        }
        operator = self.make_user("operator")
        for level, targets in expected.items():
            with self.subTest(level=level):
                wizard = self.as_user(
                    operator, self.env["creditbox.position.hold"]
                ).with_context(active_ids=positions.ids)
                with Form(wizard) as form:
                    form.level = level
                    form.reason_id = self.reason
                    self.assertEqual(form.date_to, self.today + timedelta(days=29))
                action = form.save().action_hold()
                holds = self.env["creditbox.hold"].search(
                    action.get("domain") or [("id", "=", action.get("res_id"))]
                )
                held = [h.move_id or h.supply_id or h.partner_id for h in holds]
                self.assertEqual(set(held), targets)
                self.assertEqual(holds.user_id, operator)

    def test_nothing_to_hold_is_said(self):
        customer = self.make_customer("Puntuale")
        self.make_bill(customer, 10, days=-10)
        wizard = self.env["creditbox.position.hold"].create(
            {
                "position_ids": self.position(customer).ids,
                "reason_id": self.reason.id,
            }
        )
        for level in ("bill", "supply"):
            wizard.level = level
            with self.assertRaises(UserError):
                wizard.action_hold()
