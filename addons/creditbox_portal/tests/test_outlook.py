from datetime import timedelta

from odoo.tests import tagged

from .common import PortalCommon


@tagged("creditbox", "post_install", "-at_install")
class TestOutlook(PortalCommon):
    """The table: an e-mail 10 days after the due date, another 20 days later."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.words = cls.env["creditbox.outlook"]

    def _outlooks(self, customer=None):
        self.env.flush_all()
        return self.words._of(customer or self.customer, self.company)

    def _evaluate(self):
        run = self._run(self.today)
        return run.action_ids

    def _text(self, outlook):
        return " ".join(
            [*self.words._done_words(outlook), self.words._next_words(outlook)]
        )

    def _set_next(self, bill, code, days, legal_step=False):
        """Make the next step of the bill one of the code, in so many days."""
        rule = self.table.rule_ids[:1]
        self.env.cr.execute(
            "UPDATE creditbox_rule SET code = %s, legal_step = %s WHERE id = %s",
            [code, legal_step or None, rule.id],
        )
        line = bill.line_ids.filtered("date_maturity")
        position = self.env["creditbox.position"].search(
            [("partner_id", "=", self.customer.id), ("supply_id", "=", self.supply.id)]
        )
        self.env["creditbox.item"].sudo().create(
            {
                "move_line_id": line.id,
                "position_id": position.id,
                "company_id": self.company.id,
                "next_rule_id": rule.id,
                "next_date": self.today + timedelta(days=days),
            }
        )
        self.env.invalidate_all()

    def test_nothing_overdue(self):
        self._bill_now(100, -5)
        self.assertFalse(self._outlooks())

    def test_what_is_to_pay_is_net_of_credits_and_holds(self):
        oldest = self._bill_now(100, 20)
        held = self._bill_now(70, 15)
        self._bill_now(50, 10)
        self._pay(30, customer=self.customer, supply=self.supply)
        self._declare(held)
        [outlook] = self._outlooks()
        self.assertEqual([d.open_amount for d in outlook.debts], [70, 50])
        self.assertEqual(outlook.debts[0].number, oldest.creditbox_ref)
        self.assertEqual(outlook.amount, 120)
        self.assertTrue(outlook.held_until)

    def test_covered_by_a_payment_not_assigned_yet(self):
        self._bill_now(100, 20)
        self._pay(100, customer=self.customer)
        outlooks = self._outlooks()
        self.assertFalse(any(outlook.debts for outlook in outlooks))
        self.assertFalse(any(self._text(outlook).strip() for outlook in outlooks))

    def test_proposed_is_not_promised(self):
        self._bill_now(100, 20)
        action = self._evaluate()
        self.assertEqual(action.state, "to_approve")
        [outlook] = self._outlooks()
        self.assertIn("in the coming days we may send you a reminder by e-mail",
                      self._text(outlook))  # fmt: skip
        action.sudo().state = "ready"
        [outlook] = self._outlooks()
        self.assertIn("We are about to send you a reminder", self._text(outlook))

    def test_done_with_its_term(self):
        self._bill_now(100, 20)
        action = self._evaluate()
        self._done(action, self.today - timedelta(days=3))
        for days, words in ((5, "time to pay until"), (-1, "gave you ended on")):
            action.sudo().date_deadline = self.today + timedelta(days=days)
            [outlook] = self._outlooks()
            self.assertIn("we sent you a reminder by e-mail", self._text(outlook))
            self.assertIn(words, self._text(outlook))

    def test_what_the_office_keeps_to_itself(self):
        bill = self._bill_now(100, 20)
        self._set_next(bill, "writeoff", 5)
        [outlook] = self._outlooks()
        self.assertEqual(self._text(outlook).strip(), "")

    def test_suspension(self):
        bill = self._bill_now(100, 20)
        self._set_next(bill, "technical", 12, "suspension")
        [outlook] = self._outlooks()
        self.assertTrue(outlook.threatens_supply)
        self.assertIn("we may ask for the supply to be suspended", self._text(outlook))
        self.assertEqual(outlook.day, self.today + timedelta(days=12))
        self.supply.protected_until = self.today + timedelta(days=30)
        [outlook] = self._outlooks()
        self.assertEqual(outlook.protected_until, self.supply.protected_until)

    def test_a_meter_that_cannot_be_stopped_is_not_threatened(self):
        fixed = self.env["creditbox.meter.type"].create(
            {"code": 99, "name": "Fixed", "suspendable": False}
        )
        self.supply.meter_id.meter_type_id = fixed
        bill = self._bill_now(100, 20)
        self._set_next(bill, "technical", 12, "suspension")
        [outlook] = self._outlooks()
        self.assertFalse(outlook.threatens_supply)
        self.assertEqual(self._text(outlook).strip(), "")

    def test_bills_that_follow_another_way(self):
        bill = self._bill_now(100, 20)
        self._set_next(bill, "email", 5)
        item = self.env["creditbox.item"].search([("move_id", "=", bill.id)])
        item.sudo().exclusion = "plan"
        [outlook] = self._outlooks()
        self.assertFalse(outlook.debts)
        [sentence] = self.words._apart_words(outlook)
        self.assertIn(bill.creditbox_ref, sentence)

    def test_only_the_customers_asked_for(self):
        self._bill_now(100, 20)
        self._bill_now(80, 20, self.neighbour_supply)
        [outlook] = self._outlooks(self.neighbour)
        self.assertEqual(outlook.position.partner_id, self.neighbour)
        self.assertFalse(self.words._of(self.neighbour, self.company_b))
