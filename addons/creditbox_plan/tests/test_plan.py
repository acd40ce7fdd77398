from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.creditbox_dunning.tests.common import TODAY

from .common import PlanCommon


@tagged("post_install", "-at_install")
class TestPlan(PlanCommon):
    """The way of a plan, and what becomes of its bills in the action table."""

    def _steps_of_run(self):
        return self._run().action_ids.filtered(lambda a: a.position_id == self.position)

    def test_simulation_has_no_effect(self):
        plan = self._plan(user=self.operator)
        self.assertEqual(plan.state, "draft")
        self.assertEqual((len(plan.line_ids), plan.amount), (12, 160.01))
        self.assertTrue(self._steps_of_run())

    def test_terms_draw_up_again(self):
        plan = self._plan(user=self.operator)
        plan.write({"instalment_count": 14, "down_payment": 50, "frequency": "2"})
        self.assertEqual(len(plan.line_ids), 14)
        self.assertEqual(plan.line_ids[0].capital, 50)
        self.assertEqual(round(sum(plan.line_ids.mapped("capital")), 2), 160.01)

    def test_by_hand_must_square(self):
        plan = self._plan(user=self.operator)
        plan.line_ids[0].capital += 1
        with self.assertRaisesRegex(UserError, "add up"):
            plan.action_request()
        plan.line_ids[1].capital -= 1
        plan.action_request()
        self.assertEqual(plan.state, "to_approve")

    def test_least_length(self):
        cases = [
            # service, instalments, frequency, shorter, refused
            ("water", 11, "1", False, True),
            ("water", 12, "1", False, False),
            ("water", 6, "2", False, False),
            ("water", 3, "1", True, False),
            ("gas", 1, "1", False, True),
            ("gas", 2, "1", False, False),
        ]
        gas_supply = self._supply(
            self._customer("Verdi"), "G1", service_type_id=self.gas.id
        )
        self._bill(200, 40, gas_supply)
        positions = {"water": self.position, "gas": self._position(gas_supply)}
        for service, count, frequency, shorter, refused in cases:
            with self.subTest(service=service, count=count, frequency=frequency):
                plan = self._plan(
                    positions[service],
                    instalment_count=count,
                    frequency=frequency,
                    shorter_agreed=shorter,
                )
                self.assertEqual(bool(plan._term_problems()), refused)

    def test_condominium(self):
        cases = [
            # first instalment, count, refused
            (80, 2, True),
            (80.01, 2, False),
            (100, 7, False),
            (100, 8, True),
        ]
        for first, count, refused in cases:
            with self.subTest(first=first, count=count):
                plan = self._plan(
                    kind="condominium", down_payment=first, instalment_count=count
                )
                self.assertEqual(bool(plan._term_problems()), refused)

    def test_nothing_is_done_while_it_is_open(self):
        pending = self._run()
        pending.action_approve()
        action = pending.action_ids
        plan = self._plan(user=self.operator)
        plan.action_request()
        self.assertEqual(action.state, "cancelled")
        self.assertFalse(self._steps_of_run())
        self.assertEqual(self.position._in_live_plan(), self.position)
        plan.with_user(self.supervisor).action_refuse()
        self.assertEqual(plan.state, "refused")
        self.assertTrue(self._steps_of_run())
        self.assertFalse(self.position._in_live_plan())

    def test_comes_back_at_the_step(self):
        actions = self._steps_of_run()
        self._done(actions)
        self.assertEqual(self._item(self.older).step, 1)
        plan = self._live()
        self.assertEqual(plan.bill_ids.mapped("step"), [1, 1])
        self.assertFalse(self._steps_of_run())
        plan.action_break()
        with freeze_time(TODAY + timedelta(days=30)):
            run = self._run(TODAY + timedelta(days=30))
        self.assertEqual(run.action_ids.mapped("step"), [2])

    def test_roles(self):
        plan = self._plan(user=self.operator)
        with self.assertRaises(AccessError):
            plan.state = "live"
        with self.assertRaises(AccessError):
            plan.action_approve()
        plan.action_request()
        with self.assertRaises(UserError):
            plan.line_ids[0].capital = 1
        with self.assertRaises(AccessError):
            plan.instalment_count = 3
        plan.note = "Pays on Mondays"
        plan.with_user(self.supervisor).action_approve()
        plan.action_accept()
        self.assertEqual(plan.state, "live")
        with self.assertRaises(AccessError):
            plan.action_break()
        with self.assertRaises(UserError):
            plan.unlink()

    def test_large_ones_need_the_manager(self):
        supply = self._supply(self._customer("Grande"), "W9")
        self._bill(6000, 30, supply)
        plan = self._plan(self._position(supply), user=self.operator)
        plan.action_request()
        self.assertTrue(plan.review_ids)
        with self.assertRaises(UserError):
            plan.with_user(self.supervisor).action_approve()
        plan.with_user(self.manager).validate_tier()
        plan.with_user(self.manager).action_approve()
        self.assertEqual(plan.state, "proposed")

    def test_small_ones_of_the_operator(self):
        self.company.creditbox_plan_small_amount = 200
        plan = self._plan(user=self.operator)
        plan.action_request()
        # no formal notice yet, and ten days are over: no right to it
        self.assertEqual((plan.in_time, plan.state), (False, "to_approve"))
        supply = self._supply(self._customer("Bianchi"), "W3")
        self._bill(90, 5, supply)
        plan = self._plan(self._position(supply), user=self.operator)
        plan.action_request()
        self.assertEqual((plan.in_time, plan.state), (True, "proposed"))

    def test_who_has_broken_before(self):
        self._live().action_break()
        plan = self._plan(user=self.operator)
        with self.assertRaisesRegex(UserError, "broken"):
            plan.action_request()
        plan.with_user(self.manager).action_request()
        self.assertEqual((plan.state, plan.broken_before), ("to_approve", 1))
        self.assertTrue(plan.review_ids)

    def test_one_at_a_time(self):
        first, second = self._plan(), self._plan()
        first.action_request()
        with self.assertRaisesRegex(UserError, "already"):
            second.action_request()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
        ):
            second.sudo().state = "live"
            second.flush_recordset()

    def test_double_click(self):
        plan = self._plan()
        for button in ("request", "approve", "accept", "break"):
            getattr(plan, f"action_{button}")()
            getattr(plan, f"action_{button}")()
        self.assertEqual(plan.state, "broken")
        self.assertEqual(len(plan.line_ids.move_id), 12)

    def test_late_then_broken(self):
        plan = self._live()
        first = plan.line_ids[0].date_due
        days = [
            # days after the first due date, state
            (10, "live"),
            (11, "late"),
        ]
        for after, state in days:
            with freeze_time(first + timedelta(days=after)):
                broken = plan._value_sets(self.company)
            self.assertEqual((plan.state, bool(broken)), (state, False))
        self.assertEqual(len(plan.activity_ids), 1)
        with freeze_time(plan.line_ids[1].date_due + timedelta(days=11)):
            broken = plan._value_sets(self.company)
            self.assertEqual(broken, plan)
            broken._break_late()
        self.assertEqual(plan.state, "broken")
        self.assertFalse(plan.activity_ids)
        self.assertFalse(self._item(self.older).exclusion)

    def test_a_few_cents_are_let_pass(self):
        plan = self._live()
        self._pay(12.4, plan.line_ids[0].move_id, self.customer)
        self.assertEqual(plan.line_ids[0].state, "paid")

    def test_offer_expires(self):
        plan = self._plan()
        plan.action_request()
        plan.action_approve()
        with freeze_time(TODAY + timedelta(days=21)):
            with self.assertRaisesRegex(UserError, "expired"):
                plan.action_accept()
            self.env["creditbox.plan"]._expired(self.company)._expire()
        self.assertEqual(plan.state, "expired")
        self.assertFalse(self._item(self.older).exclusion)

    def test_new_bills_are_paid_as_usual(self):
        self._live()
        new = self._bill(40, 12)
        actions = self._steps_of_run()
        self.assertEqual(actions.item_ids.move_id, new)

    def test_undo_does_not_count(self):
        plan = self._live()
        plan.action_undo()
        self.assertEqual(plan.state, "cancelled")
        self.assertFalse(plan._broken_counts(self.company))

    def test_nothing_overdue(self):
        supply = self._supply(self._customer("Neri"), "W5")
        self._bill(10, -10, supply)
        with self.assertRaisesRegex(UserError, "nothing overdue"):
            self._plan(self._position(supply))

    def test_signed_copy(self):
        plan = self._plan()
        with self.assertRaisesRegex(ValidationError, "PDF"):
            plan.signed_file = "YWJj"
        plan.write({"signed_file": "JVBERi0xLjQK", "signed_name": "x.pdf"})
        self.assertTrue(plan.signed_file)
