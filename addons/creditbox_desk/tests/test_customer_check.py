from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import TODAY, DeskCommon

GOOD = {
    "creditbox_mobile": "+393331234567",
    "creditbox_fiscal_code": "RSSMRA85T10A562S",
    "email": "mario.rossi@example.com",
}


@tagged("creditbox", "post_install", "-at_install")
@freeze_time(TODAY)
class TestCustomerCheck(DeskCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write(GOOD)
        (cls.position | cls.gas_position).user_id = cls.operator
        cls.checks = cls.env["creditbox.customer.check"].with_user(cls.operator)

    def found(self):
        self.env.flush_all()
        self.env.invalidate_all()  # as each request begins
        customer = self.customer.with_user(self.operator)
        return self.checks._found(customer, self.company)

    def codes(self):
        return [finding["code"] for finding in self.found()]

    def mend(self, code):
        [finding] = [f for f in self.found() if f["code"] == code]
        return self.checks.mend(self.customer.id, self.company.id, code, finding["id"])

    def test_nothing_to_say_of_a_good_customer(self):
        self.assertEqual(self.codes(), [])

    def test_what_each_fault_is_called(self):
        cases = (
            ({"email": False}, ["email"]),
            ({"email": "mario@"}, ["email"]),
            ({"creditbox_mobile": False}, ["mobile"]),
            ({"creditbox_mobile": "123"}, ["mobile"]),
            (
                {"creditbox_mobile": False, "email": False},
                ["contact", "email", "mobile"],
            ),
            ({"is_company": True, "vat": "IT12345670017"}, ["pec"]),
            ({"is_company": True, "creditbox_pec": "a@pec.it"}, ["vat"]),
            ({"creditbox_pec": "a@gmail.com"}, ["pec"]),
            ({"creditbox_fiscal_code": "RSSMRA85T10A562X"}, ["fiscal_code"]),
            ({"creditbox_fiscal_code": False}, ["fiscal_code"]),
            ({"zip": False}, ["address"]),
        )
        for values, codes in cases:
            with self.subTest(values=values):
                self.customer.write(
                    {
                        "is_company": False,
                        "vat": False,
                        "creditbox_pec": False,
                        "zip": "20100",
                        **GOOD,
                        **values,
                    }
                )
                self.assertEqual(self.codes(), codes)
                for code in codes:
                    action = self.mend(code)
                    view = self.env[action["res_model"]].get_view(action["views"][0][0])
                    self.assertIn("<form", view["arch"])
                    self.assertEqual(action["res_id"], self.customer.id)

    def test_iban(self):
        bank = self.env["res.partner.bank"].create(
            {
                "partner_id": self.customer.id,
                "acc_number": "IT00X0542811101000000123456",
            }
        )
        self.assertEqual(self.mend("iban")["res_id"], bank.id)

    def test_same_fiscal_code_twice(self):
        twin = self._customer("Twin", **GOOD)
        self.assertEqual(self.codes(), ["twin"])
        domain = self.mend("twin")["domain"]
        found = self.env["res.partner"].search(domain)
        self.assertEqual(found, self.customer | twin)
        twins = self.env["res.partner"].search([("creditbox_twin", "=", True)])
        self.assertEqual(twins & found, found)
        self.assertTrue(twin.creditbox_twin)
        other = self.setup_other_company()["company"]
        twin.company_id = other
        self.assertEqual(self.codes(), [])
        self.assertFalse(
            self.env["res.partner"].search([("creditbox_twin", "=", True)]) & twin
        )

    def test_failed_address(self):
        self.env["creditbox.failed.address"]._note(
            self.customer, "email", [self.customer.email], "No mailbox"
        )
        self.assertEqual(self.codes(), ["failed"])
        self.customer.email = "new@example.com"
        self.assertEqual(self.codes(), [])

    def test_no_operator(self):
        self.position.user_id = False
        self.assertEqual(self.codes(), ["operator"])
        self.assertFalse(self.mend("operator"))
        self.assertEqual(self.position.user_id, self.operator)

    def test_supplies(self):
        self.supply.meter_id = False
        self.assertEqual(self.codes(), ["meter"])
        self.assertEqual(self.mend("meter")["res_id"], self.supply.id)
        power = self.env.ref("creditbox_base.service_type_electricity")
        self.gas_supply.service_type_id = power
        self.assertEqual(self.codes(), ["meter", "supply_code"])

    def test_unknown_check(self):
        with self.assertRaises(UserError):
            self.checks.mend(self.customer.id, self.company.id, "unlink", 1)

    def test_filters_of_the_lists(self):
        for view, model in (
            ("creditbox_base.res_partner_view_search", "res.partner"),
            ("creditbox_base.creditbox_position_view_search", "creditbox.position"),
        ):
            arch = self.env[model].get_view(self.env.ref(view).id, "search")["arch"]
            self.assertIn('name="unreachable"', arch)
        self.customer.write({"email": False, "creditbox_mobile": False})
        found = self.env["creditbox.position"].search(
            [
                ("partner_id.creditbox_has_email", "=", False),
                ("partner_id.creditbox_has_mobile", "=", False),
                ("partner_id.creditbox_has_pec", "=", False),
                ("company_id", "=", self.company.id),
            ]
        )
        self.assertEqual(found, self.position | self.gas_position)
