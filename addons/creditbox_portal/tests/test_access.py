from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PortalCommon

# what a user of the portal may read; of anything else nothing at all
OWN = (
    "account.move",
    "account.payment",
    "creditbox.supply",
    "creditbox.hold",
    "creditbox.contact.request",
    "creditbox.contact.request.line",
    "creditbox.payment.declaration",
    "creditbox.portal.delegate",
)


@tagged("creditbox", "post_install", "-at_install")
class TestAccess(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls._everything(cls.customer, cls.supply, cls.user)
        cls.theirs = cls._everything(
            cls.neighbour, cls.neighbour_supply, cls.neighbour_user
        )

    @classmethod
    def _everything(cls, customer, supply, user):
        """:return: {model: a record of the customer}"""
        bill = cls._bill_now(supply=supply)
        declaration = cls._declare(cls, bill, user)
        request = (
            cls.env["creditbox.contact.request"]
            .sudo()
            ._request(user, customer, {"phone": "+39 02 1234567"})
        )
        delegate = cls.env["creditbox.portal.delegate"].create(
            {
                "user_id": cls._portal_user(
                    cls._customer(f"Delegate of {customer.name}"), f"d-{customer.id}"
                ).id,
                "partner_id": customer.id,
                "company_id": cls.company.id,
                "date_to": cls.today,
                "reason": "Mandate",
            }
        )
        return {
            "account.move": bill,
            "account.payment": cls._pay(10, customer=customer),
            "creditbox.supply": supply,
            "creditbox.hold": declaration.hold_ids,
            "creditbox.payment.declaration": declaration,
            "creditbox.contact.request": request,
            "creditbox.contact.request.line": request.line_ids,
            "creditbox.portal.delegate": delegate,
        }

    def test_only_own_records(self):
        for model in OWN:
            with self.subTest(model=model):
                seen = self._as(self.user, self.env[model])
                found = seen.search([])
                self.assertIn(self.own[model].id, found.ids)
                self.assertNotIn(self.theirs[model].id, found.ids)
                field = "create_date"
                self.own[model].with_user(self.user).read([field])
                with self.assertRaises(AccessError):
                    self.theirs[model].with_user(self.user).read([field])

    def test_nothing_can_be_written(self):
        for model in OWN:
            for operation in ("write", "create", "unlink"):
                with self.subTest(model=model, operation=operation):
                    record = self.own[model].with_user(self.user)
                    self.assertFalse(record.has_access(operation))

    def test_what_the_office_works_with_is_not_read(self):
        models = self.env["ir.model"].search([("model", "=like", "creditbox.%")])
        readable = {*OWN, "creditbox.service.type"}
        for model in models:
            if model.model in readable or model.abstract:
                continue
            with self.subTest(model=model.model):
                records = self.env[model.model].with_user(self.user)
                self.assertFalse(records.has_access("read"))

    def test_notes_of_a_hold_are_the_offices(self):
        hold = self.own["creditbox.hold"]
        hold.note = "Calls every day"
        with self.assertRaises(AccessError):
            hold.with_user(self.user).read(["note"])
        self.assertEqual(hold.with_user(self._user("operator")).note, "Calls every day")

    def test_receipts_are_for_the_office(self):
        receipts = [
            record["creditbox.payment.declaration"].attachment_id
            for record in (self.own, self.theirs)
        ]
        operator = self._user("operator")
        for receipt in receipts:
            self.assertTrue(receipt.with_user(operator).raw)
        with self.assertRaises(AccessError):
            receipts[1].with_user(self.user).read(["raw"])

    def test_a_contact_sees_the_customer(self):
        contact = self.env["res.partner"].create(
            {"name": "Figlia", "parent_id": self.customer.id, "company_id": False}
        )
        user = self._portal_user(contact, "figlia")
        bills = self.env["account.move"].with_user(user).search([])
        self.assertEqual(bills, self.own["account.move"])
        self.assertEqual(user.creditbox_portal_customer_ids, self.customer)

    def test_companies_of_the_office_are_apart(self):
        operator = self._user("operator", self.company_b)
        for model in OWN[4:]:
            with self.subTest(model=model):
                records = self.env[model].with_user(operator)
                self.assertFalse(records.search([]))

    def test_the_office_does_not_change_what_was_sent(self):
        operator = self._user("operator")
        declaration = self.own["creditbox.payment.declaration"].with_user(operator)
        request = self.own["creditbox.contact.request"].with_user(operator)
        for record, vals in (
            (declaration, {"state": "acquired"}),
            (declaration, {"amount": 5}),
            (request, {"state": "accepted"}),
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                record.write(vals)
        declaration.refusal = "It is of another customer"
        self.assertTrue(declaration.refusal)
