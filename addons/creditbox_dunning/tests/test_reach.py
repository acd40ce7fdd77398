from odoo.fields import Domain
from odoo.tests import tagged

from .common import DunningCommon


@tagged("post_install", "-at_install")
class TestReach(DunningCommon):
    """The filters say before the run whom a channel would not reach."""

    FIELDS = ("creditbox_has_mobile", "creditbox_has_email", "creditbox_has_pec")

    def _check(self, **right):
        """:param right: short name of a field: expected value"""
        names = {f"creditbox_has_{name}": value for name, value in right.items()}
        self.env.invalidate_all()
        for name, value in names.items():
            with self.subTest(name):
                self.assertIs(self.customer[name], value)
                of_customer = Domain("id", "=", self.customer.id)
                partners = self.env["res.partner"]
                for asked in (True, False):
                    domain = of_customer & Domain(name, "=", asked)
                    found = partners.search(domain)
                    self.assertEqual(bool(found), asked is value)
                positions = self.env["creditbox.position"].with_user(self.reader)
                domain = [(f"partner_id.{name}", "=", value)]
                self.assertIn(self.position, positions.search(domain))

    def test_filters(self):
        self.reader = self._user("reader")
        self._bill(100, 40)
        self.position = self.customer.creditbox_position_ids
        self._check(mobile=False, email=True, pec=False)
        self.customer.write(
            {
                "creditbox_mobile": "333 123 4567",
                "email": "no address",
                "creditbox_pec": "rossi@pec.example",
            }
        )
        self._check(mobile=True, email=False, pec=True)
        note = self.env["creditbox.failed.address"]._note
        note(self.customer, "sms", ["+393331234567"], "gone")
        note(self.customer, "pec", ["rossi@pec.example"], "gone")
        self._check(mobile=False, email=False, pec=False)

    def test_one_query_a_channel_for_many(self):
        customers = self.customer
        for number in range(20):
            customers += self._customer(f"Customer {number}")
        self.env.flush_all()
        customers.invalidate_recordset()
        with self.assertQueryCount(3):
            for name in self.FIELDS:
                customers.mapped(name)

    def test_a_customer_being_entered(self):
        self.assertFalse(self.env["res.partner"].new({}).creditbox_has_email)
