from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from odoo.addons.creditbox_dunning.tests.common import TODAY

from .common import InsuranceCommon

LATER = TODAY + timedelta(days=30)  # the waiting time is over


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestClaim(InsuranceCommon):
    def _claim(self, *bills, submit=True):
        lines = self._declared(*bills)
        with freeze_time(LATER):
            lines.action_claim()
            if submit:
                lines.claim_id.action_submit()
        return lines.claim_id

    def _answer(self, claim, amount, **values):
        action = claim.action_answer()
        wizard = Form(self.env[action["res_model"]].with_context(**action["context"]))
        wizard.amount = amount
        for name, value in values.items():
            wizard[name] = value
        wizard.save().action_save()

    def _collect(self, claim, amount=None):
        action = claim.action_collect()
        wizard = Form(self.env[action["res_model"]].with_context(**action["context"]))
        wizard.journal_id = self.company_data["default_journal_bank"]
        if amount:
            wizard.amount = amount
        wizard.save().action_collect()

    def _collected(self, *bills, amount):
        claim = self._claim(*bills)
        self._answer(claim, amount)
        self._collect(claim)
        return claim

    def test_not_before_the_waiting_time(self):
        lines = self._declared(self._bill(100, 30))
        with freeze_time(LATER - timedelta(days=1)), self.assertRaises(UserError):
            lines.action_claim()

    def test_what_is_expected(self):
        self.policy.deductible = 50
        claim = self._claim(self._bill(600, 50), self._bill(600, 40))
        self.assertEqual(claim.amount_claimed, 1200)
        self.assertEqual(claim.amount_expected, 850)  # 90% of 1000, less 50

    def test_paid_in_part_before_the_claim(self):
        bill = self._bill(200, 50)
        lines = self._declared(bill)
        self._pay(100, bill)
        with freeze_time(LATER):
            lines.action_claim()
        self.assertEqual(lines.claim_id.amount_claimed, 100)
        self.assertEqual(lines.claim_id.amount_expected, 90)

    def test_one_claim_a_customer(self):
        other = self._customer("Verdi")
        self._cover(other)
        bills = [
            self._bill(100, 50),
            self._bill(100, 40),
            self._bill(100, 40, self._supply(other, "W3")),
        ]
        self.assertEqual(len(self._claim(*bills)), 2)

    def test_nothing_open_any_more(self):
        bill = self._bill(100, 30)
        claim = self._claim(bill, submit=False)
        self._pay(100, bill)
        with self.assertRaises(UserError):
            claim.action_submit()

    def test_answer(self):
        claim = self._claim(self._bill(100, 30))
        with self.assertRaises(UserError):
            self._answer(claim, 101)
        self._answer(claim, 80, answer="Recognised in part")
        self.assertEqual(claim.state, "recognised")
        self.assertEqual(claim.amount_recognised, 80)

    def test_refused(self):
        claim = self._claim(self._bill(100, 30))
        with self.assertRaises(UserError):
            self._answer(claim, 0, state="refused", answer=" ")
        self._answer(claim, 0, state="refused", answer="Declared late")
        self.assertEqual(claim.state, "refused")

    def test_cancelled_may_be_claimed_again(self):
        claim = self._claim(self._bill(100, 30))
        lines = claim.line_ids
        claim.action_cancel()
        self.assertEqual(lines.state, "open")

    def test_collected_closes_the_bills(self):
        old, new = self._bill(100, 50), self._bill(100, 40)
        claim = self._collected(old, new, amount=150)
        self.assertEqual(claim.state, "collected")
        self.assertEqual((old.amount_residual, new.amount_residual), (0, 50))
        self.assertEqual(claim.amount_open, 50)
        self.assertEqual(claim.payment_id.partner_id, self.policy.partner_id)
        self.assertEqual(claim.payment_id.amount, 150)
        self.assertEqual(claim.move_ids.creditbox_supply_id, self.supply)

    def test_the_insurer_owes_nothing_afterwards(self):
        claim = self._collected(self._bill(100, 50), amount=90)
        if not claim.payment_id.move_id:
            self.skipTest("payments have no entry before the bank's statement")
        lines = (claim.payment_id.move_id | claim.move_ids).line_ids.filtered(
            lambda line: line.account_id == claim.payment_id.destination_account_id
        )
        self.assertEqual(sum(lines.mapped("balance")), 0)
        self.assertTrue(all(lines.mapped("reconciled")))

    def test_no_position_of_the_insurer(self):
        self._collected(self._bill(100, 50), amount=90)
        positions = self.env["creditbox.position"].search([])
        self.assertNotIn(self.policy.partner_id, positions.partner_id)
        own = positions.filtered(lambda p: p.supply_id == self.supply)
        self.assertEqual(own.amount_overdue, 10)

    def test_one_entry_a_supply(self):
        other = self._supply(self.customer, "W2")
        claim = self._collected(
            self._bill(100, 50), self._bill(100, 40, other), amount=150
        )
        self.assertEqual(
            {move.creditbox_supply_id: move.amount_total for move in claim.move_ids},
            {self.supply: 100, other: 50},
        )

    def test_customer_has_paid_meanwhile(self):
        bill = self._bill(100, 50)
        claim = self._claim(bill)
        self._answer(claim, 90)
        self._pay(60, bill)
        self._collect(claim)
        self.assertEqual(bill.amount_residual, 0)
        self.assertEqual(sum(claim.move_ids.mapped("amount_total")), 40)
        self.assertIn("50.00", claim.activity_ids.summary)

    def test_more_than_recognised(self):
        claim = self._claim(self._bill(100, 50))
        self._answer(claim, 80)
        with self.assertRaises(UserError):
            self._collect(claim, 81)

    def test_insurer_must_be_in_the_accounts(self):
        claim = self._claim(self._bill(100, 50))
        self._answer(claim, 80)
        self.policy.partner_id = False
        with self.assertRaises(UserError):
            self._collect(claim)

    def test_own_share_is_proposed_for_write_off(self):
        bill = self._bill(100, 50)
        claim = self._collected(bill, amount=90)
        claim.with_user(self._user("operator")).action_write_off()
        request = claim.writeoff_ids
        self.assertEqual(request.amount, 10)
        self.assertEqual(
            request.reason_id,
            self.env.ref("creditbox_insurance.writeoff_reason_own_share"),
        )
        self.assertEqual(request.note, claim.name)

    def test_debt_file(self):
        claim = self._claim(self._bill(100, 50))
        action = claim.with_user(self._user("operator")).action_debt_file()
        self.assertEqual(action["res_model"], "creditbox.debt.file")

    def test_roles(self):
        operator = self._user("operator")
        lines = self._declared(self._bill(100, 50))
        with freeze_time(LATER):
            lines.with_user(operator).action_claim()
        claim = lines.claim_id.with_user(operator)
        claim.action_submit()
        self._answer(claim, 80)
        for method in ("action_collect", "action_cancel"):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(claim, method)()
        with self.assertRaises(AccessError):
            claim.amount_recognised = 100
        self._collect(claim.with_user(self._user("supervisor")))
        self.assertEqual(claim.state, "collected")
