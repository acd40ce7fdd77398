from datetime import timedelta

from lxml import html

from odoo.tests import freeze_time, tagged

from .common import TODAY, DunningCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestWhy(DunningCommon):
    """What the collector reads; that it is true is held by test_invariants."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader = cls._user("reader")

    def _why(self):
        position = self.env["creditbox.position"].search(
            [("supply_id", "=", self.supply.id)]
        )
        action = position.with_user(self.reader).action_why()
        return self.env[action["res_model"]].browse(action["res_id"])

    def _blocks(self, why):
        """:return: {number of the bill: text of its block}"""
        blocks = html.fragment_fromstring(why.explanation, create_parent="div")
        return {
            block.xpath("string(.//a)"): " ".join(block.text_content().split())
            for block in blocks
        }

    def test_the_matched_row_and_the_first_reason_against_the_others(self):
        bill = self._bill(100, due=20)
        why = self._why()
        self.assertEqual(why.rule_id, self.table.rule_ids[0])
        [text] = self._blocks(why).values()
        self.assertIn(bill.name, text)
        self.assertIn("$ 100.00 stands at step 0 1. Row 1: Matches", text)
        self.assertIn("Other rows: 1 2. Row 2 Step 1 comes first", text)

    def test_one_block_a_bill_oldest_first(self):
        old, young = self._bill(100, due=20), self._bill(50, due=2)
        blocks = self._blocks(self._why())
        self.assertEqual(list(blocks), [old.name, young.name])
        self.assertIn("Row 1: From 07/08/2026", blocks[young.name])

    def test_a_bill_of_a_lower_step_waits_for_the_higher(self):
        old = self._bill(100, due=60)
        self._done(
            self._run(TODAY - timedelta(days=40)).action_ids, TODAY - timedelta(40)
        )
        young = self._bill(50, due=12)
        blocks = self._blocks(self._why())
        self.assertIn("step 1 2. Row 2: Matches", blocks[old.name])
        self.assertIn("One action at a time: «Row 2» goes first", blocks[young.name])

    def test_a_bill_without_further_rows(self):
        bill = self._bill(100, due=90)
        self._table(self.company, [{"step": 1, "amount_from": 500}])
        self.assertIn(
            "Exposure $ 100.00 is under", self._blocks(self._why())[bill.name]
        )
        self._table(self.company, [{"step": 1, "service_type_id": self.gas.id}])
        self.assertIn("No further row fits", self._blocks(self._why())[bill.name])

    def test_what_takes_no_part_says_why(self):
        future = self._bill(10, due=-5)
        held = self._bill(20, due=20)
        covered = self._bill(30, due=40)
        excluded = self._bill(40, due=30)
        self._run(propose=False).action_simulate()
        items = self.env["creditbox.item"].sudo()
        items.search([("move_id", "=", excluded.id)]).exclusion = "plan"
        self._pay(30, supply=self.supply)
        reason = self.env["creditbox.hold.reason"].create(
            {"code": "x", "name": "Claim"}
        )
        self.env["creditbox.hold"].create(
            {
                "company_id": self.company.id,
                "level": "bill",
                "move_id": held.id,
                "reason_id": reason.id,
                "date_from": TODAY,
                "date_to": TODAY + timedelta(days=5),
            }
        )
        why = self._why()
        blocks = self._blocks(why)
        self.assertFalse(why.rule_id)
        self.assertIn("Not overdue yet", blocks[future.name])
        self.assertIn("On hold until 07/05/2026: Claim", blocks[held.name])
        self.assertIn("Covered by payments", blocks[covered.name])
        self.assertIn("Repayment plan", blocks[excluded.name])

    def test_no_working_address(self):
        self._table(self.company, [{"step": 1, "fallback_code": "letter"}])
        self._bill(100, due=20)
        self.customer.email = False
        self.assertIn("it goes by Ordinary letter", self._why().verdict)
        self.customer.city = False
        self.assertIn("becomes an exception", self._why().verdict)
