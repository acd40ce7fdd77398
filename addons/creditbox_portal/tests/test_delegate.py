from datetime import datetime, time, timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import PortalCommon


@tagged("creditbox", "post_install", "-at_install")
class TestDelegate(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill = cls._bill_now()
        cls.payment = cls._pay(10, customer=cls.customer)
        cls.admin_user = cls._portal_user(cls._customer("Condominio Studio"), "studio")

    def _grant(self, customer=None, days=10, **values):
        customer = customer or self.customer
        return self.env["creditbox.portal.delegate"].create(
            {
                "user_id": self.admin_user.id,
                "partner_id": customer.id,
                "company_id": customer.company_id.id,
                "date_to": self.today + timedelta(days=days),
                "reason": "Mandate",
                **values,
            }
        )

    def _seen(self, model):
        self.env.invalidate_all()
        return self._as(self.admin_user, self.env[model]).search([])

    def test_granted_and_taken_back(self):
        self.assertFalse(self._seen("account.move"))
        delegate = self._grant()
        self.assertEqual(self._seen("account.move"), self.bill)
        self.assertEqual(self._seen("creditbox.supply"), self.supply)
        self.assertEqual(self._seen("account.payment"), self.payment)
        delegate.active = False
        self.assertFalse(self._seen("account.move"))
        delegate.active = True
        self.assertEqual(self._seen("account.move"), self.bill)
        delegate.unlink()
        self.assertFalse(self._seen("account.move"))

    def test_it_ends_by_itself(self):
        self._grant(days=3)
        for days, seen in ((0, True), (3, True), (4, False)):
            with freeze_time(self.today + timedelta(days=days)):
                self.assertEqual(bool(self._seen("account.move")), seen)
                self.assertEqual(bool(self._seen("creditbox.supply")), seen)

    def test_not_before_it_begins(self):
        self._grant(date_from=self.today + timedelta(days=2))
        self.assertFalse(self._seen("account.move"))

    def test_the_day_is_the_companys(self):
        """Half an hour after midnight in Rome it is still yesterday in UTC."""
        self._grant(days=0)
        last = datetime.combine(self.today, time())
        for utc, seen in (
            (last - timedelta(hours=2, minutes=30), False),
            (last - timedelta(minutes=30), True),
            (last + timedelta(hours=21, minutes=30), True),
            (last + timedelta(hours=23, minutes=30), False),
        ):
            with self.subTest(utc=utc), freeze_time(utc):
                self.assertEqual(bool(self._seen("account.move")), seen)

    def test_customer_of_another_company(self):
        self._grant(self.stranger)
        self.assertEqual(self._seen("creditbox.supply"), self.stranger_supply)
        self.assertIn(self.company_b, self.admin_user.company_ids)
        self.assertNotIn(self.company_b, self.user.company_ids)

    def test_who_may_be_a_delegate(self):
        with self.assertRaises(ValidationError):
            self._grant(user_id=self._user("operator").id)
        address = self.env["res.partner"].create(
            {"name": "Casa", "parent_id": self.customer.id, "company_id": False}
        )
        with self.assertRaises(ValidationError):
            self._grant(address, company_id=self.company.id)

    def test_who_grants(self):
        values = {
            "user_id": self.admin_user.id,
            "partner_id": self.customer.id,
            "date_to": self.today,
            "reason": "Mandate",
        }
        model = self.env["creditbox.portal.delegate"]
        for role, may in (("operator", False), ("supervisor", True)):
            with self.subTest(role=role):
                records = model.with_user(self._user(role))
                self.assertEqual(records.has_access("create"), may)
        granted = model.with_user(self._user("manager")).create(values)
        self.assertEqual(self._seen("account.move"), self.bill)
        with self.assertRaises(AccessError):
            granted.with_user(self.user).date_to = self.today
