from datetime import timedelta

from odoo.tests import freeze_time, tagged

from .common import TODAY, DunningCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestEvaluation(DunningCommon):
    """The eight points of the action table's meaning, one by one."""

    def _action(self, run=None):
        return (run or self._run()).action_ids

    def test_due_date_must_have_passed(self):
        self._table(self.company, [{"step": 1}])
        self._bill(100, due=0)
        self.assertFalse(self._action(), "due today is not overdue")
        self.assertTrue(self._action(self._run(TODAY + timedelta(days=1))))

    def test_wait_before_counts_from_the_due_date(self):
        self._bill(100, due=9)
        self.assertFalse(self._action())
        self.assertTrue(self._action(self._run(TODAY + timedelta(days=1))))

    def test_action_covers_the_ripe_bills_and_lists_the_others(self):
        ripe = self._bill(100, due=15) + self._bill(50, due=12)
        self._bill(30, due=5)
        action = self._action()
        self.assertEqual(len(action), 1)
        self.assertEqual(action.line_ids.move_id, ripe)
        self.assertEqual(action.amount, 150)
        self.assertEqual(action.amount_other, 30)
        self.assertEqual(action.step, 1)

    def test_credit_of_the_supply_covers_the_oldest_bill_first(self):
        other = self._supply(self.customer, "W2")
        old, new = self._bill(100, due=40), self._bill(100, due=20)
        self._pay(130, supply=self.supply)
        self._bill(70, due=20, supply=other)
        actions = self._action()
        by_supply = {action.supply_id: action for action in actions}
        self.assertEqual(by_supply[self.supply].line_ids.move_id, new)
        self.assertEqual(by_supply[self.supply].amount, 70)
        self.assertEqual(by_supply[other].amount, 70)
        self.assertNotIn(old, actions.line_ids.move_id)

    def test_credit_without_a_supply_covers_all_supplies_oldest_first(self):
        other = self._supply(self.customer, "W2")
        self._bill(100, due=40, supply=other)
        self._bill(100, due=20)
        self._bill(30, due=10, supply=self.env["creditbox.supply"])
        self._pay(120)
        amounts = {a.supply_id.code: a.amount for a in self._action()}
        self.assertEqual(amounts, {"W1": 80, False: 30})

    def test_credit_note_counts_as_a_credit(self):
        self._bill(100, due=20)
        self._bill(100, due=20, credit_note=True)
        self.assertFalse(self._action())

    def test_company_may_ignore_credits(self):
        self.company.creditbox_use_credits = False
        self._bill(100, due=20)
        self._pay(100)
        self.assertEqual(self._action().amount, 100)

    def test_amounts_make_an_item_wait_not_skip(self):
        self._table(
            self.company,
            [
                {"step": 1, "amount_from": 50},
                {"step": 2, "amount_from": 0},
            ],
        )
        self._bill(20, due=90)
        self.assertFalse(self._action(), "step 1 is not skipped for step 2")
        self._bill(30, due=90)
        self.assertEqual(self._action().step, 1, "the exposure reaches 50")

    def test_upper_limit_is_excluded_and_zero_is_none(self):
        table = [
            {"step": 1, "amount_to": 100, "sequence": 1},
            {"step": 1, "amount_from": 100, "sequence": 2},
        ]
        self._table(self.company, table)
        self._bill(100, due=9)
        self.assertEqual(self._action().rule_id.sequence, 2)

    def test_threshold_looks_at_the_bill(self):
        self._table(self.company, [{"step": 1, "threshold": 10}])
        self._bill(9.99, due=20)
        big = self._bill(10, due=20)
        action = self._action()
        self.assertEqual(action.line_ids.move_id, big)
        self.assertEqual(action.amount_other, 9.99)

    def test_most_specific_row_then_lowest_sequence(self):
        self._table(
            self.company,
            [
                {"step": 1, "sequence": 1},
                {"step": 1, "sequence": 9, "service_type_id": self.water.id},
                {
                    "step": 1,
                    "sequence": 8,
                    "service_type_id": self.water.id,
                    "customer_type_id": self.domestic.id,
                },
                {"step": 1, "sequence": 0, "service_type_id": self.gas.id},
            ],
        )
        self._bill(10, due=20)
        self.assertEqual(self._action().rule_id.sequence, 8)

    def test_next_step_is_the_smallest_that_fits(self):
        self._table(
            self.company,
            [
                {"step": 1, "service_type_id": self.gas.id},
                {"step": 3},
            ],
        )
        self._bill(10, due=20)
        self.assertEqual(self._action().step, 3)

    def test_second_step_counts_from_the_first_action(self):
        self._bill(100, due=20)
        first = self._action()
        self._done(first)
        self.assertFalse(self._action(self._run(TODAY + timedelta(days=19))))
        second = self._action(self._run(TODAY + timedelta(days=20)))
        self.assertEqual(second.step, 2)

    def test_count_from_delivery_waits_for_the_proof(self):
        self._table(
            self.company,
            [
                {"step": 1, "wait_after": 20, "count_from": "delivery"},
                {"step": 2, "wait_before": 3},
            ],
        )
        self._bill(100, due=20)
        first = self._action()
        self._done(first)
        later = TODAY + timedelta(days=60)
        self.assertFalse(self._action(self._run(later)), "no proof, no next step")
        first._mark_delivered(TODAY + timedelta(days=10))
        ripe = TODAY + timedelta(days=33)
        self.assertFalse(self._action(self._run(ripe - timedelta(days=1))))
        self.assertEqual(self._action(self._run(ripe)).step, 2)

    def test_position_gives_one_action_that_of_the_highest_step(self):
        old = self._bill(100, due=20)
        self._done(self._action())
        self._bill(80, due=9)
        action = self._action(self._run(TODAY + timedelta(days=25)))
        self.assertEqual(action.step, 2)
        self.assertEqual(action.line_ids.move_id, old)
        self.assertEqual(action.amount_other, 80)

    def test_paying_the_oldest_brings_no_other_bill_nearer(self):
        old, new = self._bill(100, due=20), self._bill(80, due=5)
        self._done(self._action())
        self._pay(100, old)
        action = self._action(self._run(TODAY + timedelta(days=25)))
        self.assertEqual(action.step, 1, "the newer bill starts at the first step")
        self.assertEqual(action.line_ids.move_id, new)

    def test_no_action_while_another_is_under_way(self):
        self._bill(100, due=20)
        self.assertTrue(self._action())
        self.assertFalse(self._action())

    def test_minimum_contact_delay_is_the_customers(self):
        other = self._supply(self.customer, "W2")
        self._bill(100, due=20)
        self._done(self._action())
        self._bill(50, due=20, supply=other)
        four_days_later = self._run(TODAY + timedelta(days=4))
        self.assertFalse(four_days_later.action_ids)
        self.assertEqual(self._action(self._run(TODAY)).supply_id, other)

    def test_contact_delay_is_over_after_the_days(self):
        other = self._supply(self.customer, "W2")
        self._bill(100, due=20)
        self._done(self._action())
        self._bill(50, due=20, supply=other)
        self.assertTrue(self._action(self._run(TODAY + timedelta(days=5))))

    def test_held_bill_takes_no_part(self):
        self._bill(100, due=20)
        held = self._bill(50, due=20)
        self.env["creditbox.hold"].create(
            {
                "level": "bill",
                "move_id": held.id,
                "company_id": self.company.id,
                "reason_id": self.env.ref("creditbox_base.hold_reason_dispute").id,
                "date_from": TODAY,
                "date_to": TODAY + timedelta(days=10),
            }
        )
        action = self._action()
        self.assertEqual(action.amount, 100)
        self.assertEqual(action.amount_other, 0)

    def test_excluded_item_takes_no_part(self):
        self._bill(100, due=20)
        self._run(propose=False).action_simulate()
        item = self.env["creditbox.item"].search(
            [("partner_id", "=", self.customer.id)]
        )
        item.sudo().exclusion = "plan"
        self.assertFalse(self._action())

    def test_no_address_takes_the_fallback_else_becomes_an_exception(self):
        letter = self.env["creditbox.template"].create(self._template_values("letter"))
        self._table(self.company, [{"step": 1, "fallback_code": "letter"}])
        self.customer.email = False
        nobody = self._customer("Nessuno", email=False, street=False)
        self._bill(100, due=20)
        self._bill(100, due=20, supply=self._supply(nobody, "W9"))
        by_customer = {action.partner_id: action for action in self._action()}
        self.assertEqual(by_customer[self.customer].code, "letter")
        self.assertFalse(by_customer[self.customer].exception)
        self.assertEqual(by_customer[nobody].exception, "no_address")
        self.assertEqual(by_customer[nobody].state, "planned")
        self.assertTrue(letter.active)

    def test_protected_supply_is_never_suspended(self):
        self._table(self.company, [{"step": 1, "code": "technical"}])
        self.supply.protected_until = TODAY + timedelta(days=1)
        self._bill(100, due=20)
        self.assertEqual(self._action().exception, "protected")

    def test_solved_exception_becomes_an_action_and_is_not_doubled(self):
        self._bill(100, due=20)
        email, self.customer.email = self.customer.email, False
        first = self._action()
        self.assertEqual(first.exception, "no_address")
        second_run = self._run()
        self.assertEqual(second_run.action_ids, first, "the same record, carried over")
        self.customer.email = email
        third = self._action()
        self.assertNotEqual(third, first)
        self.assertFalse(third.exception)
        self.assertEqual(first.state, "cancelled")

    def test_bill_written_past_the_orm_is_not_left_out(self):
        bill = self._bill(100, due=20)
        self.env.cr.execute(
            "DELETE FROM creditbox_position WHERE partner_id = %s", [self.customer.id]
        )
        self.env.invalidate_all()
        self.assertEqual(self._action().line_ids.move_id, bill)

    def test_companies_do_not_see_each_other(self):
        other = self.setup_other_company()["company"]
        self._table(other)
        self._bill(100, due=20)
        run = self._run(company=other)
        self.assertFalse(run.action_ids)
