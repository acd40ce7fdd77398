from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from ..models.fsm_order import STATES
from ..models.fsm_order_state import STAGES, TRANSITIONS
from .common import NOW, UtilityCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestChannel(UtilityCommon):
    def test_an_action_becomes_an_order_and_waits_for_it(self):
        order, bill = self._workflow_order()
        action = order.creditbox_action_id
        self.assertEqual(len(order), 1)
        self.assertEqual(action.state, "sending")
        self.assertEqual(action.line_ids.item_id.step, 1, "the step is not done yet")
        self.assertRecordValues(
            order,
            [
                {
                    "creditbox_operation": "suspension",
                    "creditbox_state": "requested",
                    "creditbox_origin": "workflow",
                    "creditbox_supply_id": self.supply.id,
                    "creditbox_amount": 100,
                    "creditbox_board": "to_send",
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertEqual(order.creditbox_move_line_ids.move_id, bill)
        self.assertEqual(order.location_id.creditbox_supply_id, self.supply)
        self.assertFalse(self._run().action_ids, "an action is under way")

    def test_done_on_site_is_done_in_the_table(self):
        order, _bill = self._workflow_order()
        self._cut(order)
        action = order.creditbox_action_id
        self.assertEqual(action.state, "done")
        self.assertEqual(action.date_done, date(2026, 6, 30))
        self.assertEqual(action.line_ids.item_id.step, 2)
        self.assertEqual(self.supply.meter_state_id, self.suspended)
        history = self.supply.meter_id.state_history_ids[0]
        self.assertEqual(history.meter_state_id, self.suspended)
        self.assertEqual(history.note, order.name)

    def test_not_executable_fails_the_action(self):
        order, _bill = self._workflow_order()
        self._bring(order, "sent").action_not_executable(self.reason, "Gate locked")
        self.assertEqual(order.creditbox_board, "not_executable")
        self.assertEqual(order.creditbox_reason_id, self.reason)
        self.assertEqual(order.creditbox_action_id.state, "failed")
        self.assertEqual(order.creditbox_action_id.line_ids.item_id.step, 1)
        self.assertEqual(self.supply.meter_state_id, self.active)
        self.assertEqual(self._run().action_ids.code, "technical", "asked for again")

    def test_a_cancelled_action_recalls_its_order(self):
        order, _bill = self._workflow_order()
        self._bring(order, "sent")
        order.creditbox_action_id.action_cancel()
        self.assertEqual(order.creditbox_state, "recalled")
        self.assertEqual(order.creditbox_action_id.state, "cancelled")

    def test_a_cancelled_order_ends_its_action_once(self):
        order, _bill = self._workflow_order()
        order.action_cancel()
        self.assertEqual(order.creditbox_state, "cancelled")
        action = order.creditbox_action_id
        self.assertEqual(action.state, "cancelled")
        self.assertEqual(len(action.message_ids.filtered("body")), 1)

    def test_a_run_that_is_undone_recalls_what_was_not_carried_out(self):
        order, _bill = self._workflow_order()
        order.creditbox_action_id.run_id.action_undo()
        self.assertEqual(order.creditbox_state, "recalled")
        self.assertEqual(order.creditbox_action_id.line_ids.item_id.step, 1)

    def test_what_is_refused_waits_as_an_exception(self):
        self._lawful()
        run = self._run()
        run.action_approve()
        run.sudo().state = "executing"
        self.supply.meter_id.meter_state_id = self.suspended
        run.action_ids._execute()
        self.assertEqual(run.action_ids.state, "planned")
        self.assertEqual(run.action_ids.exception, "order_refused")
        self.assertIn("M-W1", run.action_ids.exception_note)
        self.assertFalse(run.action_ids.order_ids)

    def test_rows_ask_for_what_their_legal_step_says(self):
        power = self.env.ref("creditbox_base.service_type_electricity")
        for service, legal_step, operation in (
            (self.water, "limitation", "limitation"),
            (power, "limitation", "power_reduction"),
            (self.water, "suspension", "suspension"),
            (self.water, "removal", "removal"),
            (self.water, False, "check"),
        ):
            with self.subTest(service=service.name, legal_step=legal_step):
                rule = self.env["creditbox.rule"].new(
                    {
                        "code": "technical",
                        "service_type_id": service.id,
                        "legal_step": legal_step,
                    }
                )
                self.assertEqual(rule.operation, operation)

    # -- states ----------------------------------------------------------------

    def test_only_the_transitions_of_the_table(self):
        order, _bill = self._hand_order()
        states = [state for state, _label in STATES]
        self.assertEqual(set(STAGES), set(states))
        for before in states:
            for after in states:
                if after in TRANSITIONS.get(before, ()):
                    continue
                order.sudo().creditbox_state = before
                with self.subTest(before=before, after=after):
                    with self.assertRaises(UserError):
                        order._enter(after)

    def test_each_transition_says_who_and_when(self):
        order, _bill = self._hand_order()
        clerk = self._user("operator")
        order.with_user(clerk).action_accept()
        self.assertTrue(order.creditbox_accepted_at)
        message = order.message_ids[0]
        self.assertEqual(message.author_id, clerk.partner_id)
        self.assertIn("Accepted", message.body)
        self.assertEqual(
            order.stage_id, self.env.ref("creditbox_utility.fsm_stage_accepted")
        )

    def test_nobody_writes_states_nor_deletes(self):
        order, _bill = self._hand_order()
        manager = self._user("manager")
        done = self.env.ref("fieldservice.fsm_stage_completed")
        for vals in (
            {"creditbox_state": "done"},
            {"stage_id": done.id},
            {"creditbox_debt_checked_at": NOW},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                order.with_user(manager).write(vals)
        with self.assertRaises(UserError):
            order.unlink()
        order.with_user(manager).scheduled_date_start = "2026-07-01 08:00:00"

    def test_forbidden_days_and_hours(self):
        order, _bill = self._hand_order()
        for moment, word in (
            ("2026-07-03 08:00:00", "eves"),  # a Friday
            ("2026-07-01 20:30:00", "hour"),
        ):
            with self.subTest(moment=moment), freeze_time(moment):
                # whoever plans by crews and days is told as soon as he names the day
                with self.assertRaisesRegex(UserError, word):
                    order.scheduled_date_start = moment
                    order.action_plan()
        order.scheduled_date_start = "2026-07-01 08:00:00"
        order.action_plan()
        order.action_send()
        with freeze_time("2026-07-03 08:00:00"), self.assertRaises(UserError):
            order.action_start()
        with freeze_time("2026-07-01 08:05:00"):
            order.action_start()
        self.assertEqual(order.creditbox_state, "on_site")
