import random

from odoo.tests import tagged

from .common import PlanCommon


@tagged("post_install", "-at_install")
class TestPlanRandom(PlanCommon):
    """Whatever bills, instalments and payments: nothing is lost, nothing appears."""

    def test_money_is_kept(self):
        for seed in range(4):
            with self.subTest(seed=seed):
                self._play(random.Random(seed), seed)

    def _play(self, dice, seed):
        supply = self._supply(self._customer(f"Dice {seed}"), f"D{seed}")
        bills = self.env["account.move"]
        for _number in range(dice.randint(1, 4)):
            bills |= self._bill(
                dice.randint(1, 9999) / 100, dice.randint(1, 300), supply
            )
        debt = round(sum(bills.mapped("amount_residual")), 2)
        count = dice.randint(2, 5)
        plan = self._live(
            self._position(supply),
            instalment_count=count,
            shorter_agreed=True,
            interest_rate=dice.choice([0, 1]),
        )
        paid = round(dice.uniform(0, debt * 0.9), 2)
        left = paid
        for line in plan.line_ids:
            if share := min(round(left, 2), line.amount):
                self._pay(share, line.move_id, supply.partner_id)
                left -= share
        plan.action_break()
        open_now = round(sum(bills.mapped("amount_residual")), 2)
        balance = sum(
            self.env["account.move.line"]
            .search(
                [
                    ("partner_id", "=", supply.partner_id.id),
                    ("account_id.account_type", "=", "asset_receivable"),
                    ("parent_state", "=", "posted"),
                ]
            )
            .mapped("amount_residual")
        )
        account = self.company.creditbox_interest_account_id
        earned = -sum(
            self.env["account.move.line"]
            .search(
                [
                    ("account_id", "=", account.id),
                    ("move_id.creditbox_supply_id", "=", supply.id),
                    ("journal_id", "=", self.company.creditbox_plan_journal_id.id),
                ]
            )
            .mapped("balance")
        )
        self.assertEqual(round(balance, 2), open_now)
        self.assertEqual(open_now, round(debt + earned - paid, 2))
