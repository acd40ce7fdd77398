"""Where the bills stand on the way through the table, and what they wait for."""

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.queue_job.tests.common import trap_jobs

from .common import TODAY, DunningCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestWorkflow(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader = cls._user("reader")

    def _workflow(self, user=None):
        workflows = self.env["creditbox.workflow"].with_user(user or self.reader)
        action = workflows.action_open_in_force()
        return workflows.browse(action["res_id"])

    def _refreshed(self):
        workflow = self._workflow()
        workflow.action_refresh()
        return workflow

    def _steps(self, workflow):
        """:return: {step: {state: positions}}, without zeros, and with the money"""
        return {
            step.step: {
                "amount": step.amount,
                **{
                    name.removesuffix("_count"): step[name]
                    for name in step._fields
                    if name.endswith("_count")
                    and name not in ("position_count", "bill_count")
                    and step[name]
                },
            }
            for step in workflow.step_ids
        }

    def _other(self, code):
        return self._supply(self._customer(f"Customer {code}"), code)

    def test_each_bill_stands_somewhere(self):
        self._bill(10, 30)  # ready
        self._bill(20, 5)  # the same customer: not ripe yet
        self._bill(40, -5)  # not overdue
        waiting = self._other("waiting")
        self._bill(80, 4, waiting)
        held = self._other("held")
        bill = self._bill(160, 30, held)
        self.env["creditbox.hold"].create(
            {
                "level": "bill",
                "move_id": bill.id,
                "company_id": self.company.id,
                "reason_id": self.env["creditbox.hold.reason"].search([], limit=1).id,
                "date_to": TODAY + timedelta(days=9),
            }
        )
        unreachable = self._other("unreachable")
        unreachable.partner_id.email = False
        self._bill(320, 30, unreachable)
        covered = self._other("covered")
        self._bill(640, 30, covered)
        self._pay(640, customer=covered.partner_id, supply=covered)
        workflow = self._workflow()
        self.assertEqual(workflow.state, "done")
        self.assertEqual(
            self._steps(workflow),
            {
                0: {
                    "amount": 10 + 20 + 80 + 160 + 320 + 640,
                    "ready": 1,
                    "waiting": 2,
                    "held": 1,
                    "exception": 1,
                    "outside": 1,
                },
                1: {"amount": 0},
                2: {"amount": 0},
            },
        )
        step = workflow.step_ids[0]
        self.assertEqual(step.position_count, 5)
        self.assertEqual(step.bill_count, 6)
        self.assertEqual(step.ready_amount, 10)
        self.assertEqual(step.waiting_until, TODAY + timedelta(days=5))
        self.assertEqual(step.held_until, TODAY + timedelta(days=9))
        self.assertEqual((workflow.position_count, workflow.bill_count), (5, 6))
        # what the accounts say of the positions, and what a run does
        positions = self.env["creditbox.position"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(workflow.amount, sum(positions.mapped("amount_overdue")))
        run = self._run()
        self.assertEqual((run.action_count, run.exception_count), (1, 1))

    def test_bills_move_on(self):
        self._bill(50, 30)
        run = self._run()
        self.assertEqual(
            self._steps(self._workflow())[0], {"amount": 50, "under_way": 1}
        )
        run.action_approve()
        self._done(run.action_ids)
        self.assertEqual(self._steps(self._refreshed())[0], {"amount": 0})
        workflow = self._workflow()
        self.assertEqual(self._steps(workflow)[1], {"amount": 50, "waiting": 1})
        self.assertEqual(workflow.step_ids[1].waiting_until, TODAY + timedelta(days=20))
        # the next table has one step only: nothing comes after it
        self._table(self.company, [{"step": 1}])
        workflow = self._workflow()
        self.assertEqual(self._steps(workflow)[1], {"amount": 50, "stuck": 1})
        # and in one without that step it is named
        self._table(self.company, [{"step": 5}])
        workflow = self._workflow()
        self.assertEqual(sorted(self._steps(workflow)), [0, 1, 5])
        self.assertIn("another version", workflow.step_ids[1].title)

    def test_what_is_behind_the_figures(self):
        self._bill(50, 30)
        self._bill(60, 3, self._other("other"))
        step = self._workflow().step_ids[0]

        def behind(action):
            return self.env[action["res_model"]].search(action["domain"])

        self.assertEqual(len(behind(step.action_open_all())), 2)
        [ready] = behind(step.action_open_ready())
        self.assertEqual(ready.partner_id, self.customer)
        self.assertEqual(ready.rule_id, self.table.rule_ids[0])
        [waiting] = behind(step.action_open_waiting())
        self.assertEqual(waiting.until, TODAY + timedelta(days=7))
        self.assertFalse(behind(step.action_open_held()))
        self.assertEqual(
            behind((ready | waiting).action_open_positions()),
            (ready | waiting).position_id,
        )
        run = self._run()
        step = self._refreshed().step_ids[0]
        self.assertEqual(behind(step.action_open_under_way()), run.action_ids)

    def test_it_leaves_no_trace_and_is_not_written(self):
        self._bill(50, 30)
        workflow = self._workflow()
        self.assertFalse(self.env["creditbox.item"].search_count([]))
        self.assertFalse(self.env["creditbox.action"].search_count([]))
        with self.assertRaises(AccessError):
            workflow.write({"amount": 1})

    def test_opened_again_it_is_the_same_picture_for_a_while(self):
        self._bill(50, 30)
        workflow = self._workflow()
        self._bill(70, 30)
        self.assertEqual(self._workflow(), workflow)
        self.assertEqual(workflow.amount, 50)
        with freeze_time(f"{TODAY} 00:16:00"):
            self._workflow()
        self.assertEqual(workflow.amount, 120)

    def test_opening_is_quick_whatever_the_portfolio(self):
        self._bill(50, 30)
        workflow = self._workflow()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(26):
            self._workflow()
            workflow.read(["amount", "ready_count"])
            workflow.step_ids.read()

    def test_large_portfolios_in_the_background(self):
        self._bill(50, 30)
        self._bill(50, 30, self._other("other"))
        study = "odoo.addons.creditbox_dunning.models.creditbox_study"
        with patch(f"{study}.AT_ONCE", 1), trap_jobs() as trap:
            workflow = self._workflow()
            self.assertEqual(workflow.state, "waiting")
            trap.assert_jobs_count(1)
            trap.perform_enqueued_jobs()
        self.assertEqual((workflow.state, workflow.amount), ("done", 100))

    def test_two_companies(self):
        other = self.setup_other_company()["company"]
        self._table(other)
        self._bill(50, 30)
        both = self.env["creditbox.workflow"].with_company(other)
        both = both.with_context(allowed_company_ids=(self.company | other).ids)
        action = both.action_open_in_force()
        workflows = both.search(action["domain"])
        self.assertEqual(workflows.company_id, self.company | other)
        self.assertEqual(
            {w.company_id: w.bill_count for w in workflows}, {self.company: 1, other: 0}
        )
        own = self.env["creditbox.workflow"].with_user(self.reader).search([])
        self.assertEqual(own.company_id, self.company)
        with self.assertRaises(AccessError):
            workflows.with_user(self.reader).filtered(
                lambda w: w.company_id == other
            ).action_refresh()

    def test_standard_table_serves_each_company_without_its_own(self):
        self.table.sudo().state = "retired"
        standard = self.env.ref("creditbox_dunning.rule_set_standard")
        other = self.setup_other_company()["company"]
        companies = self.env.companies | self.company | other
        table = standard.with_context(allowed_company_ids=companies.ids)
        self.assertEqual(
            table._companies() & (self.company | other), self.company | other
        )
        self._table(other)
        self.assertNotIn(other, table._companies())

    def test_pictures_end_by_themselves(self):
        workflow = self._workflow()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE creditbox_workflow SET write_date = %s",
            (TODAY - timedelta(days=31),),
        )
        self.env.invalidate_all()
        self.env["creditbox.workflow"].sudo()._gc_workflow()
        self.assertFalse(workflow.exists())


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestWhatifOfGroup(DunningCommon):
    """A standard table serves several companies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.setup_other_company()["company"]
        cls.table.sudo().state = "retired"
        cls.standard = cls.env.ref("creditbox_dunning.rule_set_standard")
        cls.env = cls.env(
            context={
                **cls.env.context,
                "allowed_company_ids": (cls.company | cls.other).ids,
            }
        )
        cls.draft = cls.env["creditbox.rule.set"].create(
            {
                "name": "New standard",
                "company_id": False,
                "rule_ids": [
                    Command.create(
                        {
                            "name": "At once",
                            "step": 1,
                            "code": "email",
                            "template_id": cls.template.id,
                        }
                    )
                ],
            }
        )
        cls.others_supply = cls._supply(cls._customer("Neri", cls.other), "W9")
        cls._bill(50, 1)

    def test_companies_that_use_the_table(self):
        whatif = self.env["creditbox.whatif"].create({"rule_set_id": self.draft.id})
        self.assertEqual(whatif.company_ids, self.company | self.other)
        self.assertEqual(whatif.baseline_id, self.standard)
        whatif.action_evaluate()
        self.assertEqual(whatif.part_ids.company_id, self.company | self.other)
        self.assertEqual(whatif.added_count, 1)
        figures = {part.company_id: part.action_after for part in whatif.part_ids}
        self.assertEqual(figures, {self.company: 1, self.other: 0})
        # only those that are ticked
        whatif.company_ids = self.other
        whatif.action_evaluate()
        self.assertEqual(whatif.added_count, 0)

    def test_nobody_sees_figures_of_another_company(self):
        whatif = self.env["creditbox.whatif"].create({"rule_set_id": self.draft.id})
        whatif.action_evaluate()
        theirs = whatif.with_user(self._user("supervisor", self.other))
        theirs = theirs.with_context(allowed_company_ids=self.other.ids)
        self.assertEqual(theirs.added_count, 0)
        self.assertFalse(theirs.code_ids)
        self.assertFalse(theirs.row_ids)
        self.assertEqual(theirs.part_ids.company_id, self.other)
        with self.assertRaises(AccessError):
            theirs.action_evaluate()
        alone = self.env["creditbox.whatif"].create(
            {"rule_set_id": self.draft.id, "company_ids": self.company.ids}
        )
        with self.assertRaises(AccessError):
            alone.with_user(self._user("reader", self.other)).read(["as_of"])
