from odoo.tests import tagged

from odoo.addons.creditbox_base.tests.common import ROLES

from .common import EvaluationCommon

COMPUTED = {"reader": "r"}
SETTINGS = {"reader": "r", "administrator": "rwcu"}
DECIDED = {"reader": "r", "manager": "rwc", "administrator": "rwcu"}
# model: {role: operations}; a role not named has those of the one before it.
RIGHTS = {
    "creditbox.rating": COMPUTED,
    "creditbox.rating.history": COMPUTED,
    "creditbox.information.report": COMPUTED,
    "creditbox.information.file": COMPUTED,
    "creditbox.information.error": COMPUTED,
    "creditbox.rating.band": SETTINGS,
    "creditbox.rating.rule": SETTINGS,
    "creditbox.information.column": SETTINGS,
    "creditbox.limit": DECIDED,
    "creditbox.cover": DECIDED,
    "creditbox.alert": {"reader": "r", "operator": "rwc", "administrator": "rwcu"},
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
LADDER = ("reader", "operator", "supervisor", "manager", "administrator")


@tagged("creditbox", "post_install", "-at_install")
class TestAccess(EvaluationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {role: cls.make_user(role) for role in ROLES}

    def test_rights_of_each_role(self):
        for model, rights in RIGHTS.items():
            allowed = ""
            for role in LADDER:
                allowed = rights.get(role, allowed)
                self.assert_rights(model, role, allowed)
            self.assert_rights(model, "controller", "r")

    def assert_rights(self, model, role, allowed):
        records = self.as_user(self.users[role], self.env[model])
        for letter, operation in OPERATIONS.items():
            with self.subTest(model=model, role=role, operation=operation):
                self.assertEqual(records.has_access(operation), letter in allowed)

    def test_each_model_has_a_rule_of_companies(self):
        """Whoever lacks a company sees none of its rows."""
        self.make_rows(self.make_customer(company=self.company_b))
        for model in RIGHTS:
            theirs = self.env[model].search([("company_id", "=", self.company_b.id)])
            with self.subTest(model):
                self.assertTrue(theirs)
                for role in ("reader", "administrator"):
                    mine = self.as_user(self.users[role], self.env[model])
                    self.assertFalse(mine.search([("id", "in", theirs.ids)]))
                both = self.make_user("controller", self.companies)
                self.assertEqual(
                    self.as_user(both, self.env[model]).search(
                        [("id", "in", theirs.ids)]
                    ),
                    theirs,
                )
                both.unlink()

    def make_rows(self, customer):
        company = {"company_id": self.company_b.id}
        owner = {"partner_id": customer.id, **company}
        self.rule.copy({**company, "date_from": self.today})
        self.env["creditbox.rating.band"].create(
            {"name": "All", "score_from": 0, **company}
        )
        self.make_history(customer, [0] * 6)
        self.ratings._refresh(companies=self.company_b)
        insurer, provider = self.env["creditbox.provider"].create(
            [
                {"name": "I", "kind": "insurer", **company},
                {"name": "P", "kind": "information", **company},
            ]
        )
        self.env["creditbox.limit"].create({"amount": 1, **owner})
        self.env["creditbox.cover"].create(
            {
                "provider_id": insurer.id,
                "policy": "P",
                "amount": 1,
                "date_to": self.today,
                **owner,
            }
        )
        self.alerts.create({"kind": "insolvency", **owner})
        report = self.env["creditbox.information.report"]._request(
            customer, self.company_b, provider
        )
        report.action_request_file()
        files = self.env["creditbox.information.file"]
        file = files._take(
            provider, "x.csv", b"reference;rating\r\nnobody;A\r\n", self.company_b
        )
        self.assertTrue(file.error_ids)
