from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ConsoleCommon


@tagged("post_install", "-at_install")
class TestGroupDebtor(ConsoleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_c = cls.make_company("Luce Test")
        cls.env.user.company_ids += cls.company_c
        code = {"creditbox_fiscal_code": "rssmra80a01 g702x"}
        cls.rossi = (
            cls.make_customer("Rossi Mario", **code),
            cls.make_customer("Mario Rossi", company=cls.company_b, **code),
            cls.make_customer("ROSSI MARIO", company=cls.company_c, **code),
        )
        for customer, amount, days in zip(
            cls.rossi, (100, 20, 3), (10, 400, -5), strict=True
        ):
            cls.make_bill(customer, amount, days=days)
        firm = cls.make_customer("Firm", vat="IT12345670785")
        firm_b = cls.make_customer(
            "Firm", company=cls.company_b, creditbox_fiscal_code="12345670785"
        )
        cls.make_bill(firm, 5, days=3)
        cls.make_bill(firm_b, 6, days=3)
        for name in ("No Code", "No Code"):
            cls.make_bill(cls.make_customer(name), 1, days=3)
        companies = cls.company + cls.company_b + cls.company_c
        cls.controller = cls.make_user("controller", companies)
        cls.narrow = cls.make_user("controller", cls.companies)

    def _debtors(self, user):
        self.env.invalidate_all()  # as a new request
        debtors = self.as_user(user, self.env["creditbox.group.debtor"])
        return debtors.search([]).grouped("tax_code")

    def test_one_row_a_person(self):
        found = self._debtors(self.controller)
        rossi = found["RSSMRA80A01G702X"]
        self.assertEqual(len(rossi), 1)
        self.assertEqual((rossi.amount_overdue, rossi.amount_not_due), (120, 3))
        self.assertEqual((rossi.days_overdue, rossi.company_count), (400, 3))
        self.assertEqual(
            rossi.owed,
            "Acqua Test 100.00\xa0€ · Gas Test 20.00\xa0€ · Luce Test 3.00\xa0€",
        )
        customers = self.env["res.partner"].search(
            rossi.action_open_customers()["domain"]
        )
        self.assertEqual(customers, self.env["res.partner"].union(*self.rossi))
        self.assertEqual(len(rossi.position_ids), 3)

    def test_found_by_any_of_the_names(self):
        debtors = self.as_user(self.controller, self.env["creditbox.group.debtor"])
        for name, codes in (
            ("mario r", ["RSSMRA80A01G702X"]),
            ("Rossi M", ["RSSMRA80A01G702X"]),
            ("no code", [False, False]),
            ("nobody", []),
        ):
            with self.subTest(name=name):
                found = debtors.search([("name", "ilike", name)])
                self.assertEqual(found.mapped("tax_code"), codes)
        narrow = self.as_user(self.narrow, self.env["creditbox.group.debtor"])
        self.assertFalse(narrow.search([("name", "=", "ROSSI MARIO")]))

    def test_vat_number_and_fiscal_code_of_a_firm(self):
        firm = self._debtors(self.controller)["12345670785"]
        self.assertEqual(firm.amount_overdue, 11)

    def test_without_a_code_nobody_is_taken_for_another(self):
        self.assertEqual(len(self._debtors(self.controller)[False]), 2)

    def test_a_tax_code_entered_afterwards_joins_two_customers(self):
        """The sums are kept by code: they follow the customer's own."""
        one = self.make_customer("Bruni Anna")
        other = self.make_customer("Anna Bruni", company=self.company_b)
        for customer in (one, other):
            self.make_bill(customer, 7, days=3)
        before = self._debtors(self.controller)[False]
        self.assertEqual(
            before.filtered(lambda d: d.amount_overdue == 7).ids, [one.id, other.id]
        )
        for customer in (one, other):  # as an acquisition does
            customer.creditbox_fiscal_code = "BRNNNA80A41G702W"
        waiting = self.env.cr.precommit.data["creditbox_tax_codes"]
        self.assertLessEqual({one.id, other.id}, waiting, "asked once, for both")
        self.env.cr.flush()
        bruni = self._debtors(self.controller)["BRNNNA80A41G702W"]
        self.assertEqual((bruni.amount_overdue, bruni.name), (14, "Bruni Anna"))

    def test_nothing_of_a_company_that_one_lacks(self):
        rossi = self._debtors(self.narrow)["RSSMRA80A01G702X"]
        self.assertEqual(rossi.amount_not_due, 0)
        self.assertEqual(rossi.company_count, 2)
        self.assertNotIn("Luce", rossi.owed)
        self.assertEqual(rossi.position_ids.company_id, self.companies)
        asked = (
            self.env["creditbox.group.debtor"]
            .with_user(self.narrow)
            .with_context(allowed_company_ids=[*self.companies.ids, self.company_c.id])
        )
        with self.assertRaises(AccessError):
            asked.search([])

    def test_queries_do_not_grow(self):
        debtors = self.as_user(self.controller, self.env["creditbox.group.debtor"])

        def ask():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            debtors.web_search_read([], {"name": {}, "owed": {}})
            return self.env.cr.sql_log_count - before

        ask()
        few = ask()
        for number in range(10):
            self.make_bill(self.make_customer(f"Cliente {number}"), 5, days=3)
        self.assertLessEqual(ask(), few)

    def test_nobody_but_the_controller(self):
        for role in ("reader", "operator", "supervisor", "manager", "administrator"):
            with self.subTest(role):
                user = self.make_user(role, self.companies)
                debtors = self.as_user(user, self.env["creditbox.group.debtor"])
                with self.assertRaises(AccessError):
                    debtors.search([])
