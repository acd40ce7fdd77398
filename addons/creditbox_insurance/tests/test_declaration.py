import base64
import io
from datetime import date, datetime, timedelta

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.creditbox_dunning.tests.common import TODAY

from .common import InsuranceCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestDeclaration(InsuranceCommon):
    def _declare(self, *bills):
        return self._declared(*bills).declaration_id

    def test_declared_is_gone_from_the_list(self):
        bill = self._bill(100, 30)
        declaration = self._declare(bill)
        self.assertFalse(self._due(bill))
        self.assertEqual(declaration.date, TODAY)
        self.assertEqual((declaration.count, declaration.amount), (1, 100))
        self.assertEqual(declaration.line_ids.date_claimable, date(2026, 7, 30))

    def test_late_ones_are_at_risk(self):
        declaration = self._declare(self._bill(100, 61), self._bill(50, 30))
        self.assertEqual((declaration.late_count, declaration.amount_late), (1, 90))

    def test_one_declaration_a_policy(self):
        self._policy(name="P-2")
        other = self._customer("Verdi")
        self._cover(other, policy="P-2")
        self._bill(100, 30)
        self._bill(100, 30, self._supply(other, "W3"))
        action = self._due().action_declare()
        declarations = self.env["creditbox.declaration"].search(action["domain"])
        self.assertEqual(set(declarations.policy_id.mapped("name")), {"P-1", "P-2"})

    def test_workbook(self):
        declaration = self._declare(self._bill(100.5, 30), self._bill(50, 20))
        self.assertTrue(declaration.file_name.endswith(".xlsx"))
        book = load_workbook(io.BytesIO(base64.b64decode(declaration.file)))
        rows = list(book["Overdue bills"].values)
        self.assertEqual(rows[0][1], "Customer")
        [row] = [row for row in rows if row[9] == 100.5]
        self.assertEqual(row[:2], ("P-1", "Rossi"))
        self.assertEqual(row[7], datetime(2026, 5, 31))
        self.assertEqual(rows[-1][9], 150.5)

    def test_csv(self):
        self.policy.file_format = "csv"
        declaration = self._declare(self._bill(100.5, 30))
        text = base64.b64decode(declaration.file).decode("utf-8-sig")
        head, row = text.splitlines()
        self.assertTrue(head.startswith("Policy;Customer;"))
        self.assertIn(";2026-05-31;100,50;100,50;", row)

    def test_customer_is_told_of_in_the_chatter(self):
        declaration = self._declare(self._bill(100, 30), self._bill(50, 20))
        body = self.customer.message_ids[0].body
        self.assertIn(declaration.name, body)
        self.assertIn("2 overdue bills declared to Assicura Crediti", body)

    def test_twice_is_refused(self):
        due = self._due(self._bill(100, 30))
        due.action_declare()
        with self.assertRaises(UserError):
            due.action_declare()

    def test_paid_meanwhile_is_left_out(self):
        paid, unpaid = self._bill(100, 30), self._bill(50, 20)
        due = self._due(paid | unpaid)
        self._pay(100, paid)
        self.env.flush_all()
        due.action_declare()
        line = self.env["creditbox.declaration.line"].search([])
        self.assertEqual(line.move_id, unpaid)

    def test_cancelled_is_to_be_declared_again(self):
        bill = self._bill(100, 30)
        declaration = self._declare(bill)
        declaration.with_user(self._user("supervisor")).action_cancel()
        self.assertEqual(declaration.line_ids.state, "cancelled")
        self.assertTrue(self._due(bill))
        self._declare(bill)

    def test_claimed_is_not_cancelled(self):
        lines = self._declared(self._bill(100, 30))
        with freeze_time(TODAY + timedelta(days=30)):
            lines.action_claim()
            with self.assertRaises(UserError):
                lines.declaration_id.action_cancel()

    def test_roles(self):
        self._bill(100, 30)
        due = self._due()
        with self.assertRaises(AccessError):
            due.with_user(self._user("reader")).action_declare()
        operator = self._user("operator")
        due.with_user(operator).action_declare()
        declaration = self.env["creditbox.declaration"].search([])
        self.assertEqual(declaration.user_id, operator)
        with self.assertRaises(AccessError):
            declaration.with_user(operator).action_cancel()
        with self.assertRaises(AccessError):
            declaration.with_user(operator).amount = 1
        with self.assertRaises(UserError):
            declaration.unlink()

    def test_states_are_searched(self):
        unpaid, paid, cancelled = (self._bill(100, days) for days in (50, 40, 30))
        lines = self._declared(unpaid, paid)
        self._declare(cancelled).action_cancel()
        self._pay(100, paid)
        for state, bill in (("open", unpaid), ("paid", paid), ("cancelled", cancelled)):
            with self.subTest(state):
                found = lines.search([("state", "=", state)])
                self.assertEqual(found.move_id, bill)
                self.assertEqual(found.state, state)
        found = lines.search([("state", "not in", ["open", "paid"])])
        self.assertEqual(found.move_id, cancelled)

    def test_queries_do_not_grow_with_the_bills(self):
        counts = []
        for size in (2, 12):
            bills = self.env["account.move"].union(
                *(self._bill(10, 30) for _number in range(size))
            )
            due = self._due(bills)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            due.action_declare()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess(counts[1] - counts[0], 10, counts)
