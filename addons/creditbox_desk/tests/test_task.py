from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import Form, freeze_time, tagged

from .common import TODAY, DeskCommon

COLUMNS = [
    "kind",
    "partner_id",
    "what",
    "date",
    "amount_overdue",
    "days_overdue",
    "position_id",
    "chain",
    "promise_date",
    "held_until",
    "next_date",
    "last_contact",
    "why",
    "user_id",
]


@tagged("creditbox", "post_install", "-at_install")
@freeze_time(TODAY)
class TestTask(DeskCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.position | cls.gas_position).user_id = cls.operator

    def tasks(self, user=None, **conditions):
        tasks = self.env["creditbox.task"].with_user(user or self.operator)
        self.env.flush_all()
        return tasks.search(
            Domain.AND(Domain(name, "=", value) for name, value in conditions.items())
        )

    def task(self, kind, user=None):
        [task] = self.tasks(user, kind=kind)
        return task

    def activity(self, kind=None, days=0, record=None, user=None):
        return (record or self.position).activity_schedule(
            kind or "mail.mail_activity_data_todo",
            date_deadline=TODAY + timedelta(days),
            summary="Do it",
            user_id=(user or self.operator).id,
        )

    def hold(self, days):
        return self.env["creditbox.hold"].create(
            {
                "level": "supply",
                "supply_id": self.gas_supply.id,
                "company_id": self.company.id,
                "reason_id": self.env.ref("creditbox_base.hold_reason_check").id,
                "user_id": self.operator.id,
                "date_to": TODAY + timedelta(days),
            }
        )

    # -- which rows, in which order ------------------------------------------------

    def test_order_of_the_day(self):
        self.hold(3)
        self.activity()
        self._run()
        self._promise((0, 60), position=self.gas_position)
        self.activity("creditbox_dunning.mail_activity_type_reply")
        self.activity("creditbox_desk.mail_activity_type_callback")
        found = [task.kind for task in self.tasks()]
        self.assertEqual(set(found[:2]), {"reply", "callback"})
        self.assertEqual(found[2:], ["promise_due", "activity", "hold", "waiting"])
        for task in self.tasks():
            self.assertTrue(task.why)
            self.assertEqual(task.partner_id, self.customer)

    def test_pages(self):
        """Each page is a piece of the whole list, wherever the automatic begin."""
        self._run()
        for _number in range(3):
            self.activity()
        whole = self.tasks()
        self.assertEqual(whole.mapped("automatic"), [False] * 3 + [True] * 2)
        for offset in range(len(whole) + 2):
            for limit in range(1, len(whole) + 2):
                page = whole.search([], offset=offset, limit=limit)
                self.assertEqual(page, whole[offset : offset + limit])
        page = whole.search([("automatic", "=", True)], offset=1, limit=9)
        self.assertEqual(page, whole[4:])

    def test_larger_debt_first(self):
        self.activity(record=self.gas_position)
        self.activity(record=self.position)
        amounts = self.tasks(kind="activity").mapped("amount_overdue")
        self.assertEqual(amounts, [100, 60])

    def test_promise_not_kept(self):
        self._promise((1, 160))
        self._night(9)
        task = self.task("promise_broken")
        self.assertEqual((task.priority, task.user_id), ("2", self.operator))
        self.assertEqual(task.amount_overdue, 160)  # all of the customer's

    def test_what_is_stuck(self):
        actions = self._run().action_ids.sudo()
        for values, kind in (
            ({"state": "failed", "reason": "Mailbox full"}, "failed"),
            ({"state": "planned", "exception": "no_address"}, "exception"),
            ({"state": "sending", "in_doubt": True}, "doubt"),
        ):
            with self.subTest(kind=kind):
                actions.write(
                    {"exception": False, "reason": False, "in_doubt": False, **values}
                )
                tasks = self.tasks(kind=kind)
                self.assertEqual(len(tasks), 2)
                self.assertEqual(set(tasks.mapped("priority")), {"3"})
                self.assertFalse(self.tasks(kind="waiting"))
        actions.write({"state": "failed", "reason": "Mailbox full"})
        self.assertIn("Mailbox full", self.tasks(kind="failed")[0].what)

    def test_automatic_steps_are_in_the_list(self):
        actions = self._run().action_ids
        waiting = self.tasks(kind="waiting")
        self.assertTrue(all(waiting.mapped("automatic")))
        self._done(actions)
        done = self.tasks(kind="done")
        self.assertEqual(len(done), 2)
        self.assertEqual(done[0].last_contact, TODAY)
        with freeze_time(TODAY + timedelta(3)):
            self.assertFalse(self.tasks(kind="done"))

    def test_simulated_actions_are_nobodys_work(self):
        self._run(propose=False).action_simulate()
        self.assertFalse(self.tasks(automatic=True))
        self.assertFalse(self.tasks(kind="exception"))

    def test_columns(self):
        self._promise((5, 160))
        self.activity()
        [values] = self.tasks(kind="activity").read(COLUMNS)
        self.assertEqual(values["promise_date"], TODAY + timedelta(5))
        self.assertEqual(values["held_until"], TODAY + timedelta(8))
        self.assertEqual(values["days_overdue"], 40)
        self.assertFalse(values["last_contact"])

    def test_every_row_opens_page_and_record(self):
        self.hold(1)
        self.activity()
        self._run()
        self._promise((0, 60), position=self.gas_position)
        for task in self.tasks():
            with self.subTest(kind=task.kind):
                page = task.action_open_page()
                self.assertEqual(page["params"]["partner_id"], self.customer.id)
                record = task.action_open_record()
                self.assertTrue(
                    self.env[record["res_model"]].browse(record["res_id"]).exists()
                )

    # -- buttons -------------------------------------------------------------------

    def test_postpone(self):
        activity = self.activity()
        hold = self.hold(2)
        tasks = self.tasks()
        action = tasks.action_postpone()
        wizard = Form(
            self.env[action["res_model"]]
            .with_user(self.operator)
            .with_context(action["context"])
        ).save()
        self.assertEqual(wizard.date, TODAY + timedelta(1))
        wizard.date = TODAY
        with self.assertRaises(UserError):
            wizard.action_postpone()
        wizard.date = TODAY + timedelta(6)
        wizard.action_postpone()
        self.assertEqual(activity.date_deadline, TODAY + timedelta(6))
        self.assertEqual(self.task("hold").date, TODAY + timedelta(6))
        self.assertEqual(hold.date_to, TODAY + timedelta(2))

    def test_weekends_are_left_out(self):
        wizard = self.env["creditbox.task.postpone"]
        friday = TODAY + timedelta(3)
        self.assertEqual(friday.weekday(), 4)
        self.assertEqual(wizard._workday(friday, 1), friday + timedelta(3))
        self.assertEqual(wizard._workday(TODAY, 1), TODAY + timedelta(1))

    def test_done(self):
        activity = self.activity()
        self.hold(2)
        self.tasks().action_done()
        self.assertFalse(activity.active)
        self.assertFalse(self.tasks(kind="activity") | self.tasks(kind="hold"))

    def test_take_over(self):
        activity = self.activity()
        hold = self.hold(2)
        promise = self._promise((0, 100), position=self.position)
        self._run()
        before = len(self.position.message_ids)
        self.tasks(self.supervisor).action_take()
        self.assertEqual(activity.user_id, self.supervisor)
        self.assertEqual(hold.user_id, self.supervisor)
        self.assertEqual(promise.user_id, self.supervisor)
        self.assertEqual(self.position.user_id, self.supervisor)
        logged = " ".join(self.position.message_ids.mapped("body"))
        self.assertGreater(len(self.position.message_ids), before)
        self.assertIn(self.operator.name, logged)
        self.assertIn("Do it", logged)

    def test_assign_to_a_colleague(self):
        self.activity()
        action = self.tasks(self.supervisor).action_assign()
        wizard = self.env[action["res_model"]].with_user(self.supervisor)
        wizard = wizard.browse(action["res_id"])
        wizard.user_id = self.supervisor
        wizard.action_assign()
        self.assertEqual(self.task("activity").user_id, self.supervisor)
        self.assertEqual(self.position.user_id, self.supervisor)

    def test_nobody_of_another_company_gets_work(self):
        other = self.setup_other_company()["company"]
        stranger = self._user("manager", other)
        with self.assertRaises(UserError):
            self.position.with_user(self.supervisor)._assign(stranger)

    def test_hold_and_write(self):
        self.activity()
        self._promise((0, 60))  # of the customer: all of his positions
        tasks = self.tasks()
        action = tasks.action_hold()
        self.assertEqual(
            set(action["context"]["active_ids"]),
            set((self.position | self.gas_position).ids),
        )
        mailing = tasks.action_send()
        draft = self.env[mailing["res_model"]].browse(mailing["res_id"])
        self.assertEqual(
            draft.recipient_ids.position_id, self.position | self.gas_position
        )

    def test_approve(self):
        run = self._run()
        actions = run.action_ids
        with self.assertRaises(UserError):
            self.activity()
            self.tasks(self.supervisor, kind="activity").action_approve()
        self.assertEqual(set(actions.mapped("state")), {"to_approve"})
        run.sudo().state = "approved"
        self.tasks(self.supervisor, state="to_approve").action_approve()
        self.assertEqual(set(actions.mapped("state")), {"ready"})

    # -- who may -------------------------------------------------------------------

    def test_reader_looks_and_does_nothing(self):
        self.activity()
        tasks = self.tasks(self.reader)
        self.assertEqual(len(tasks), 1)
        tasks.read(COLUMNS)
        for method in (
            "action_take",
            "action_assign",
            "action_postpone",
            "action_done",
            "action_hold",
            "action_send",
        ):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(tasks, method)()
        with self.assertRaises(AccessError):
            self._run()
            self.tasks(self.operator, state="to_approve").action_approve()

    def test_nobody_sees_another_company(self):
        self.activity()
        self.hold(1)
        self._run()
        other = self.setup_other_company()["company"]
        stranger = self._user("manager", other)
        self.assertFalse(self.tasks(stranger))
        with self.assertRaises(AccessError):
            self.tasks().with_user(stranger).read(["what"])
        with self.assertRaises(AccessError):
            self.tasks().with_user(stranger).action_done()

    # -- speed ---------------------------------------------------------------------

    def test_queries_do_not_grow(self):
        for number in range(12):
            customer = self._customer(f"Customer {number}")
            supply = self._supply(customer, f"S{number}")
            self._bill(50, 30, supply)
            self.activity(record=self._position(supply))
        self._run()
        tasks = self.tasks()
        self.assertGreater(len(tasks), 20)

        def queries(records):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            records.read(COLUMNS)
            return self.env.cr.sql_log_count - start

        queries(tasks)  # fills the caches of the registry
        few = tasks[:1] | tasks[-1:]
        self.assertEqual(queries(few), queries(tasks))
        self.assertLess(queries(tasks), 30)
