from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.creditbox_legal.tests.common import NOW

from .common import LegalPortalCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestDeclaration(LegalPortalCommon):
    """Declared, held, booked or refused."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agency.mandate_ids.fee_ids = [(0, 0, {"age_from": 0, "percent": 10})]
        cls.supervisor, cls.clerk = cls._user("supervisor"), cls._user("operator")
        cls.journal = cls.company_data["default_journal_bank"]

    def _book(self, declared, **values):
        declared = declared.with_user(self.supervisor)
        wizard = (
            self.env["creditbox.case.booking"]
            .with_user(self.supervisor)
            .with_context(declared.action_book()["context"])
            .create(
                {"journal_id": self.journal.id, "date": date(2026, 6, 30), **values}
            )
        )
        wizard.action_book()

    def _told(self):
        return self.env["creditbox.case.collection"].search([("to_tell", "=", True)])

    # -- declared --------------------------------------------------------------------

    def test_declared_is_no_payment_and_holds_the_bills(self):
        case, bill = self._case_of(self.agency)
        declared = self._declare(self.agent, case)
        self.assertRecordValues(
            declared,
            [{"state": "declared", "provider_id": self.agency.id, "amount": 40}],
        )
        self.assertEqual((bill.amount_residual, case.amount_due), (100, 100))
        self.assertEqual(declared.hold_ids.move_id, bill)
        self.assertEqual(case.position_ids.state, "held")
        self.assertIn("40", case.message_ids[0].body)
        self.assertEqual(case.activity_ids.user_id, case.user_id)
        self.assertEqual(case.amount_declared, 40)
        self._declare(self.agent, case, 10, reference="R2")
        self.assertEqual(len(case.activity_ids), 1, "asked once")

    def test_only_what_the_money_covers_is_held(self):
        case, first = self._case_of(self.agency, 100, 60)
        second = self._bill(50, 30, supply=case.position_ids.supply_id)
        third = self._bill(70, 20, supply=case.position_ids.supply_id)
        case.action_add_bills()
        one = self._declare(self.agent, case, 60)
        two = self._declare(self.agent, case, 60, reference="R2")
        self.assertEqual(one.hold_ids.move_id, first)
        self.assertEqual(two.hold_ids.move_id, first | second)
        self.assertFalse(third in (one | two).hold_ids.move_id)

    def test_what_is_not_taken(self):
        case, _bill = self._case_of(self.agency)
        self._declare(self.agent, case, 40)
        today = date(2026, 6, 30)
        for message, values in (
            ("Write how much", {"amount": 0}),
            ("Write how much", {"amount": -1}),
            ("more than is due", {"amount": 61, "reference": "x"}),
            ("already", {"amount": 40}),
            ("The day", {"date": today + timedelta(days=1), "reference": "x"}),
            ("The day", {"date": today - timedelta(days=1), "reference": "x"}),
        ):
            with self.subTest(**values), self.assertRaisesRegex(UserError, message):
                self._declare(self.agent, case, **values)
        self.assertEqual(len(case.declaration_ids), 1)

    def test_interest_and_costs_may_be_collected_too(self):
        case, _bill = self._case_of(self.agency)
        call = self.env.ref("creditbox_legal.activity_type_call")
        self.env["creditbox.case.activity"].create(
            {"case_id": case.id, "type_id": call.id, "cost": 25, "result": "x"}
        ).action_done()
        self.assertTrue(self._declare(self.agent, case, 125))

    # -- booked ----------------------------------------------------------------------

    def test_booked(self):
        case, bill = self._case_of(self.agency)
        declared = self._declare(self.agent, case, 40)
        self._book(declared)
        self.assertEqual(declared.state, "booked")
        self.assertEqual(declared.payment_id.amount, 40)
        self.assertEqual(bill.amount_residual, 60)
        self.assertRecordValues(
            case, [{"amount_collected": 40, "amount_fees": 4, "amount_due": 60}]
        )
        self.assertEqual(declared.hold_ids.state, "released")
        self.assertEqual(case.position_ids.state, "overdue")
        self.assertFalse(case.activity_ids)
        self.assertFalse(self._told(), "it is what they had declared")
        with self.assertRaises(UserError):
            declared.with_user(self.supervisor).action_book()

    def test_many_booked_at_once(self):
        cases = [self._case_of(self.agency, number=n)[0] for n in (1, 2)]
        declared = self.env["creditbox.case.declaration"]
        for case in cases:
            declared |= self._declare(self.agent, case, 100)
        self._book(declared)
        self.assertEqual(declared.mapped("state"), ["booked"] * 2)
        self.assertEqual(len(declared.payment_id), 2)
        self.assertEqual([case.outcome for case in cases], ["paid"] * 2)
        self.assertEqual([case.amount_fees for case in cases], [10, 10])

    def test_the_payment_was_there_already(self):
        case, bill = self._case_of(self.agency)
        declared = self._declare(self.agent, case, 40)
        payment = self._pay(40, customer=case.partner_id)
        self._book(declared)  # found by itself
        self.assertEqual(declared.payment_id, payment)
        self.assertEqual(bill.amount_residual, 60)
        self.assertEqual(case.amount_fees, 4)

    def test_a_payment_that_has_paid_the_bill_already(self):
        case, bill = self._case_of(self.agency)
        declared = self._declare(self.agent, case, 100)
        payment = self._pay(100, bill)
        self.assertEqual(case.outcome, "paid")
        self._book(declared, payment_id=payment.id, how="known")
        self.assertEqual((declared.state, case.amount_fees), ("booked", 10))

    def test_payments_that_do_not_fit(self):
        case, _bill = self._case_of(self.agency)
        declared = self._declare(self.agent, case, 40)
        for payment in (
            self._pay(40, customer=self.customer),
            self._pay(39, customer=case.partner_id),
        ):
            with self.assertRaises(UserError):
                self._book(declared, payment_id=payment.id, how="known")
        self.assertEqual(declared.state, "declared")

    # -- refused ---------------------------------------------------------------------

    def test_refused_with_a_reason_that_they_read(self):
        case, _bill = self._case_of(self.agency)
        declared = self._declare(self.agent, case)
        office = declared.with_user(self.clerk)
        with self.assertRaisesRegex(UserError, "why it is refused"):
            office.action_refuse()
        office.refusal = "The receipt is of another customer"
        office.action_refuse()
        self.assertEqual(declared.state, "refused")
        self.assertEqual(declared.hold_ids.state, "released")
        self.assertFalse(case.activity_ids)
        messages = self._own(self.agent, case)._case_messages()
        self.assertIn("another customer", messages[0].body)
        self.assertEqual(case.amount_declared, 0)
        self.assertTrue(self._declare(self.agent, case), "it may be declared again")

    # -- the case ends -----------------------------------------------------------------

    def test_not_called_back_before_the_answer(self):
        case, _bill = self._case_of(self.agency)
        declared = self._declare(self.agent, case)
        case.sudo().date_recall = date(2026, 6, 30)
        self.Case._cron_recall()
        self.assertEqual(case.state, "accepted")
        with self.assertRaisesRegex(UserError, "Book or refuse first"):
            case.action_close()
        self._book(declared)
        self.Case._cron_recall()
        self.assertEqual((case.outcome, case.amount_fees), ("recalled", 4))

    # -- rights ------------------------------------------------------------------------

    def test_rights(self):
        case, _bill = self._case_of(self.agency)
        declared = self._declare(self.agent, case)
        reader = self._user("reader")
        with self.assertRaises(AccessError):
            declared.with_user(self.supervisor).write({"amount": 1})
        with self.assertRaises(AccessError):
            declared.with_user(reader).write({"refusal": "x"})
        with self.assertRaises(AccessError):
            declared.with_user(reader).action_refuse()
        with self.assertRaises(AccessError):
            declared.with_user(self.clerk).action_book()
        with self.assertRaises(AccessError):
            declared.with_user(self.clerk)._book_new(self.journal, date(2026, 6, 30))
        stranger = self._user("administrator", self.company_b)
        found = declared.with_user(stranger).with_company(self.company_b).search([])
        self.assertNotIn(declared, found)
        self.assertEqual(declared.with_user(reader).amount, 40)
