"""Undo of chosen actions and of lots: what comes back, what cannot, in any order."""

from datetime import timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import TODAY
from .test_charge import ChargeCommon

LADDER = [
    {"step": step, "wait_after": 7, "fee": "amount", "fee_amount": step}
    for step in (1, 2, 3)
]


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30")
class TestUndo(ChargeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supervisor = cls._user("supervisor")

    def _steps(self, count=2):
        """:return: the actions of the first steps, a week after each other"""
        self._table(self.company, LADDER)
        actions = self.env["creditbox.action"]
        for number in range(count):
            day = TODAY + timedelta(days=7 * number)
            with freeze_time(day):
                actions |= self._act(day)
        return actions

    def _state(self):
        """What undo must give back: steps, dates, last actions and debts."""
        self.env.invalidate_all()
        items = self.env["creditbox.item"].search(
            [("company_id", "=", self.company.id)], order="id"
        )
        return [
            (item.id, item.step, item.last_action_id.id, item.last_action_date)
            for item in items
        ], {
            position.id: position.amount_balance
            for position in self.position_model.search([])
        }

    def _undo(self, actions):
        """As a supervisor does it."""
        window = actions.with_user(self.supervisor).action_undo()
        undo = self.env[window["res_model"]].with_user(self.supervisor)
        undo = undo.browse(window["res_id"])
        undo.reason = "Wrong text"
        undo.action_undo()
        return undo

    def test_a_chosen_action_comes_back_with_its_fee(self):
        self._bill(100, 40)
        before = self._state()[1]
        actions = self._steps(1)
        self._charges_of(actions)._post()
        undo = self._undo(actions)
        self.assertEqual(actions.state, "undone")
        item = actions.item_ids
        self.assertEqual((item.step, item.last_action_id.ids), (0, []))
        self.assertEqual(self._state()[1], before)
        self.assertIn("1 had left", undo.report)
        self.assertIn("Wrong text", actions.message_ids[0].body)
        self.assertIn("Wrong text", actions.run_id.message_ids[0].body)

    # ------------------------------------------------------------------
    # what comes next
    # ------------------------------------------------------------------
    def _next(self):
        self.env.invalidate_all()
        items = self.env["creditbox.item"].search([], order="id")
        return [(i.next_rule_id, i.next_date) for i in items]

    def test_the_position_says_at_once_what_comes_next(self):
        """The same as the next evaluation says."""
        self._bill(100, 40)
        self._bill(20, 3)
        actions = self._steps(2)
        with freeze_time(TODAY + timedelta(days=7)):
            self._undo(actions[1])
            first = self._next()
            item = actions[1].item_ids[0]
            self.assertEqual(item.next_rule_id.step, 2)
            self.assertEqual(item.next_date, TODAY + timedelta(days=7))
            self.assertEqual(item.position_id.next_rule_id, item.next_rule_id)
            self._undo(actions[0])
            both = self._next()
            self.assertEqual(item.next_rule_id.step, 1)
            self.assertEqual(item.next_date, item.date_due)
            self._run(TODAY + timedelta(days=7))
            self.assertEqual(self._next(), both)
        self.assertNotEqual(first, both)

    def test_only_the_positions_touched_are_told(self):
        self._bill(100, 40)
        stranger = self._supply(self._customer("Verdi"), "V1")
        self._bill(100, 40, stranger)
        actions = self._steps(1)
        own = actions.filtered(lambda a: a.supply_id == self.supply)
        self._undo(own)
        self.env.invalidate_all()
        self.assertTrue(own.item_ids.next_rule_id)
        self.assertFalse((actions - own).item_ids.next_rule_id)

    def test_a_paid_bill_has_nothing_next(self):
        bill = self._bill(100, 40)
        actions = self._steps(1)
        self._pay(100, bill)
        self._undo(actions)
        self.assertEqual(self._next(), [(self.env["creditbox.rule"], False)])

    def test_next_after_the_undo_of_a_run(self):
        self._bill(100, 40)
        actions = self._steps(1)
        run = actions.run_id
        run.sudo().state = "done"
        run.action_undo()
        [(rule, day)] = self._next()
        self.assertEqual((rule.step, day), (1, TODAY - timedelta(days=40)))

    def test_next_costs_the_same_for_many(self):
        counts = []
        for number in (1, 1, 6):
            supplies = [
                self._supply(
                    self._customer(f"{number}.{n}.{len(counts)}"), f"{n}.{len(counts)}"
                )
                for n in range(number)
            ]
            for supply in supplies:
                self._bill(10, 40, supply)
            positions = self.position_model.search(
                [("supply_id", "in", [supply.id for supply in supplies])]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["creditbox.next.trial"]._foretell(positions)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_the_later_step_first(self):
        self._bill(100, 40)
        first, second = self._steps(2)
        undo = self._undo(first)
        self.assertEqual(first.state, "done")
        self.assertIn("2. Row 2", undo.report)
        self.assertIn("undo that first", undo.report)
        self._undo(second)
        self._undo(first)
        self.assertEqual(set((first | second).mapped("state")), {"undone"})
        self.assertEqual(first.item_ids.step, 0)

    def test_both_at_once(self):
        self._bill(100, 40)
        actions = self._steps(3)
        self._undo(actions)
        self.assertEqual(set(actions.mapped("state")), {"undone"})
        item = actions.item_ids
        self.assertEqual(
            (item.step, item.last_action_id.ids, item.last_action_date),
            (0, [], False),
        )

    def test_a_later_step_that_waits_stops_it_too(self):
        self._bill(100, 40)
        first = self._steps(1)
        with freeze_time(TODAY + timedelta(days=7)):
            run = self._run(TODAY + timedelta(days=7))
            run.action_approve()
            self._undo(first)
            self.assertEqual(first.state, "done")
            self._undo(first | run.action_ids)
        self.assertEqual((first.state, run.action_ids.state), ("undone", "cancelled"))

    def test_a_run_keeps_what_has_gone_on(self):
        self._bill(100, 40)
        other = self._bill(50, 40, self._supply(self._customer("Verdi"), "W2"))
        self._table(self.company, LADDER)
        actions = self._act()
        self._pay(50, other)
        later = TODAY + timedelta(days=7)
        with freeze_time(later):
            self._act(later)
        run = actions.run_id
        run.sudo().state = "done"
        run.with_user(self.supervisor).action_undo()
        by_name = {action.partner_id.name: action.state for action in actions}
        self.assertEqual(by_name, {"Rossi": "done", "Verdi": "undone"})
        self.assertIn("undo that first", run.message_ids[0].body)

    def test_what_has_no_effect_or_is_in_doubt(self):
        self._bill(100, 40)
        actions = self._steps(1)
        actions._mark_failed("Bounced")
        self.assertIn("no effect", self._undo(actions).report)
        actions.sudo().write({"state": "sending", "in_doubt": True})
        self.assertIn("Say first", self._undo(actions).report)
        self.assertEqual(actions.state, "sending")

    def test_who_may(self):
        self._bill(100, 40)
        actions = self._steps(1)
        with self.assertRaises(AccessError):
            actions.with_user(self._user("operator")).action_undo()
        other = self.setup_other_company()["company"]
        with self.assertRaises(AccessError):
            actions.with_user(self._user("supervisor", other)).action_undo()

    def test_a_lot(self):
        self._letter_table()
        self._bill(100, 30)
        self._bill(70, 30, self._supply(self._customer("Verdi"), "W2"))
        actions = self._execute()
        lot = actions.letter_lot_id
        user = self.supervisor
        for posted, state, words in (
            (False, "cancelled", "2 taken back"),
            (True, "undone", "2 had left"),
        ):
            with self.subTest(posted=posted):
                if posted:
                    actions = self._execute()
                    lot = actions.letter_lot_id
                    lot.sudo().action_posted()
                window = lot.with_user(user).action_undo()
                undo = self.env["creditbox.action.undo"].with_user(user)
                undo = undo.browse(window["res_id"])
                self.assertIn(words, undo.plan)
                undo.reason = "Wrong letterhead"
                undo.action_undo()
                self.assertEqual(set(actions.mapped("state")), {state})
                self.assertIn(words, lot.message_ids[0].body)
                self.assertEqual(set(actions.item_ids.mapped("step")), {0})
                self.assertEqual(self._debt(), 100)

    @settings(
        deadline=None,
        max_examples=8,
        phases=[Phase.generate],  # each example takes seconds
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def test_any_order_gives_back_the_state_before(self, data):
        """Bills of two supplies go up the ladder; all is taken back, in some order."""
        savepoint = self.env.cr.savepoint()
        try:
            self._check_any_order(data)
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()
            self.env.registry.clear_cache()

    def _check_any_order(self, data):
        second = self._supply(self._customer("Verdi"), "W9")
        for days in data.draw(st.lists(st.integers(1, 60), min_size=1, max_size=4)):
            supply = self.supply if days % 2 else second
            self._bill(10 + days, days, supply)
        self._table(self.company, LADDER)
        states, actions = [], self.env["creditbox.action"]
        for number in range(3):
            day = TODAY + timedelta(days=7 * number)
            with freeze_time(day):
                run = self._run(day)
                # the evaluation itself makes the items
                states.append(self._state())
                self._done(run.action_ids, day)
                self._charges_of(run.action_ids)._post()
                actions |= run.action_ids
        order = data.draw(st.permutations(actions.ids))
        how = data.draw(st.sampled_from(["system", "people"]))
        with freeze_time(TODAY + timedelta(days=14)):
            pending = actions.browse(order)
            while pending:
                if how == "system":  # a bounce comes when it likes
                    pending[:1]._undo()
                    pending = pending[1:]
                    continue
                before = len(pending)
                for action in pending:
                    action._undo_chosen("Test")
                pending = pending.filtered(lambda a: a.state == "done")
                self.assertLess(len(pending), before)
        items, debts = self._state()
        self.assertEqual(
            {row[1:] for row in items}, {(0, False, False)} if items else set()
        )
        self.assertEqual(debts, states[0][1])
        self.assertFalse(actions.line_ids.filtered("executed"))
