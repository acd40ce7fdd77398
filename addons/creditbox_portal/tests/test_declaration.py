from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import PortalCommon


@tagged("creditbox", "post_install", "-at_install")
class TestDeclaration(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill = cls._bill_now(100)
        cls.operator = cls._user("operator")
        cls.position = cls.env["creditbox.position"].search(
            [("partner_id", "=", cls.customer.id)]
        )
        cls.position.user_id = cls.operator

    def test_it_holds_the_bill_and_asks_the_operator(self):
        declaration = self._declare(self.bill)
        hold = declaration.hold_ids
        self.assertEqual(hold.move_id, self.bill)
        self.assertEqual(hold.user_id, self.operator)
        self.assertEqual(self.position.state, "held")
        self.assertEqual(declaration.activity_ids.user_id, self.operator)
        self.assertEqual(declaration.attachment_id.mimetype, "application/pdf")
        working = self.company._creditbox_working_day(self.today, 5)
        self.assertEqual((hold.date_to, declaration.held_until), (working, working))

    def test_working_days(self):
        for start, count, expected in (
            (date(2026, 11, 26), 1, date(2026, 11, 27)),
            (date(2026, 11, 26), 2, date(2026, 11, 30)),  # over the weekend
            (date(2026, 12, 7), 1, date(2026, 12, 9)),  # the 8th is a holiday
            (date(2026, 12, 24), 2, date(2026, 12, 29)),
        ):
            with self.subTest(start=start, count=count):
                self.assertEqual(
                    self.company._creditbox_working_day(start, count), expected
                )

    def test_the_hold_ends_by_itself(self):
        declaration = self._declare(self.bill)
        with freeze_time(declaration.held_until + timedelta(days=1)):
            self.env["creditbox.hold"]._cron_expire()
            self.env["creditbox.position"]._refresh(
                self.customer.ids, companies=self.company
            )
            self.assertEqual(declaration.hold_ids.state, "expired")
            self.assertEqual(self.position.state, "overdue")
            self.assertEqual(declaration.state, "declared")

    def test_once_for_a_bill(self):
        with self.assertRaisesRegex(UserError, "already told us"):
            self._declare(self.bill)
            self._declare(self.bill)
        first = self.env["creditbox.payment.declaration"].search([])
        first.refusal = "Unreadable"
        first.action_refuse()
        again = self._declare(self.bill)
        self.assertFalse(again.hold_ids)
        self.assertFalse(again.held_until)
        other = self._bill_now(50)
        first = again
        first.refusal = "Unreadable"
        first.action_refuse()
        both = self._declare(self.bill + other)
        self.assertEqual(both.hold_ids.move_id, other)

    def test_a_payment_closes_it(self):
        declaration = self._declare(self.bill)
        self._pay(40, self.bill)
        self.assertEqual(declaration.state, "declared")
        self._pay(60, self.bill)
        self.assertEqual(declaration.state, "acquired")
        self.assertFalse(declaration.activity_ids)
        self.assertEqual(declaration.hold_ids.state, "released")

    def test_a_payment_acquired_in_bulk_closes_it_too(self):
        declaration = self._declare(self.bill)
        bulk = self.env["account.payment"].with_context(creditbox_bulk=True)
        with patch.object(type(self), "env", bulk.env):
            self._pay(100, self.bill.with_env(bulk.env))
        self.assertEqual(declaration.state, "declared")
        self.env["creditbox.payment.declaration"]._cron_close()
        self.assertEqual(declaration.state, "acquired")

    def test_the_office_confirms(self):
        declaration = self._declare(self.bill).with_user(self.operator)
        declaration.action_confirm()
        self.assertEqual(declaration.state, "confirmed")
        self.assertEqual(declaration.sudo().hold_ids.state, "active")
        self.assertFalse(declaration.activity_ids)
        self._pay(100, self.bill)
        self.assertEqual(declaration.state, "acquired")

    def test_the_office_refuses_with_a_reason(self):
        declaration = self._declare(self.bill).with_user(self.operator)
        with self.assertRaisesRegex(UserError, "the customer reads it"):
            declaration.action_refuse()
        declaration.refusal = "The receipt is of another bill."
        declaration.action_refuse()
        self.assertEqual(declaration.state, "refused")
        self.assertEqual(declaration.sudo().hold_ids.state, "released")
        told = (
            self.env["mail.message"]
            .sudo()
            .search([("partner_ids", "in", self.customer.ids)], limit=1)
        )
        self.assertIn("The receipt is of another bill.", told.body)

    def test_readers_do_not_decide(self):
        declaration = self._declare(self.bill)
        for user in (self._user("reader"), self.user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                declaration.with_user(user).action_confirm()

    def test_what_cannot_be_declared(self):
        paid = self._bill_now(10)
        self._pay(10, paid)
        theirs = self._bill_now(30, supply=self.neighbour_supply)
        credit = self._bill_now(20, credit_note=True)
        none = self.env["account.move"]
        for bills, values in (
            (none, {}),
            (paid, {}),
            (credit, {}),
            (self.bill + theirs, {}),
            (self.bill, {"amount": 0}),
            (self.bill, {"amount": -5}),
            (self.bill, {"date_paid": self.today + timedelta(days=1)}),
            (self.bill, {"date_paid": self.today - timedelta(days=400)}),
        ):
            with self.subTest(bills=bills, values=values), self.assertRaises(UserError):
                self._declare(bills, **values)

    def test_so_many_a_day(self):
        self.company.creditbox_declarations_a_day = 2
        bills = [self._bill_now(10 + n) for n in range(3)]
        for bill in bills[:2]:
            self._declare(bill)
        with self.assertRaisesRegex(UserError, "tomorrow"):
            self._declare(bills[2])

    def test_no_hold_where_the_company_wants_none(self):
        self.company.creditbox_declaration_days = 0
        declaration = self._declare(self.bill)
        self.assertFalse(declaration.hold_ids)
        self.assertFalse(declaration.held_until)
