from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.creditbox_dunning.tests.common import TODAY

from .common import PlanCommon


@tagged("post_install", "-at_install")
class TestPlanAccounting(PlanCommon):
    """Instalments are receivable lines; the bills come back for what is left."""

    def _open(self, *moves):
        return [
            round(sum(self._receivable(m).mapped("amount_residual")), 2) for m in moves
        ]

    def _pay_some(self, amount):
        return self._pay(amount, customer=self.customer, supply=self.supply)

    def test_bills_are_closed_and_instalments_open(self):
        before = self.position.amount_balance
        plan = self._live()
        self.assertEqual(self._open(self.older, self.newer), [0, 0])
        lines = plan.line_ids._receivable()
        self.assertEqual(
            lines.mapped("date_maturity"), plan.line_ids.mapped("date_due")
        )
        self.assertEqual(round(sum(lines.mapped("amount_residual")), 2), 160.01)
        self.assertEqual(
            set(lines.account_id), set(self._receivable(self.older).account_id)
        )
        self.assertEqual(self.position.amount_balance, before)
        self.assertEqual(self.position.amount_overdue, 0)
        moves = plan.line_ids.move_id
        self.assertEqual(
            moves.mapped("creditbox_payment_code"), plan.line_ids.mapped("payment_code")
        )
        self.assertEqual(moves.creditbox_supply_id, self.supply)
        self.assertFalse(moves.line_ids.tax_ids | moves.line_ids.tax_line_id)

    def test_payments_cover_the_oldest_instalment(self):
        plan = self._live()
        self._pay_some(20)
        self.assertEqual(plan.line_ids.mapped("amount_paid")[:3], [13.34, 6.66, 0])
        self.assertEqual(plan.line_ids.mapped("state")[:3], ["paid", "open", "open"])
        self.assertEqual(plan.amount_paid, 20)
        self.assertEqual(plan.next_date, plan.line_ids[1].date_due)

    def test_all_paid_is_kept(self):
        plan = self._live(instalment_count=2, shorter_agreed=True)
        for line in plan.line_ids:
            self._pay(line.amount, line.move_id, self.customer)
        self.assertEqual(plan.state, "kept")
        self.assertEqual(plan.date_end, TODAY)
        self.assertEqual(plan.amount_open, 0)

    def test_payment_taken_back(self):
        plan = self._live(instalment_count=2, shorter_agreed=True)
        self._pay(plan.line_ids[0].amount, plan.line_ids[0].move_id, self.customer)
        last = self._pay(
            plan.line_ids[1].amount, plan.line_ids[1].move_id, self.customer
        )
        self.assertEqual(plan.state, "kept")
        self._receivable(last.move_id).remove_move_reconcile()
        last.action_draft()
        self.assertEqual(plan.state, "live")
        self.assertFalse(plan.date_end)

    def test_broken_bills_come_back_with_the_residual(self):
        cases = [
            # paid, open of the older and of the newer bill
            (0, [100, 60.01]),
            (30, [70, 60.01]),
            (100, [0, 60.01]),
            (120.5, [0, 39.51]),
        ]
        for paid, expected in cases:
            with self.subTest(paid=paid), self.cr.savepoint() as savepoint:
                plan = self._live()
                for line in plan.line_ids:
                    if paid > 0:
                        share = min(paid, line.amount)
                        self._pay(share, line.move_id, self.customer)
                        paid = round(paid - share, 2)
                plan.action_break()
                self.assertEqual(plan.state, "broken")
                self.assertEqual(self._open(self.older, self.newer), expected)
                self.assertFalse(
                    any(plan.line_ids._receivable().mapped("amount_residual"))
                )
                self.assertEqual(
                    round(self.position.amount_overdue, 2), round(sum(expected), 2)
                )
                self.assertFalse(self._item(self.older).exclusion)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_interest_goes_with_the_plan(self):
        plan = self._live(interest_rate=2)
        self.assertTrue(plan.amount_interest)
        self.assertEqual(
            round(self.position.amount_not_due, 2), round(plan.amount_total, 2)
        )
        self._pay(plan.line_ids[0].amount, plan.line_ids[0].move_id, self.customer)
        plan.action_break()
        left = round(160.01 - plan.line_ids[0].amount, 2)
        paid_interest = plan.line_ids[0].interest
        self.assertEqual(
            round(sum(self._open(self.older, self.newer)), 2),
            round(left + paid_interest, 2),
        )
        account = self.company.creditbox_interest_account_id
        journal = self.company.creditbox_plan_journal_id
        income = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("journal_id", "=", journal.id)]
        )
        self.assertEqual(round(-sum(income.mapped("balance")), 2), paid_interest)

    def test_paid_before_it_runs(self):
        plan = self._plan()
        plan.action_request()
        plan.action_approve()
        self._pay(5, self.older)
        self.assertEqual(plan.state, "proposed")
        plan.action_accept()
        self.assertEqual(plan.line_ids[0].amount_before, 5)
        self.assertEqual(plan.amount_paid, 5)
        self.assertEqual(round(plan._left().__float__(), 2), 155.01)
        plan.action_break()
        self.assertEqual(self._open(self.older, self.newer), [95, 60.01])

    def test_first_instalment_accepts(self):
        for named in (True, False):
            with self.subTest(named=named), self.cr.savepoint() as savepoint:
                plan = self._plan()
                plan.action_request()
                plan.action_approve()
                if named:
                    self._pay(13.34, self.older)
                else:
                    self._pay_some(13.34)
                self.assertEqual(plan.state, "live")
                self.assertEqual(plan.amount_paid, 13.34)
                self.assertEqual(plan.line_ids[0].state, "paid")
                savepoint.rollback()
                self.env.invalidate_all()

    def test_early_pay_off(self):
        plan = self._live(interest_rate=2)
        total = plan.amount_total
        plan.action_pay_off()
        self.assertLess(plan.amount_total, total)
        self.assertEqual(set(plan.line_ids.mapped("date_due")), {TODAY})
        self._pay_some(float(plan._left()))
        self.assertEqual(plan.state, "kept")

    def test_entries_go_back_with_the_plan_only(self):
        plan = self._live()
        with self.assertRaisesRegex(UserError, "which runs"):
            plan.line_ids[0].move_id.button_draft()

    def test_renegotiated(self):
        plan = self._live()
        self._pay(13.34, plan.line_ids[0].move_id, self.customer)
        action = plan.action_renegotiate()
        new = self.env["creditbox.plan"].browse(action["res_id"])
        self.assertEqual(plan.state, "renegotiated")
        self.assertEqual((new.state, new.amount), ("draft", 146.67))
        self.assertEqual(new.renegotiated_from_id, plan)

    def test_prescription_starts_anew(self):
        plan = self._live()
        plan.action_break()
        self.env.flush_all()
        acts = self.env["creditbox.prescription"]._sql_acts()
        [(_id, day)] = self.env.execute_query(
            SQL(
                "SELECT act.* FROM (SELECT %s AS line_id) AS bill"
                " JOIN LATERAL (%s) AS act ON TRUE",
                self._receivable(self.older).id,
                acts,
            )
        )
        self.assertEqual(day, TODAY)

    def test_statement_names_the_instalments(self):
        plan = self._live()
        sheet = self.env["creditbox.account.statement"]._sheet(
            self.customer, self.company, TODAY - timedelta(days=200)
        )
        texts = [row.text for section in sheet.sections for row in section.rows]
        self.assertIn(f"Plan {plan.name}, instalment 1 of 12", texts)
