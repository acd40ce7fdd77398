from datetime import timedelta

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import TODAY, DunningCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestRun(DunningCommon):
    def test_simulation_leaves_no_trace_outside(self):
        self._bill(100, due=20)
        run = self._run(propose=False)
        run.action_simulate()
        self.assertEqual(run.state, "simulated")
        self.assertEqual(run.action_ids.state, "planned")
        self.assertFalse(run.action_ids.item_ids.next_rule_id)
        other = self._run()
        self.assertEqual(len(other.action_ids), 1, "a simulation blocks nobody")

    def test_simulation_may_try_a_draft_table_a_proposal_not(self):
        self._bill(100, due=20)
        draft = self._table(self.company, [{"step": 1}], publish=False)
        run = self._run(propose=False)
        run.rule_set_id = draft
        run.action_simulate()
        self.assertEqual(run.action_ids.rule_id, draft.rule_ids)
        with self.assertRaisesRegex(UserError, "published"):
            run.action_propose()

    def test_proposal_writes_next_row_and_date_on_the_items(self):
        bill = self._bill(100, due=5)
        self._run()
        item = self.env["creditbox.item"].search([("move_id", "=", bill.id)])
        self.assertEqual(item.next_rule_id.step, 1)
        self.assertEqual(item.next_date, TODAY + timedelta(days=5))

    def test_states_in_order(self):
        self._bill(100, due=20)
        run = self._run()
        self.assertEqual(run.action_ids.state, "to_approve")
        run.action_approve()
        self.assertEqual(run.action_ids.state, "ready")
        with self.assertRaisesRegex(UserError, "Approved"):
            run.action_propose()

    def test_payment_stops_a_pending_action_at_once(self):
        bill = self._bill(100, due=20)
        action = self._run().action_ids
        self._pay(100, bill)
        self.assertEqual(action.state, "cancelled")
        self.assertIn("Paid", action.reason)

    def test_open_credit_stops_a_pending_action_at_once(self):
        self._bill(100, due=20)
        action = self._run().action_ids
        self._pay(100)
        self.assertEqual(action.state, "cancelled")

    def test_a_step_made_in_another_way_is_not_made_again(self):
        self._bill(100, 40)
        action = self._run().action_ids
        action.line_ids.item_id.sudo().step = action.step
        self.assertFalse(action.still_due())
        self.assertEqual(action.state, "cancelled")

    def test_part_payment_lowers_the_action(self):
        bills = self._bill(100, due=20) + self._bill(40, due=15)
        action = self._run().action_ids
        self._pay(100, bills[0])
        self.assertEqual(action.state, "to_approve")
        self.assertEqual(action.amount, 40)
        self.assertEqual(action.line_ids.move_id, bills[1])

    def test_part_payment_under_the_minimum_of_the_row_stops_the_action(self):
        self._table(self.company, [{"step": 1, "threshold": 20}])
        bill = self._bill(100, due=20)
        self._bill(50, due=20)
        action = self._run().action_ids
        self._pay(85, bill)
        self.assertEqual((action.amount, action.amount_other), (50, 15))
        self._pay(40, action.line_ids.move_id)
        self.assertEqual(action.state, "cancelled")

    def test_part_payment_under_the_lower_limit_of_the_row_stops_the_action(self):
        self._table(self.company, [{"step": 1, "amount_from": 60}])
        bill = self._bill(100, due=20)
        action = self._run().action_ids
        self._pay(30, bill)
        self.assertEqual((action.state, action.amount), ("to_approve", 70))
        self._pay(30, bill)
        self.assertEqual(action.state, "cancelled")

    def test_the_night_speaks_the_language_of_the_company(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.company.partner_id.lang = "it_IT"
        self._bill(100, due=20)
        run = self._run(propose=False).with_context(lang=None)
        run.action_propose()
        self.assertIn("Proposte 1 azioni", run.message_ids[0].body)

    def test_reversed_payment_brings_the_debt_back(self):
        bill = self._bill(100, due=20)
        self._run()
        payment = self._pay(100, bill)
        payment.action_cancel()
        action = self._run().action_ids
        self.assertEqual(action.amount, 100)

    def test_hold_stops_a_pending_action_at_once(self):
        bill = self._bill(100, due=20)
        action = self._run().action_ids
        self.env["creditbox.hold"].create(
            {
                "level": "bill",
                "move_id": bill.id,
                "company_id": self.company.id,
                "reason_id": self.env.ref("creditbox_base.hold_reason_dispute").id,
                "date_from": TODAY,
                "date_to": TODAY + timedelta(days=10),
            }
        )
        self.assertEqual(action.state, "cancelled")
        self.assertEqual(action.reason, "No longer to be asked for: Held")

    def test_a_bill_taken_by_a_plan_stops_its_action_and_says_so(self):
        self._bill(100, due=20)
        action = self._run().action_ids
        self.env["creditbox.item"]._exclude(action.item_ids.move_line_id, "plan")
        self.assertEqual(action.state, "cancelled")
        self.assertEqual(action.reason, "No longer to be asked for: Repayment plan")

    def test_done_advances_the_items_in_the_same_transaction(self):
        self._bill(100, due=20)
        action = self._run().action_ids
        self._done(action)
        item = action.item_ids
        self.assertEqual(item.step, 1)
        self.assertEqual(item.last_action_id, action)
        self.assertEqual(item.last_action_date, TODAY)

    def test_a_row_is_done_once_for_a_bill(self):
        self._bill(100, due=20)
        action = self._run().action_ids
        self._done(action)
        twin = action.sudo().copy({"state": "ready"})
        action.sudo().line_ids.copy({"action_id": twin.id, "executed": False})
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            twin._mark_done(TODAY)

    def test_a_bill_that_moves_to_another_supply_takes_its_state_along(self):
        bill, other = self._bill(100, due=40), self._bill(50, due=40)
        actions = self._run().action_ids
        self._done(actions)
        items = actions.item_ids
        second = self._supply(self.customer, "W2")
        bill.creditbox_supply_id = second
        self.env.invalidate_all()
        moved = items.filtered(lambda item: item.move_id == bill)
        self.assertEqual(moved.position_id.supply_id, second)
        self.assertEqual((moved.step, moved.last_action_id), (1, actions))
        stayed = items - moved
        self.assertEqual(
            (stayed.move_id, stayed.position_id.supply_id), (other, self.supply)
        )

    def test_a_bill_that_moves_to_nobody_stays_where_it_was(self):
        """Bills of others are left alone, as are those that have not moved."""
        self._bill(100, due=40)
        [item] = self._run().action_ids.item_ids
        position = item.position_id
        stranger = self._customer("Verdi")
        self.env["creditbox.item"]._follow_bills(stranger.ids)
        self.env["creditbox.item"]._follow_bills(self.customer.ids)
        self.assertEqual(item.position_id, position)

    def test_failed_action_gives_the_step_back(self):
        self._bill(100, due=20)
        action = self._run().action_ids
        self._done(action)
        action._mark_failed("550 no such user")
        self.assertEqual(action.item_ids.step, 0)
        self.assertTrue(self._run().action_ids, "the step is proposed again")

    def test_undo_gives_steps_and_dates_back(self):
        self._bill(100, due=20)
        first = self._run()
        self._done(first.action_ids)
        day = TODAY + timedelta(days=30)
        run = self._run(day)
        action = run.action_ids
        run.action_approve()
        self._done(action, day)
        run.action_undo()
        self.assertEqual(run.state, "undone")
        self.assertEqual(action.state, "undone")
        self.assertEqual(action.item_ids.step, 1)
        self.assertEqual(action.item_ids.last_action_id, first.action_ids)
        self.assertEqual(action.item_ids.last_action_date, TODAY)

    def test_undo_never_puts_a_bill_back_on_a_step_that_has_failed(self):
        self._bill(100, due=20)
        first = self._run().action_ids
        self._done(first)
        day = TODAY + timedelta(days=30)
        run = self._run(day)
        run.action_approve()
        self._done(run.action_ids, day)
        first._mark_failed("returned after the second had left")
        item = first.item_ids
        self.assertEqual((item.step, item.last_action_id), (2, run.action_ids))
        run.action_undo()
        self.assertEqual((item.step, item.last_action_id.id), (0, False))
        self.assertFalse(item.last_action_date)

    def test_cancel_frees_the_positions(self):
        self._bill(100, due=20)
        run = self._run()
        run.action_cancel()
        self.assertEqual(run.action_ids.state, "cancelled")
        self.assertTrue(self._run().action_ids)

    def test_levels_of_authorisation(self):
        self._bill(100, due=20)
        big = self._customer("Grande")
        self._bill(20000, due=20, supply=self._supply(big, "W7"))
        run = self._run()
        supervisor, manager = self._user("supervisor"), self._user("manager")
        with self.assertRaises(UserError):
            run.with_user(supervisor).action_approve()
        run.with_user(manager).action_approve()
        self.assertEqual(run.state, "approved")
        states = {action.partner_id: action.state for action in run.action_ids}
        self.assertEqual(states, {self.customer: "ready", big: "to_approve"})
        above = run.action_ids.filtered(lambda a: a.partner_id == big)
        with self.assertRaises(UserError):
            above.with_user(supervisor).action_approve()
        above.with_user(manager).validate_tier()
        above.with_user(manager).action_approve()
        self.assertEqual(above.state, "ready")

    def test_nightly_proposal_is_for_the_companies_that_want_it(self):
        self._bill(100, due=20)
        self.company.creditbox_auto_propose = True
        cron = self.env.ref("creditbox_dunning.ir_cron_propose_runs")
        for _night in range(2):
            with self.enter_registry_test_mode():
                cron.sudo().method_direct_trigger()
        runs = self.env["creditbox.run"].search([("company_id", "=", self.company.id)])
        self.assertEqual(len(runs), 1, "the first still waits for approval")
        self.assertEqual(runs.state, "proposed")

    def test_nobody_writes_states_past_the_buttons(self):
        self._bill(100, due=20)
        run = self._run()
        manager = self._user("manager")
        with self.assertRaises(AccessError):
            run.action_ids.with_user(manager).write({"state": "ready"})
        with self.assertRaises(AccessError):
            run.with_user(manager).write({"state": "executing"})
        with self.assertRaises(AccessError):
            run.action_ids.item_ids.with_user(manager).write({"step": 9})

    def test_provider_that_has_been_used_stays(self):
        self._bill(100, due=20)
        used, idle = self.env["creditbox.provider"].create(
            [{"name": name, "kind": "sms"} for name in ("Used", "Idle")]
        )
        self._run().action_ids.sudo().provider_id = used
        idle.unlink()
        with self.assertRaisesRegex(UserError, "archive it"):
            used.unlink()

    def test_operator_cancels_but_does_not_approve(self):
        self._bill(100, due=20)
        run = self._run()
        run.action_approve()
        operator = self._user("operator")
        with self.assertRaises(AccessError):
            run.action_ids.with_user(operator).action_approve()
        run.action_ids.with_user(operator).action_cancel()
        self.assertEqual(run.action_ids.state, "cancelled")

    def test_reader_reads_and_does_nothing_else(self):
        self._bill(100, due=20)
        run = self._run()
        reader = self._user("reader")
        self.assertEqual(run.with_user(reader).action_count, 1)
        with self.assertRaises(AccessError):
            run.with_user(reader).action_approve()
        with self.assertRaises(AccessError):
            run.action_ids.with_user(reader).action_cancel()

    def test_other_companies_see_nothing(self):
        self._bill(100, due=20)
        run = self._run()
        other = self.setup_other_company()["company"]
        stranger = self._user("manager", other)
        for model in ("creditbox.run", "creditbox.action", "creditbox.item"):
            self.assertFalse(
                self.env[model]
                .with_user(stranger)
                .search_count([("company_id", "=", self.company.id)])
            )
        with self.assertRaises(AccessError):
            run.with_user(stranger).read(["name"])

    def test_published_table_does_not_change(self):
        with self.assertRaisesRegex(UserError, "new version"):
            self.table.rule_ids[0].wait_before = 1
        draft_id = self.table.action_new_version()["res_id"]
        draft = self.env["creditbox.rule.set"].browse(draft_id)
        draft.rule_ids[0].wait_before = 1
        draft.action_publish()
        self.assertEqual(self.table.state, "retired")
        self.assertEqual(draft.version, 2)
