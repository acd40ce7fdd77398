from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import EvaluationCommon


@tagged("creditbox", "post_install", "-at_install")
class TestLimit(EvaluationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer()
        cls.manager = cls.make_user("manager")
        cls.insurer = cls.env["creditbox.provider"].create(
            {"name": "Insurer", "kind": "insurer"}
        )

    def make_limit(self, **vals):
        return self.env["creditbox.limit"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "amount": 500,
                **vals,
            }
        )

    def make_cover(self, **vals):
        return self.env["creditbox.cover"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "provider_id": self.insurer.id,
                "policy": "P1",
                "amount": 300,
                "date_from": self.today,
                "date_to": self.today + timedelta(days=365),
                **vals,
            }
        )

    def test_manager_decides_on_the_screen(self):
        limits = self.as_user(self.manager, self.env["creditbox.limit"])
        with Form(limits.with_company(self.company)) as form:
            form.partner_id = self.customer
            form.amount = 800
        limit = form.record
        self.assertEqual(limit.user_id, self.manager)
        self.assertEqual(limit.company_id, self.company)

    def test_who_changes_it_has_decided(self):
        limit = self.make_limit()
        self.as_user(self.manager, limit).note = "Looked at"
        self.assertNotEqual(limit.user_id, self.manager)
        self.as_user(self.manager, limit).amount = 900
        self.assertEqual(limit.user_id, self.manager)

    def test_changes_stand_on_the_chatter(self):
        limit = self.make_limit().with_context(tracking_disable=False)
        self.env.flush_all()
        self.env.cr.precommit.clear()
        limit.amount = 700
        self.env.flush_all()
        self.env.cr.precommit.run()
        values = limit.message_ids.tracking_value_ids
        self.assertIn(700, values.mapped("new_value_float"))

    def test_only_managers(self):
        limit, cover = self.make_limit(), self.make_cover()
        for role in ("reader", "operator", "supervisor", "controller"):
            user = self.make_user(role)
            for record in (limit, cover):
                with self.subTest(role=role, model=record._name):
                    mine = self.as_user(user, record)
                    self.assertTrue(mine.amount)
                    with self.assertRaises(AccessError):
                        mine.amount = 1
                    with self.assertRaises(AccessError):
                        mine.copy()

    def test_exposure_against_both(self):
        limit, cover = self.make_limit(), self.make_cover()
        self.make_bill(self.customer, 300, days=40)
        self.make_bill(self.customer, 150, days=-10)
        self.make_payment(self.customer, 50)
        self.assertEqual(limit.amount_balance, 400)
        self.assertEqual(limit.amount_available, 100)
        self.assertEqual(limit.usage, 80)
        self.assertEqual(cover.amount_uncovered, 100)
        self.make_cover(policy="P2", amount=60)
        cover.invalidate_recordset()
        self.assertEqual(cover.amount_uncovered, 40)

    def test_one_limit_a_customer_and_company(self):
        limit = self.make_limit()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.make_limit()
        limit.active = False
        self.env.flush_all()
        self.assertTrue(self.make_limit(amount=1))

    def test_refused(self):
        address = self.make_customer("Site", parent_id=self.customer.id, type="other")
        other = self.env["creditbox.provider"].create({"name": "X", "kind": "lawyer"})
        with self.assertRaises(ValidationError):
            self.make_limit(partner_id=address.id)
        with self.assertRaises(ValidationError):
            self.make_cover(provider_id=other.id)
        for make, vals in (
            (self.make_limit, {"amount": -1}),
            (self.make_limit, {"date_to": self.today - timedelta(days=1)}),
            (self.make_cover, {"date_to": self.today - timedelta(days=1)}),
        ):
            with self.subTest(vals), self.assertRaises(IntegrityError):
                with mute_logger("odoo.sql_db"):
                    make(**vals)

    def test_same_queries_for_few_and_many(self):
        def queries(limits):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            limits.read(["amount_balance", "amount_available"])
            return self.env.cr.sql_log_count - start

        limits = self.env["creditbox.limit"].union(
            *(self.make_limit(partner_id=self.make_customer(f"C{n}").id)
              for n in range(12))
        )  # fmt: skip
        queries(limits[:1])
        self.assertEqual(queries(limits[:2]), queries(limits[2:]))
