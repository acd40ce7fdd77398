"""Runs of days 1, 5 and 9 with everything that can happen in between; afterwards each
is simulated again, and must give the actions and the amounts that it had given."""

from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .common import TODAY, DunningCommon

DAY = timedelta(days=1)


class PastCommon(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_clock(TODAY)

    @classmethod
    def _set_clock(cls, day, hour=8):
        """Bring Python's and the database's time to an hour of a day."""
        cls.env.flush_all()
        cls.now = datetime.combine(day, datetime.min.time()) + timedelta(hours=hour)
        cls.env.cr._now = cls.now

    def setUp(self):
        super().setUp()
        self._at(TODAY)

    def _at(self, day, hour=8):
        self._set_clock(day, hour)
        freezer = freeze_time(self.now)
        freezer.start()
        self.addCleanup(freezer.stop)

    def _proposed(self, day):
        """Propose a run, as the night does.

        :return: (run, what it gives)
        """
        self._at(day)
        run = self._run(day)
        return run, self._given(run)

    def _given(self, run):
        return {
            (
                action.position_id,
                action.rule_id,
                action.code,
                action.exception,
                action.amount,
                action.amount_other,
                tuple(
                    sorted((line.move_id.id, line.amount) for line in action.line_ids)
                ),
            )
            for action in run.action_ids
        }

    def _simulated(self, day, **values):
        run = self.env["creditbox.run"].create(
            {"company_id": self.company.id, "as_of": day, **values}
        )
        run.action_simulate()
        return run

    def _hold(self, bill, day, days=10):
        return self.env["creditbox.hold"].create(
            {
                "level": "bill",
                "move_id": bill.id,
                "company_id": self.company.id,
                "reason_id": self.env.ref("creditbox_base.hold_reason_dispute").id,
                "date_from": day,
                "date_to": day + timedelta(days=days),
            }
        )


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestPast(PastCommon):
    def test_simulation_of_a_past_day_gives_what_its_run_gave(self):
        bills = [self._bill(100 + n, due=30 - n) for n in range(6)]
        other = self._supply(self.customer, "W2")
        self._bill(80, due=25, supply=other)
        third = self._customer("Bianchi")
        self._bill(60, due=25, supply=self._supply(third, "W3"))
        runs = {}

        day_1 = TODAY + DAY
        runs[day_1] = self._proposed(day_1)
        run_1 = runs[day_1][0]
        run_1.action_approve()
        self._at(day_1, 12)
        self._done(run_1.action_ids, day_1)

        self._at(day_1 + DAY)
        self._pay(40, bills[0])
        self._pay(25, customer=third)  # an open credit
        held = self._hold(bills[1], day_1 + DAY)
        cancelled = self._pay(30, bills[2])

        day_5 = TODAY + 30 * DAY
        held.date_to = day_5
        runs[day_5] = self._proposed(day_5)
        run_5 = runs[day_5][0]
        self.assertTrue(runs[day_5][1])
        run_5.action_approve()
        self._at(day_5, 12)
        self._done(run_5.action_ids, day_5)

        self._at(day_5 + DAY)
        cancelled.action_cancel()  # the bank gives the debit back
        held.action_release()
        run_5.action_undo()
        late = self._bill(500, due=40)
        self._pay(81, customer=self.customer, supply=other)
        self.customer.creditbox_customer_type_id = False
        self.supply.meter_id.meter_state_id = self.env.ref(
            "creditbox_base.meter_state_suspended"
        )

        day_9 = TODAY + 60 * DAY
        runs[day_9] = self._proposed(day_9)
        run_9 = runs[day_9][0]
        self.assertIn(500, run_9.action_ids.mapped("amount_other"))
        run_9.action_approve()
        self._at(day_9, 12)
        self._done(run_9.action_ids, day_9)
        run_9.action_ids[:1]._mark_failed("550 no such user", unreachable=True)

        self._at(day_9 + 20 * DAY)
        self._pay(late.amount_residual, late)
        for day, (_run, given) in runs.items():
            with self.subTest(day=day):
                self.assertTrue(given)
                again = self._simulated(day)
                self.assertTrue(again.from_past)
                self.assertEqual(self._given(again), given)

    def test_what_is_dated_before_but_entered_after_was_not_known(self):
        bill = self._bill(100, due=20)
        self._at(TODAY + 3 * DAY)
        self._pay(40, bill)  # dated TODAY
        self._at(TODAY + 10 * DAY)
        amounts = {
            days: self._simulated(TODAY + days * DAY).action_ids.amount
            for days in (0, 2, 3, 9)
        }
        self.assertEqual(amounts, {0: 100, 2: 100, 3: 60, 9: 60})

    def test_day_without_a_run_is_seen_at_its_end_where_the_company_is(self):
        self.company.partner_id.tz = "Europe/Rome"
        bill = self._bill(100, due=20)
        self._at(TODAY + DAY, 23)  # one o'clock of the next day in Rome
        self._pay(40, bill)
        self._at(TODAY + 10 * DAY)
        self.assertEqual(self._simulated(TODAY + DAY).action_ids.amount, 100)
        self.assertEqual(self._simulated(TODAY + 2 * DAY).action_ids.amount, 60)

    def test_bill_entered_or_posted_later_was_not_there(self):
        draft = self._bill(70, due=20)
        draft.button_draft()
        self._at(TODAY + 2 * DAY)
        self._bill(30, due=20)
        self._at(TODAY + 4 * DAY)
        draft.action_post()
        self._at(TODAY + 10 * DAY)
        amounts = [
            self._simulated(TODAY + days * DAY).action_ids.amount for days in (1, 2, 4)
        ]
        self.assertEqual(amounts, [0, 30, 100])

    def test_hold_counts_as_it_was(self):
        bill = self._bill(100, due=20)
        self._at(TODAY + 2 * DAY)
        hold = self._hold(bill, TODAY, 3)
        self._at(TODAY + 4 * DAY)
        hold.date_to = TODAY + 7 * DAY
        self._at(TODAY + 5 * DAY)
        hold.unlink()
        self._at(TODAY + 10 * DAY)
        held = [
            days
            for days in range(10)
            if not self._simulated(TODAY + days * DAY).action_ids
        ]
        self.assertEqual(held, [2, 3, 4])

    def test_proof_counts_since_it_is_known(self):
        self._table(
            self.company,
            [{"step": 1, "wait_after": 1, "count_from": "delivery"}, {"step": 2}],
        )
        self._bill(100, due=20)
        action = self._proposed(TODAY + DAY)[0].action_ids
        self._done(action, TODAY + DAY)
        self._at(TODAY + 20 * DAY)
        action._mark_delivered(TODAY + 3 * DAY)
        self._at(TODAY + 30 * DAY)
        for days, step in ((1, 1), (15, 0), (20, 2)):
            with self.subTest(days=days):
                again = self._simulated(TODAY + days * DAY)
                self.assertEqual(again.action_ids.step, step)

    def test_pending_and_recent_actions_block_as_they_did(self):
        other = self._supply(self.customer, "W2")
        self._bill(100, due=20)
        action = self._proposed(TODAY)[0].action_ids
        self._at(TODAY + 2 * DAY)
        self._bill(50, due=20, supply=other)
        self._at(TODAY + 4 * DAY)
        self._done(action, TODAY + 4 * DAY)
        self._at(TODAY + 20 * DAY)
        found = {
            days: self._simulated(TODAY + days * DAY).action_ids.mapped("amount")
            for days in (1, 2, 4, 8, 9)
        }
        # the other supply waits for the contact delay from day 4 on
        self.assertEqual(found, {1: [], 2: [50], 4: [50], 8: [], 9: [50]})

    def test_failure_undone_later_still_was_one(self):
        self._bill(100, due=20)
        action = self._proposed(TODAY)[0].action_ids
        self._done(action, TODAY)
        self._at(TODAY + 6 * DAY)
        action._mark_failed("returned")
        self._at(TODAY + 8 * DAY)
        action._mark_delivered_after_all(TODAY + 2 * DAY)
        self._at(TODAY + 15 * DAY)
        steps = {
            days: self._simulated(TODAY + days * DAY).action_ids.step
            for days in (5, 7, 9)
        }
        self.assertEqual(steps, {5: 0, 7: 1, 9: 0})
        self.assertEqual(self._simulated(TODAY + 30 * DAY).action_ids.step, 2)

    def test_table_in_force_on_the_day_is_the_default(self):
        self._at(TODAY + 5 * DAY)
        newer = self._table(self.company, [{"step": 1}])
        self._at(TODAY + 10 * DAY)
        for days, table in ((0, self.table), (4, self.table), (5, newer), (20, newer)):
            with self.subTest(days=days):
                day = TODAY + days * DAY
                run = self.env["creditbox.run"].create(
                    {"company_id": self.company.id, "as_of": day}
                )
                self.assertEqual(run.rule_set_id, table)
        form = Form(self.env["creditbox.run"].with_company(self.company))
        self.assertEqual(form.rule_set_id, newer)
        form.as_of = TODAY + 2 * DAY
        self.assertEqual(form.rule_set_id, self.table)

    def test_repetition_by_a_supervisor(self):
        bill = self._bill(100, due=20)
        run, given = self._proposed(TODAY)
        self._at(TODAY + DAY)
        self._pay(30, bill)
        supervisor = self._user("supervisor")
        window = run.with_user(supervisor).action_repeat()
        again = self.env["creditbox.run"].browse(window["res_id"])
        self.assertEqual((again.state, again.origin_id), ("simulated", run))
        self.assertEqual(self._given(again), given)
        self.assertEqual(run.action_ids.amount, 70, "the run itself goes on")
        with self.assertRaisesRegex(UserError, "stays as it is"):
            again.with_user(supervisor).action_propose()
        with self.assertRaises(AccessError):
            run.with_user(self._user("operator")).action_repeat()

    def test_the_past_of_one_company_is_its_own(self):
        other = self.setup_other_company()["company"]
        self._table(other)
        self._bill(100, due=20)
        run, _given = self._proposed(TODAY)
        stranger = self._user("supervisor", other)
        with self.assertRaises(AccessError):
            run.with_user(stranger).action_repeat()
        self._at(TODAY + 5 * DAY)
        theirs = self.env["creditbox.run"].with_user(stranger)
        theirs = theirs.create({"company_id": other.id, "as_of": TODAY})
        theirs.action_simulate()
        self.assertTrue(theirs.from_past)
        self.assertFalse(theirs.action_ids)

    def test_the_present_comes_back(self):
        bill = self._bill(100, due=20)
        self._at(TODAY + 2 * DAY)
        self._pay(100, bill)
        line = bill.line_ids.filtered("date_maturity")
        self.assertEqual(self._simulated(TODAY).action_ids.amount, 100)
        self.assertEqual(line.amount_residual, 0)
        with (
            self.assertRaises(ZeroDivisionError),
            self.env["creditbox.past"]._at(self.company, self.now - DAY, TODAY),
        ):
            self.assertEqual(line.amount_residual, 100)
            raise ZeroDivisionError
        self.env.invalidate_all()
        self.assertEqual(line.amount_residual, 0)
        self.assertFalse(self._simulated(TODAY + 2 * DAY).from_past)


@tagged("post_install", "-at_install")
class TestPastStudies(PastCommon):
    """What if, and the workflow, on what was known on a past day."""

    def _workflow(self, day):
        wizard = self.env["creditbox.workflow.past"].with_user(self._reader())
        action = wizard.create(
            {"company_id": self.company.id, "day": day}
        ).action_open()
        return self.env["creditbox.workflow"].browse(action["res_id"])

    def _reader(self):
        return self.env["res.users"].search(
            [("login", "=", f"reader_{self.company.id}")]
        ) or self._user("reader")

    def _stands(self, workflow):
        return {
            (p.position_id, p.step_id.step, p.state, p.amount)
            for p in self.env["creditbox.workflow.position"].search(
                [("step_id.workflow_id", "=", workflow.id)]
            )
        }

    def _today(self):
        workflows = self.env["creditbox.workflow"]
        workflow = workflows._of(self.company, self.table)
        workflow._start()
        return workflow

    def test_workflow_of_a_past_day_is_that_of_then(self):
        bill = self._bill(100, 40)
        self._bill(30, 12, self._supply(self._customer("Verdi"), "V1"))
        self._at(TODAY)
        then = self._stands(self._today())
        self.assertEqual({state for _p, _s, state, _a in then}, {"ready"})
        self._at(TODAY + 3 * DAY)
        self._pay(100, bill)
        actions = self._run(TODAY + 3 * DAY).action_ids
        self._done(actions, TODAY + 3 * DAY)
        self.assertNotEqual(self._stands(self._today()), then)
        past = self._workflow(TODAY)
        self.assertEqual(self._stands(past), then)
        self.assertEqual((past.past_day, past.as_of), (TODAY, TODAY))

    def test_pictures_of_days_stand_beside_each_other(self):
        self._bill(100, 40)
        self._at(TODAY + 2 * DAY)
        past, now = self._workflow(TODAY), self._today()
        self.assertNotEqual(past, now)
        self.assertEqual(self._workflow(TODAY), past)
        self.assertTrue(past._is_fresh())
        self.assertIn("2026", past.display_name)

    def test_only_past_days_of_the_workflow(self):
        with self.assertRaises(UserError):
            self._workflow(TODAY)

    def _whatif(self, table, day):
        whatif = self.env["creditbox.whatif"].create(
            {"rule_set_id": table.id, "as_of": day}
        )
        whatif.action_evaluate()
        return whatif

    def _draft(self):
        draft = self.table.copy()
        draft.rule_ids.filtered(lambda rule: rule.step == 1).amount_from = 50
        return draft

    def _figures(self, whatif):
        return (
            whatif.added_count,
            whatif.removed_count,
            whatif.same_count,
            whatif.amount_before,
            whatif.amount_after,
            whatif.bill_count,
        )

    def test_what_if_on_a_past_day_is_that_of_then(self):
        bill = self._bill(100, 40)
        self._bill(30, 12, self._supply(self._customer("Verdi"), "V1"))
        self._at(TODAY)
        draft = self._draft()
        then = self._figures(self._whatif(draft, TODAY))
        self.assertEqual(then, (0, 1, 1, 130, 100, 2))
        self._at(TODAY + 3 * DAY)
        self._pay(100, bill)
        now = self._figures(self._whatif(draft, TODAY + 3 * DAY))
        self.assertEqual(now, (0, 1, 0, 30, 0, 1))
        past = self._whatif(draft, TODAY)
        self.assertEqual(self._figures(past), then)
        self.assertTrue(past.is_past)
        self.assertEqual(past.baseline_id, self.table)
        with self.assertRaisesRegex(UserError, "today's bills"):
            past.action_publish()

    def test_compared_with_the_table_of_then(self):
        self._bill(100, 40)
        first = self.table
        first.date_published = self.now
        self._at(TODAY + 2 * DAY)
        second = first.copy()
        second.action_publish()
        third = second.copy()
        self.assertEqual(self._whatif(third, TODAY).baseline_id, first)
        self.assertEqual(self._whatif(third, TODAY + 2 * DAY).baseline_id, second)
