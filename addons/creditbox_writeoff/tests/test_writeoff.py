from datetime import timedelta

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from odoo.addons.creditbox_dunning.tests.common import TODAY

from .common import WriteoffCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestWriteoff(WriteoffCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = cls._user("operator")
        cls.supervisor = cls._user("supervisor")
        cls.manager = cls._user("manager")

    def test_asked_bills_leave_the_table(self):
        bill = self._bill(100, 60)
        request = self._ask(bill)
        self.assertEqual(request.state, "requested")
        self.assertEqual(request.amount, 100)
        self.assertEqual(self._exclusions(bill), ["writeoff"])
        self.assertFalse(self._run().action_ids)

    def test_pending_action_stops(self):
        bill = self._bill(100, 60)
        action = self._run().action_ids
        self._ask(bill)
        self.assertEqual(action.state, "cancelled")

    def test_booked_closes_the_bills(self):
        bills = self._bill(100, 60) | self._bill(40.5, 30)
        request = self._ask(bills)
        request.with_user(self.manager).action_approve()
        self.assertEqual(request.state, "posted", request.error)
        self.assertEqual(request.amount_written, 140.5)
        self.assertEqual(bills.mapped("amount_residual"), [0, 0])
        self.assertEqual(request.move_id.state, "posted")
        loss = request.move_id.line_ids.filtered("debit")
        self.assertEqual(loss.account_id, self.company.creditbox_loss_account_id)
        self.assertEqual(loss.debit, 140.5)
        self.assertEqual(self._position_of(self.supply).amount_overdue, 0)

    def test_levels(self):
        """Up to 50 a supervisor; above, the credit manager."""
        small = self._ask(self._bill(50, 60))
        small.with_user(self.supervisor).action_approve()
        self.assertEqual(small.state, "posted")
        large = self._ask(self._bill(50.01, 60))
        with self.assertRaises(ValidationError):
            large.with_user(self.supervisor).action_approve()
        self.assertEqual(large.state, "requested")
        large.with_user(self.manager).action_approve()
        self.assertEqual(large.state, "posted")

    def test_levels_of_what_the_system_has_asked(self):
        """As a job does that carries the action table out."""
        lines = self._lines(self._bill(100, 60))
        system = self.env["creditbox.writeoff"].with_user(SUPERUSER_ID)
        request = system._ask(lines, self.reason).with_env(self.env)
        self.env.invalidate_all()  # people come later, in transactions of their own
        with self.assertRaises(ValidationError):
            request.with_user(self.supervisor).action_approve()
        request.with_user(self.manager).action_approve()
        self.assertEqual(request.state, "posted")

    def test_operator_asks_but_does_not_decide(self):
        self._bill(100, 60)
        position = self._position_of(self.supply).with_user(self.operator)
        window = position.action_ask_writeoff()
        form = Form(
            self.env[window["res_model"]]
            .with_user(self.operator)
            .with_context(**window["context"])
        )
        form.reason_id = self.reason
        self.assertEqual(form.amount, 100)
        result = form.save().action_ask()
        request = self.env["creditbox.writeoff"].browse(result["res_id"])
        self.assertEqual(request.user_id, self.operator)
        for method in ("action_approve", "action_refuse", "action_recover"):
            with self.assertRaises(AccessError):
                getattr(request.with_user(self.operator), method)()
        with self.assertRaises(AccessError):
            request.with_user(self.operator).check_access("write")

    def test_credits_pay_first(self):
        """Nothing is given up that a payment without a bill covers."""
        bill = self._bill(100, 60)
        self._pay(30, supply=self.supply)
        request = self._ask(bill)
        self.assertEqual(request.amount, 70)
        request.with_user(self.manager).action_approve()
        self.assertEqual(request.amount_written, 70)
        self.assertEqual(bill.amount_residual, 0)

    def test_paid_meanwhile(self):
        bill = self._bill(100, 60)
        request = self._ask(bill)
        self._pay(60, bill)
        self.assertEqual(request.amount, 40)
        self._pay(40, bill)
        self.assertEqual(request.state, "cancelled")
        self.assertEqual(self._exclusions(bill), [False])

    def test_refused_goes_on_where_it_stood(self):
        bill = self._bill(100, 60)
        request = self._ask(bill)
        window = request.with_user(self.supervisor).action_refuse()
        wizard = (
            self.env[window["res_model"]]
            .with_user(self.supervisor)
            .with_context(**window["context"])
            .create({"reason": "He works again"})
        )
        wizard.action_confirm()
        self.assertEqual(
            (request.state, request.outcome), ("refused", "He works again")
        )
        self.assertEqual(len(self._run().action_ids), 1)

    def test_nobody_else_has_it(self):
        bill = self._bill(100, 60)
        self._ask(bill)
        with self.assertRaisesRegex(UserError, "Proposed for write-off"):
            self._ask(bill)

    def test_decided_once(self):
        request = self._ask(self._bill(20, 60))
        request.with_user(self.manager).action_approve()
        with self.assertRaises(UserError):
            request.with_user(self.manager).action_approve()
        with self.assertRaises(UserError):
            request._end("cancelled", "too late")

    def test_tax_ground(self):
        cases = [  # amount, days overdue, large firm, ground
            (2500, 200, False, "small"),
            (2500.01, 200, False, "proof"),
            (2500.01, 200, True, "small"),
            (5000.01, 200, True, "proof"),
            (100, 150, False, "proof"),
        ]
        for number, (amount, days, large, ground) in enumerate(cases):
            with self.subTest(amount=amount, days=days, large=large):
                self.company.creditbox_large_firm = large
                supply = self._supply(self.customer, f"T{number}")
                request = self._ask(self._bill(amount, days, supply))
                request.with_user(self.manager).action_approve()
                self.assertEqual(request.tax_ground, ground)

    def test_missing_account_is_said(self):
        self.company.creditbox_loss_account_id = False
        request = self._ask(self._bill(20, 60))
        request.with_user(self.manager).action_approve()
        self.assertEqual(request.state, "approved")
        self.assertIn("Account of losses", request.error)
        self.company.creditbox_loss_account_id = (
            self.company.creditbox_recovery_account_id
        )
        self._cron("ir_cron_book")
        self.assertEqual((request.state, request.error), ("posted", False))

    def test_small_residuals(self):
        """Little, old, and nothing else: the others stay."""
        rest = self._bill(12, 250)
        young = self._supply(self._customer("Verdi"), "W2")
        self._bill(12, 250, young)
        self._bill(3, 10, young)
        large = self._supply(self._customer("Neri"), "W3")
        self._bill(21, 250, large)
        wizard = (
            self.env["creditbox.writeoff.small"]
            .with_user(self.supervisor)
            .with_company(self.company)
            .create({"reason_id": self.reason.id})
        )
        result = wizard.action_ask()
        request = self.env["creditbox.writeoff"].browse(result["res_id"])
        self.assertEqual(request.line_ids.move_id, rest)
        self.assertEqual(request.kind, "small")

    def test_row_of_the_table(self):
        """The table asks; refused, the bill goes on to the next row."""
        self._table(
            self.company,
            [
                {"step": 1, "code": "writeoff", "wait_before": 1, "wait_after": 0},
                {"step": 2, "code": "email", "wait_before": 0, "wait_after": 30},
            ],
        )
        bill = self._bill(100, 60)
        action = self._execute()
        self.assertEqual((action.code, action.state), ("writeoff", "done"))
        request = self.env["creditbox.writeoff"].search([("action_id", "=", action.id)])
        self.assertEqual(request.line_ids.move_id, bill)
        self.assertFalse(self._run().action_ids)
        request._end("refused", "Try again")
        with freeze_time(TODAY + timedelta(days=10)):
            again = self._run(TODAY + timedelta(days=10)).action_ids
            self.assertEqual((again.code, again.step), ("email", 2))

    def test_undone_with_its_action(self):
        self._table(
            self.company,
            [{"step": 1, "code": "writeoff", "wait_before": 1, "wait_after": 0}],
        )
        bill = self._bill(100, 60)
        action = self._execute()
        undone = action._undo_chosen("Wrong table")
        self.assertEqual(undone.recalled, action)
        request = self.env["creditbox.writeoff"].search([("action_id", "=", action.id)])
        self.assertEqual(request.state, "cancelled")
        self.assertEqual(self._exclusions(bill), [False])

    def test_two_companies(self):
        """Who has another company sees nothing."""
        request = self._ask(self._bill(100, 60))
        other = self.setup_other_company()["company"]
        stranger = self._user("manager", other)
        mine = self.env["creditbox.writeoff"].with_user(stranger)
        self.assertFalse(mine.search([]))
        with self.assertRaises(AccessError):
            request.with_user(stranger).action_approve()

    def test_queries_do_not_grow(self):
        def bills(count, name):
            supplies = [
                self._supply(self._customer(f"{name}{n}"), f"{name}{n}")
                for n in range(count)
            ]
            return self.env["account.move"].concat(
                *(self._bill(10, 60, supply) for supply in supplies)
            )

        def queries(moves):
            lines = self._lines(moves)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            requests = self.env["creditbox.writeoff"]._ask(lines, self.reason)
            self.env.flush_all()
            asked = self.env.cr.sql_log_count
            requests._measure()
            self.env.flush_all()
            return asked - before, self.env.cr.sql_log_count - asked

        queries(bills(1, "A"))
        few, many = queries(bills(2, "B")), queries(bills(6, "C"))
        # Odoo draws each number by two
        self.assertLessEqual(many[0] - few[0], 2 * 4)
        self.assertEqual(many[1], few[1])
