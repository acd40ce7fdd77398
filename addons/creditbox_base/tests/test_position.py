from datetime import date, timedelta
from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from .common import BUCKETS, CreditboxCommon

AGES = (
    (-1, "amount_not_due", "000"),
    (0, "amount_not_due", "000"),
    (1, "amount_1_30", "001"),
    (30, "amount_1_30", "001"),
    (31, "amount_31_60", "031"),
    (60, "amount_31_60", "031"),
    (61, "amount_61_90", "061"),
    (90, "amount_61_90", "061"),
    (91, "amount_91_180", "091"),
    (180, "amount_91_180", "091"),
    (181, "amount_181_365", "181"),
    (365, "amount_181_365", "181"),
    (366, "amount_over_365", "366"),
    (4000, "amount_over_365", "366"),
)


@tagged("creditbox", "post_install", "-at_install")
class TestPosition(CreditboxCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer()
        cls.supply = cls.make_supply(cls.customer, "W1")

    def test_edges_of_the_buckets(self):
        for days, bucket, age_class in AGES:
            with self.subTest(days=days):
                customer = self.make_customer(f"{days} days")
                self.make_bill(customer, 10, days=days)
                position = self.position(customer)
                filled = [name for name, *_days in BUCKETS if position[name]]
                self.assertEqual(filled or ["amount_not_due"], [bucket])
                self.assertEqual(position[bucket], 10)
                self.assertEqual(position.days_overdue, max(days, 0))
                self.assertEqual(position.age_class, age_class)

    def test_one_position_a_supply(self):
        other = self.make_supply(self.customer, "W2")
        self.make_bill(self.customer, 100, days=5, supply=self.supply)
        self.make_bill(self.customer, 40, days=5, supply=other)
        self.make_bill(self.customer, 7, days=5)
        positions = self.position_model.search([("partner_id", "=", self.customer.id)])
        self.assertEqual(
            {p.supply_id.code: p.amount_overdue for p in positions},
            {"W1": 100, "W2": 40, False: 7},
        )

    def test_follows_each_change_at_once(self):
        bill = self.make_bill(self.customer, 100, days=40, supply=self.supply)
        position = self.position(self.customer, self.supply)
        self.assertEqual((position.state, position.amount_overdue), ("overdue", 100))

        payment = self.pay(bill, 30)
        self.assertEqual((position.amount_overdue, position.amount_31_60), (70, 70))
        self.receivable_lines(payment.move_id).remove_move_reconcile()
        self.assertEqual(position.amount_overdue, 100)
        self.assertEqual(self.position(self.customer).amount_credit, 30)
        self.assertEqual(self.position(self.customer).state, "credit")

        payment.move_id.creditbox_supply_id = self.supply
        self.assertEqual(position.amount_credit, 30)
        self.assertEqual(position.amount_balance, 70)
        self.assertEqual(position.state, "overdue")
        self.assertEqual(self.position(self.customer).state, "regular")

        payment.action_draft()
        self.assertEqual(position.amount_credit, 0)
        bill.button_draft()
        self.assertEqual(position.amount_overdue, 0)
        bill.action_post()
        self.assertEqual(position.amount_overdue, 100)
        bill.invoice_date_due = self.today + timedelta(days=10)
        self.assertEqual((position.amount_overdue, position.amount_not_due), (0, 100))
        bill.button_cancel()
        self.assertEqual((position.amount_not_due, position.state), (0, "regular"))

    def test_whole_credit_note_closes_the_bill(self):
        bill = self.make_bill(self.customer, 100, days=40, supply=self.supply)
        bill._reverse_moves([{"date": self.today}], cancel=True)
        position = self.position(self.customer, self.supply)
        self.assertEqual(position.amount_balance, 0)
        self.assertEqual(position.state, "regular")

    def test_vendor_bills_and_drafts_do_not_count(self):
        self.env["account.move"].with_company(self.company).create(
            {"move_type": "out_invoice", "partner_id": self.customer.id}
        )
        self.assertFalse(self.position(self.customer))

    def test_today_is_where_the_company_is(self):
        with freeze_time("2026-03-10 23:30:00"):
            self.company_b.partner_id.tz = "America/New_York"
            self.assertEqual(self.company._creditbox_today(), date(2026, 3, 11))
            self.assertEqual(self.company_b._creditbox_today(), date(2026, 3, 10))
            overdue = {}
            for company in self.companies:
                customer = self.make_customer(company=company)
                self.make_bill(customer, 10, invoice_date_due="2026-03-10")
                overdue[company] = self.position(customer).amount_overdue
        self.assertEqual(overdue, {self.company: 10, self.company_b: 0})

    def test_night_brings_what_has_become_overdue(self):
        bill = self.make_bill(self.customer, 100, days=0, supply=self.supply)
        position = self.position(self.customer, self.supply)
        self.assertEqual(position.amount_overdue, 0)
        tomorrow = self.today + timedelta(days=1)
        self.env.flush_all()
        cron = self.env.ref("creditbox_base.ir_cron_position_refresh")
        with freeze_time(f"{tomorrow} 10:00:00"), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(position.amount_overdue, 100)
        self.assertEqual(position.days_overdue, 1)
        self.assertEqual(position.oldest_due_date, bill.invoice_date_due)

    def test_refresh_repairs_and_is_idempotent(self):
        self.make_bill(self.customer, 100, days=40, supply=self.supply)
        position = self.position(self.customer, self.supply)
        position.sudo().write({"amount_overdue": 1, "state": "credit"})
        self.position_model._refresh(companies=self.company)
        self.assertEqual((position.amount_overdue, position.state), (100, "overdue"))
        self.env.cr.execute("SELECT xmin, ctid FROM creditbox_position")
        before = self.env.cr.fetchall()
        self.position_model._refresh(companies=self.company)
        self.env.cr.execute("SELECT xmin, ctid FROM creditbox_position")
        self.assertEqual(self.env.cr.fetchall(), before)

    def test_touched_positions_are_written_even_if_unchanged(self):
        """A gate that waits for the row must fail, not go on with what it saw."""
        self.make_bill(self.customer, 100, days=40, supply=self.supply)
        self.env.cr.execute("SELECT ctid FROM creditbox_position ORDER BY id")
        before = self.env.cr.fetchall()
        self.position_model._touch(self.customer.ids, self.company)
        self.env.cr.execute("SELECT ctid FROM creditbox_position ORDER BY id")
        self.assertNotEqual(self.env.cr.fetchall(), before)

    def test_bulk_context_leaves_the_refresh_to_the_caller(self):
        bulk = self.env["account.move"].with_context(creditbox_bulk=True)
        bill = self.make_bill(self.customer, 100, days=40, supply=self.supply)
        position = self.position(self.customer, self.supply)
        with patch.object(type(position), "_on_debt_changed") as hook:
            bulk.browse(bill.id).button_draft()
            hook.assert_not_called()
            self.assertEqual(position.amount_overdue, 100)
            bill.action_post()
            hook.assert_called_with({self.customer.id})

    def test_operator_survives_the_refresh(self):
        self.make_bill(self.customer, 100, days=40, supply=self.supply)
        position = self.position(self.customer, self.supply)
        position.user_id = self.env.user
        self.position_model._refresh(companies=self.company)
        self.assertEqual(position.user_id, self.env.user)

    def test_refresh_of_nobody_does_nothing(self):
        with patch.object(type(self.position_model), "_sql_refresh") as sql:
            self.position_model._refresh([])
            self.position_model._touch(set(), self.company)
        sql.assert_not_called()

    def test_open_lines_are_what_is_behind(self):
        bills = self.make_bill(self.customer, 100, days=40, supply=self.supply)
        bills += self.make_bill(self.customer, 60, days=-5, supply=self.supply)
        self.pay(self.make_bill(self.customer, 5, days=9, supply=self.supply))
        position = self.position(self.customer, self.supply)
        self.assertEqual(position.open_line_ids.move_id, bills)
        self.assertEqual(
            sum(position.open_line_ids.mapped("amount_residual")),
            position.amount_balance,
        )
        action = position.action_open_entries()
        entries = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(len(entries), 3)
        self.assertEqual(
            sum(entries.mapped("amount_residual")), position.amount_balance
        )
