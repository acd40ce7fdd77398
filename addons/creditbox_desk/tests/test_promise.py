from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import TODAY, DeskCommon


@tagged("creditbox", "post_install", "-at_install")
@freeze_time(TODAY)
class TestPromise(DeskCommon):
    # -- the hold ------------------------------------------------------------------

    def test_hold_lasts_until_the_last_day_and_the_tolerance(self):
        promise = self._promise((5, 60), (10, 40))
        hold = promise.hold_id
        self.assertEqual(promise.amount, 100)
        self.assertEqual(promise.date_last, TODAY + timedelta(10))
        self.assertEqual(hold.date_to, TODAY + timedelta(13))
        self.assertEqual((hold.level, hold.partner_id), ("customer", self.customer))
        self.assertEqual(self.position.state, "held")
        self.assertEqual(self.gas_position.state, "held")

    def test_promise_for_a_supply_holds_that_supply_alone(self):
        self._promise((5, 100), position=self.position)
        self.assertEqual(self.position.state, "held")
        self.assertEqual(self.gas_position.state, "overdue")

    def test_promise_for_what_has_no_supply_holds_its_bills(self):
        bills = self._bill(30, 40, self.env["creditbox.supply"]) | self._bill(
            20, 50, self.env["creditbox.supply"]
        )
        position = self.env["creditbox.position"].search(
            [("partner_id", "=", self.customer.id), ("supply_id", "=", False)]
        )
        promise = self._promise((5, 50), position=position)
        self.assertEqual(promise.hold_ids.move_id, bills)
        self.assertEqual(position.state, "held")
        self._paid(50, bills)
        self.assertEqual(promise.state, "kept")
        self.assertEqual(set(promise.hold_ids.mapped("state")), {"released"})

    def test_held_customer_gets_no_reminder(self):
        self._promise((5, 160))
        self.assertFalse(self._run().action_ids)

    # -- valued --------------------------------------------------------------------

    def test_states(self):
        """What is paid, when, for which bills: how it is valued, on which day."""
        cases = (
            # payments (amount, day), night, state, paid, states of the lines
            ((), 0, "open", 0, ["open", "open"]),
            ((), 8, "open", 0, ["open", "open"]),
            ((), 9, "broken", 0, ["broken", "open"]),
            (((60, 2),), 3, "open", 60, ["kept", "open"]),
            (((60, 8),), 8, "open", 60, ["kept", "open"]),
            (((60, 9),), 9, "partly", 60, ["broken", "open"]),
            (((59, 8),), 9, "partly", 59, ["partly", "open"]),
            (((60, 2), (40, 13)), 13, "kept", 100, ["kept", "kept"]),
            (((60, 2), (40, 14)), 14, "partly", 60, ["kept", "broken"]),
            (((60, 2), (39, 3)), 14, "partly", 99, ["kept", "partly"]),
            (((150, 0),), 0, "kept", 100, ["kept", "kept"]),
        )
        for number, (payments, night, state, paid, lines) in enumerate(cases):
            with self.subTest(number):
                savepoint = self.env.cr.savepoint()
                promise = self._promise((5, 60), (10, 40))
                for amount, day in payments:
                    with freeze_time(TODAY + timedelta(day)):
                        self._paid(amount, days=day)
                self._night(night)
                self.assertEqual(promise.state, state)
                self.assertEqual(promise.amount_paid, paid)
                self.assertEqual(promise.line_ids.mapped("state"), lines)
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def test_tolerated_shortfall(self):
        self.company.creditbox_promise_tolerance_amount = 1
        promise = self._promise((5, 100))
        self._paid(98.99, self.bill)
        self.assertEqual(promise.state, "open")
        self._paid(0.01, self.bill)
        self.assertEqual(promise.state, "kept")

    def test_shortfall_of_a_small_promise(self):
        self.company.creditbox_promise_tolerance_amount = 1
        promise = self._promise((5, 0.8))
        promise._value()
        self.assertEqual(promise.state, "open")

    def test_payment_made_before_does_not_count(self):
        self._paid(40, self.bill)
        promise = self._promise((5, 60))
        self.env["creditbox.position"]._touch(self.customer.ids, self.company)
        self.assertEqual(promise.amount_paid, 0)

    def test_payment_of_another_supply_does_not_count(self):
        promise = self._promise((5, 60), position=self.gas_position)
        self._paid(100, self.bill)
        self.assertEqual(promise.amount_paid, 0)
        self._paid(25, self.gas_bill)
        self._paid(35, supply=self.gas_supply)
        self.assertEqual(promise.state, "kept")

    def test_later_bill_paid_does_not_count(self):
        promise = self._promise((5, 100))
        self._paid(80, self._bill(80, -20))
        self.assertEqual(promise.amount_paid, 0)

    def test_credit_note_is_no_payment(self):
        promise = self._promise((5, 100))
        (self.bill | self._bill(100, 0, credit_note=True)).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
        self.assertEqual(promise.amount_paid, 0)

    def test_kept_ends_the_hold(self):
        promise = self._promise((5, 100), position=self.position)
        self._paid(100, self.bill)
        self.assertEqual(promise.state, "kept")
        self.assertEqual(promise.date_valued, TODAY)
        self.assertEqual(promise.hold_id.state, "released")
        self.assertFalse(promise.activity_ids)

    def test_broken_ends_the_hold_and_tells_the_operator(self):
        self.position.user_id = self.supervisor
        promise = self._promise((5, 100))
        self._night(9)
        self.assertEqual(promise.state, "broken")
        self.assertEqual(promise.hold_id.state, "released")
        self.assertEqual(promise.activity_ids.user_id, self.supervisor)
        self._night(10)
        self.assertEqual(len(promise.activity_ids), 1)

    def test_payment_that_the_bank_told_late(self):
        promise = self._promise((5, 100))
        self._night(9)
        with freeze_time(TODAY + timedelta(11)):
            self._paid(100, self.bill, days=7)
            self.assertEqual(promise.state, "kept")
        self.assertFalse(promise.activity_ids)

    def test_payment_taken_back(self):
        """A direct debit that the bank returns."""
        promise = self._promise((5, 100))
        payment = self._paid(100, self.bill)
        self.assertEqual(promise.state, "kept")
        payment.action_draft()
        self.assertEqual(promise.state, "open")
        self.assertEqual(promise.hold_id.state, "active")
        self.assertFalse(promise.date_valued)

    def test_payment_taken_back_after_another_promise(self):
        """One open promise for a debt: the later one stays, in whatever scope."""
        for scope in (None, self.position):
            with self.subTest(scope=scope):
                first = self._promise((5, 10))
                payment = self._paid(10)
                self.assertEqual(first.state, "kept")
                second = self._promise((6, 10), position=scope)
                payment.action_draft()
                self.assertEqual((first.state, second.state), ("cancelled", "open"))
                self.assertFalse(self._active_holds(first))
                self.assertTrue(self._active_holds(second))
                self.assertIn("takes its place", first.message_ids[0].body)
                second.action_cancel()

    def _active_holds(self, promise):
        return promise.hold_ids.filtered(lambda hold: hold.state == "active")

    def test_valuation_costs_the_same_for_many(self):
        customers = [self._customer(f"Customer {n}") for n in range(12)]
        promises = self.env["creditbox.promise"]
        for number, customer in enumerate(customers):
            self._bill(50, 30, self._supply(customer, f"S{number}"))
            promises |= self._promise((5, 50), partner_id=customer.id)
        self.env["creditbox.promise"].search([])._value()

        def queries(records):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            records._value()
            return self.env.cr.sql_log_count - start

        queries(promises)  # fills the caches of the registry
        self.assertEqual(queries(promises[:2]), queries(promises[2:]))

    # -- who may -------------------------------------------------------------------

    def test_one_open_promise_for_a_debt(self):
        promise = self._promise((5, 100), position=self.position)
        self._promise((5, 60), position=self.gas_position)
        for position in (self.position, None):
            with self.assertRaises(ValidationError):
                self._promise((5, 100), position=position)
        promise.with_user(self.operator).action_cancel()
        self.assertEqual(promise.line_ids.state, "cancelled")
        self.assertEqual(promise.hold_id.state, "released")
        self._promise((5, 100), position=self.position)

    def test_supervisor_decides_after_broken_promises(self):
        for day in (0, 9):
            made = TODAY + timedelta(day)
            with freeze_time(made):
                promise = self._promise((day + 1, 100), date=made)
            self._night(day + 9)
            self.assertEqual(promise.state, "broken")
        with freeze_time(TODAY + timedelta(18)):
            with self.assertRaises(AccessError):
                self._promise((20, 100))
            self._promise((20, 100), user=self.supervisor).sudo().action_cancel()
            self.company.creditbox_promise_broken_count = 0
            self._promise((20, 100)).sudo().action_cancel()
        self.company.creditbox_promise_broken_count = 2
        with freeze_time(TODAY + timedelta(400)):
            self._promise((401, 100), date=TODAY + timedelta(400))

    def test_rights(self):
        with self.assertRaises(AccessError):
            self._promise((5, 100), user=self.reader)
        promise = self._promise((5, 100)).with_user(self.operator)
        promise.note = "He called"
        with self.assertRaises(AccessError):
            promise.state = "kept"
        with self.assertRaises(AccessError):
            promise.date = TODAY - timedelta(1)
        with self.assertRaises(AccessError):
            promise.line_ids.amount = 1
        with self.assertRaises(UserError):
            promise.env["creditbox.promise.line"].create(
                {"promise_id": promise.id, "date": TODAY, "amount": 5}
            )
        with self.assertRaises(AccessError):
            self._promise((5, 100), state="kept")
        with self.assertRaises(AccessError):
            promise.with_user(self.reader).action_cancel()
        self.assertEqual(promise.with_user(self.reader).amount, 100)

    def test_each_company_on_its_own(self):
        other = self.setup_other_company()["company"]
        stranger = self._user("operator", other)
        promise = self._promise((5, 100))
        with self.assertRaises(AccessError):
            promise.with_user(stranger).read(["amount"])
        self.assertFalse(promise.with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            self._promise((5, 100), user=stranger)

    def test_amounts_and_days_make_sense(self):
        for lines in ((), ((5, 0),), ((5, -3),)):
            with (
                self.subTest(lines=lines),
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self._promise(*lines)
        with self.assertRaises(UserError):
            self._promise((-1, 10))

    def test_on_the_screen(self):
        promises = self.env["creditbox.promise"].with_user(self.operator)
        with Form(promises) as form:
            form.partner_id = self.customer
            with form.line_ids.new() as line:
                line.date = TODAY + timedelta(5)
                line.amount = 160
        promise = form.record
        self.assertEqual((promise.amount, promise.state), (160, "open"))

    def test_promise_of_a_contact_is_the_customers(self):
        contact = self.env["res.partner"].create(
            {"name": "His wife", "parent_id": self.customer.id}
        )
        promise = self._promise((5, 100), partner_id=contact.id)
        self.assertEqual(promise.partner_id, self.customer)

    def test_settings(self):
        administrator = self._user("administrator")
        settings = (
            self.env["creditbox.company.settings"]
            .with_user(administrator)
            .create({"creditbox_promise_tolerance_days": 7})
        )
        self.assertEqual(settings.company_id.creditbox_promise_tolerance_days, 7)

    def test_unlinked_promise_frees_its_debt(self):
        promise = self._promise((5, 100))
        hold = promise.hold_id
        promise.with_user(self._user("manager")).unlink()
        self.assertEqual(hold.state, "released")
        self.assertEqual(self.position.state, "overdue")
