from ast import literal_eval

from lxml import etree

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

    def test_companies_without_pec(self):
        """Whoever has a VAT number has to have a PEC, as companies have."""
        cases = {
            "company": ({"is_company": True}, True),
            "sole trader": ({"vat": "IT12345670017"}, True),
            "without the country": ({"vat": "12345670017"}, True),
            "person": ({"creditbox_fiscal_code": "RSSMRA80A01F205X"}, False),
            "foreigner": ({"vat": "FR23334175221"}, False),
            "has one": ({"is_company": True, "creditbox_pec": "a@pec.example"}, False),
        }
        customers = {}
        for name, (values, _expected) in cases.items():
            customers[name] = self._customer(name, **values)
            self._bill(10, 40, self._supply(customers[name], name))
        found = {
            model: self.env[model].search(self._filter(view, "no_pec"))
            for model, view in (
                ("res.partner", "res_partner_view_search"),
                ("creditbox.position", "creditbox_position_view_search"),
            )
        }
        for name, (_values, expected) in cases.items():
            customer = customers[name]
            with self.subTest(name):
                self.assertIs(customer in found["res.partner"], expected)
                debtors = found["creditbox.position"].partner_id
                self.assertIs(customer in debtors, expected)

    def _filter(self, view, name):
        """:return: domain of a filter, as the screen has it"""
        view = self.env.ref(f"creditbox_dunning.{view}")
        arch = self.env[view.model].get_view(view.inherit_id.id, "search")["arch"]
        [found] = etree.fromstring(arch).xpath(f"//filter[@name='{name}']")
        return literal_eval(found.get("domain"))

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
