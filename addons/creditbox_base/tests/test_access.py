from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ROLES, CreditboxCommon

TYPOLOGIES = (
    "creditbox.customer.type",
    "creditbox.service.type",
    "creditbox.meter.type",
    "creditbox.meter.state",
    "creditbox.provider",
    "creditbox.hold.reason",
)
# model: {role: operations}; a role not named has those of the one before it.
RIGHTS = {
    **{m: {"reader": "r", "administrator": "rwcu"} for m in TYPOLOGIES},
    "creditbox.supply": {
        "reader": "r",
        "operator": "rw",
        "manager": "rwc",
        "administrator": "rwcu",
    },
    "creditbox.meter": {
        "reader": "r",
        "operator": "rw",
        "manager": "rwc",
        "administrator": "rwcu",
    },
    "creditbox.meter.reading": {"reader": "r", "operator": "rwc", "manager": "rwcu"},
    "creditbox.meter.state.history": {"reader": "r"},
    "creditbox.position": {"reader": "r", "operator": "rw"},
    "creditbox.hold": {"reader": "r", "operator": "rwc", "manager": "rwcu"},
    "account.move": {"reader": "r"},
    "account.payment": {"reader": "r"},
    "res.partner": {"reader": "r", "operator": "rwcu"},
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
LADDER = ("reader", "operator", "supervisor", "manager", "administrator")


@tagged("creditbox", "post_install", "-at_install")
class TestAccess(CreditboxCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {role: cls.make_user(role) for role in ROLES}
        for company in cls.companies:
            customer = cls.make_customer(company=company)
            supply = cls.make_supply(customer, f"S{company.id}")
            cls.make_bill(customer, 100, days=40, supply=supply)

    def test_rights_of_each_role(self):
        for model, rights in RIGHTS.items():
            allowed = ""
            for role in LADDER:
                allowed = rights.get(role, allowed)
                records = self.as_user(self.users[role], self.env[model])
                for letter, operation in OPERATIONS.items():
                    with self.subTest(model=model, role=role, operation=operation):
                        self.assertEqual(
                            records.has_access(operation), letter in allowed
                        )

    def test_controller_reads_and_no_more(self):
        for model in RIGHTS:
            records = self.as_user(self.users["controller"], self.env[model])
            for letter, operation in OPERATIONS.items():
                with self.subTest(model=model, operation=operation):
                    self.assertEqual(records.has_access(operation), letter == "r")

    def test_each_company_on_its_own(self):
        group = self.make_user("controller", self.companies)
        for model in ("creditbox.position", "creditbox.supply"):
            with self.subTest(model=model):
                mine = self.as_user(self.users["manager"], self.env[model]).search([])
                self.assertEqual(mine.company_id, self.company)
                both = self.as_user(group, self.env[model]).search([])
                self.assertEqual(both.company_id, self.companies)
                ticked = both.with_context(allowed_company_ids=self.company_b.ids)
                self.assertEqual(ticked.search([]).company_id, self.company_b)

    def test_foreign_position_cannot_be_read(self):
        foreign = self.position_model.search([("company_id", "=", self.company_b.id)])
        with self.assertRaises(AccessError):
            self.as_user(self.users["administrator"], foreign).read(["amount_overdue"])

    def test_shared_providers_are_everybodys(self):
        providers = self.env["creditbox.provider"].create(
            [
                {"name": name, "kind": "sms", "company_id": company}
                for name, company in (
                    ("Group", False),
                    ("Ours", self.company.id),
                    ("Theirs", self.company_b.id),
                )
            ]
        )
        seen = self.as_user(self.users["reader"], providers).search(
            [("id", "in", providers.ids)]
        )
        self.assertEqual(sorted(seen.mapped("name")), ["Group", "Ours"])

    def test_operator_takes_a_position_but_writes_no_figure(self):
        position = self.as_user(
            self.users["operator"],
            self.position_model.search([("company_id", "=", self.company.id)]),
        )
        position.user_id = self.users["operator"]
        with self.assertRaises(AccessError):
            position.amount_overdue = 0
        with self.assertRaises(AccessError):
            self.as_user(self.users["reader"], position).user_id = False

    def test_reader_sees_what_is_behind_a_position(self):
        position = self.as_user(
            self.users["reader"],
            self.position_model.search([("company_id", "=", self.company.id)]),
        )
        self.assertEqual(position.open_line_ids.move_id.amount_residual, 100)
        self.assertEqual(position.partner_id.creditbox_amount_overdue, 100)
        self.assertFalse(position.partner_id.creditbox_warnings)
        self.assertEqual(position.supply_id.bill_count, 1)

    def test_payment_by_an_accountant_without_our_groups(self):
        """Who posts payments need not know CreditBox: the position follows."""
        accountant = self.make_user(
            "accountant", groups="account.group_account_invoice"
        )
        position = self.position_model.search([("company_id", "=", self.company.id)])
        bill = position.open_line_ids.move_id
        wizard = (
            self.env["account.payment.register"]
            .with_user(accountant)
            .with_context(
                active_model="account.move",
                active_ids=bill.ids,
                allowed_company_ids=self.company.ids,
            )
            .create({"amount": 30})
        )
        wizard.action_create_payments()
        self.assertEqual(position.amount_overdue, 70)
