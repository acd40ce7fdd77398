from hypothesis import given
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from odoo.addons.creditbox_dunning.tests.common import TODAY

from .common import CessionCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestCession(CessionCommon):
    def test_prepared_from_positions(self):
        self._bill(100, 60)
        self._bill(50, 30)
        self._bill(70, -10)  # not due yet
        supervisor = self._user("supervisor")
        action = self._positions().with_user(supervisor).action_assign_credit()
        cession = self.env["creditbox.cession"].browse(action["res_id"])
        self.assertEqual((cession.line_count, cession.amount), (2, 150))
        with Form(cession.with_user(supervisor)) as form:
            form.partner_id = self.assignee
            form.kind = "with"
            form.price = 100
        self.assertEqual(cession.discount, 50)

    def test_a_bill_less(self):
        self._bill(100, 60)
        self._bill(50, 30)
        cession = self._prepared().with_user(self._user("supervisor"))
        cession.write({"line_ids": [Command.delete(cession.line_ids[0].id)]})
        self.assertEqual(cession.amount, 50)

    def test_what_others_have_is_left_out(self):
        bill = self._bill(100, 60)
        reason = self.env.ref("creditbox_writeoff.reason_recovery_failed")
        lines = bill.line_ids.filtered("date_maturity")
        self.env["creditbox.writeoff"]._ask(lines, reason)
        with self.assertRaises(UserError):
            self._prepared()
        self._bill(50, 30)
        self.assertEqual(self._prepared().amount, 50)

    def test_one_company(self):
        with self.assertRaises(UserError):
            self.env["creditbox.cession"]._prepare_of(self.env["creditbox.position"])

    def test_bills_leave_the_action_table(self):
        bill = self._bill(100, 60)
        action = self._run().action_ids
        self._assigned(kind="with")
        self.assertEqual(self._exclusions(bill), {"cession"})
        self.assertEqual(action.state, "cancelled")
        self.assertFalse(self._run().action_ids)

    def test_queries_do_not_grow_with_the_bills(self):
        counts = []
        for size in (2, 12):
            for _number in range(size):
                self._bill(10, 30)
            cession = self._prepared(kind="with", price=10 * size)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            cession.action_assign()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess(counts[1] - counts[0], 10, counts)

    def test_without_recourse_in_the_accounts(self):
        old, new = self._bill(100, 60), self._bill(50, 30)
        cession = self._assigned(price=120)
        self.assertEqual(old.amount_residual + new.amount_residual, 0)
        self.assertEqual(self._balances(cession.move_ids), {"cession": 120, "loss": 30})
        self.assertFalse(self._positions().amount_overdue)

    def test_without_a_discount_there_is_no_loss(self):
        self._bill(100, 60)
        cession = self._assigned(price=100)
        self.assertEqual(self._balances(cession.move_ids), {"cession": 100})

    def test_one_entry_a_position(self):
        other = self._supply(self._customer("Verdi"), "W2")
        self._bill(100, 60)
        self._bill(60, 60, other)
        cession = self._assigned(self.supply, other, price=80)
        self.assertEqual(
            {move.creditbox_supply_id: move.amount_total for move in cession.move_ids},
            {self.supply: 100, other: 60},
        )
        self.assertEqual(
            {line.supply_id: line.price for line in cession.line_ids},
            {self.supply: 50, other: 30},
        )

    def test_with_recourse_nothing_is_booked(self):
        bill = self._bill(100, 60)
        cession = self._assigned(kind="with")
        self.assertFalse(cession.move_ids)
        self.assertEqual(bill.amount_residual, 100)

    def _balances(self, moves):
        accounts = {
            self.company.creditbox_cession_account_id: "cession",
            self.company.creditbox_loss_account_id: "loss",
        }
        return {
            accounts[account]: sum(lines.mapped("balance"))
            for account, lines in moves.line_ids.grouped("account_id").items()
            if account in accounts
        }

    def test_paid_meanwhile_is_left_out(self):
        paid, part, unpaid = (self._bill(100, days) for days in (60, 50, 40))
        cession = self._prepared(price=150)
        self._pay(100, paid)
        self._pay(40, part)
        cession.action_assign()
        self.assertEqual(cession.amount, 160)
        self.assertEqual(cession.line_ids.move_id, part | unpaid)

    def test_taken_meanwhile_is_refused(self):
        bill = self._bill(100, 60)
        cession = self._prepared()
        reason = self.env.ref("creditbox_writeoff.reason_recovery_failed")
        self.env["creditbox.writeoff"]._ask(
            bill.line_ids.filtered("date_maturity"), reason
        )
        with self.assertRaises(UserError):
            cession.action_assign()

    def test_what_is_missing(self):
        self._bill(100, 60)
        for values in ({"partner_id": False}, {"price": 0}, {"price": 101}):
            with self.subTest(values), self.assertRaises(UserError):
                cession = self._prepared()
                cession.write(values)
                cession.action_assign()

    def test_what_was_agreed_stays(self):
        self._bill(100, 60)
        cession = self._assigned()
        with self.assertRaises(UserError):
            cession.with_user(self._user("supervisor")).price = 1
        with self.assertRaises(UserError):
            cession.unlink()
        with self.assertRaises(UserError):
            cession.line_ids.unlink()

    def test_roles(self):
        self._bill(100, 60)
        with self.assertRaises(AccessError):
            self._positions().with_user(self._user("operator")).action_assign_credit()
        cession = self._prepared().with_user(self._user("supervisor"))
        with self.assertRaises(AccessError):
            cession.action_assign()
        with self.assertRaises(AccessError):
            cession.state = "assigned"
        with self.assertRaises(AccessError):
            cession.line_ids.amount = 1
        cession.with_user(self._user("manager")).action_assign()
        self.assertEqual(cession.state, "assigned")

    def test_cancelled_and_closed(self):
        self._bill(100, 60)
        cession = self._prepared()
        cession.action_cancel()
        self.assertEqual(cession.state, "cancelled")
        cession = self._assigned()
        cession.action_close()
        self.assertEqual(cession.state, "closed")

    def test_companies_are_apart(self):
        self._bill(100, 60)
        cession = self._prepared()
        other = self.env["res.company"].create({"name": "Other"})
        user = self._user("supervisor", other)
        found = self.env["creditbox.cession"].with_user(user).search([])
        self.assertNotIn(cession, found)

    def test_customer_is_told_of_in_the_chatter(self):
        self._bill(100, 60)
        cession = self._assigned()
        body = self.customer.message_ids[0].body
        self.assertIn("Factor SpA", body)
        self.assertIn(cession.name, body)

    @given(
        st.lists(st.integers(1, 99_999), min_size=1, max_size=12),
        st.integers(1, 100),
    )
    def test_price_is_shared_to_the_cent(self, cents, percent):
        cession = self.env["creditbox.cession"].new({"company_id": self.company.id})
        amounts = [cent / 100 for cent in cents]
        price = max(round(sum(amounts) * percent / 100, 2), 0.01)
        shares = cession._shares(price, amounts)
        self.assertAlmostEqual(sum(shares), price, 6)
        for share, amount in zip(shares, amounts, strict=True):
            self.assertGreaterEqual(share, 0)
            self.assertLessEqual(share, amount + 0.01)
