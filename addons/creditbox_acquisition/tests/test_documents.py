from datetime import date
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .common import AcquisitionCase


@tagged("post_install", "-at_install")
class TestDocuments(AcquisitionCase):
    """What bills and payments do to the accounts, row by row."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.partner"].create(
            [
                {"name": code, "creditbox_code": code, "company_id": cls.company.id}
                for code in ("C1", "C2")
            ]
        )

    def position(self, code="C1"):
        return self.env["creditbox.position"].search(
            [
                ("partner_id.creditbox_code", "=", code),
                ("company_id", "=", self.company.id),
            ]
        )

    def test_bill_and_payment(self):
        taken = self.acquire({"bills": [self.bill()], "payments": [self.payment()]})
        self.assertEqual(taken.state, "done")
        self.assertEqual(taken.created_count, 2)
        move = self.move("2024/1")
        self.assertEqual(move.payment_state, "paid")
        self.assertEqual(move.state, "posted")
        self.assertEqual(move.line_ids.mapped("display_type").count("payment_term"), 1)
        self.assertTrue(self.pay("P1").is_reconciled)
        self.assertEqual(self.position().amount_balance, 0)

    def test_same_again_changes_nothing(self):
        rows = {"bills": [self.bill()], "payments": [self.payment(amount=30)]}
        self.acquire(rows)
        before = self.move("2024/1").write_date, self.pay("P1").write_date
        again = self.acquire(rows)
        self.assertEqual(again.unchanged_count, 2)
        self.assertEqual(again.created_count + again.updated_count, 0)
        after = self.move("2024/1").write_date, self.pay("P1").write_date
        self.assertEqual(before, after)
        self.assertEqual(self.residual("2024/1"), 70)

    def test_correction_by_clerk_stays(self):
        row = ["C9", "Nome sbagliato", None, None]
        self.acquire({"customers": [row]})
        partner = self.partner("C9")
        partner.name = "Nome giusto"
        self.acquire({"customers": [row]})
        self.assertEqual(partner.name, "Nome giusto")
        self.acquire({"customers": [["C9", "Nome nuovo", None, None]]})
        self.assertEqual(partner.name, "Nome nuovo")

    def test_changed_bill(self):
        self.acquire({"bills": [self.bill()], "payments": [self.payment(amount=60)]})
        changed = self.acquire({"bills": [self.bill(amount=80)]})
        self.assertEqual(changed.updated_count, 1)
        move = self.move("2024/1")
        self.assertEqual((move.amount_total, move.amount_residual), (80, 20))
        self.assertEqual(move.name, "2024/1")
        self.acquire({"bills": [self.bill(amount=80, due=date(2024, 3, 31))]})
        self.assertEqual(move.invoice_date_due, date(2024, 3, 31))
        term = move.line_ids.filtered(lambda line: line.display_type == "payment_term")
        self.assertEqual(term.date_maturity, date(2024, 3, 31))
        self.assertEqual(self.position().amount_balance, 20)

    def test_bill_moves_to_other_customer(self):
        self.acquire({"bills": [self.bill()]})
        self.acquire({"bills": [self.bill(code="C2")]})
        self.assertEqual(self.position("C1").amount_balance, 0)
        self.assertEqual(self.position("C2").amount_balance, 100)

    def test_cancelled_bill(self):
        self.acquire({"bills": [self.bill()], "payments": [self.payment()]})
        self.acquire({"bills": [self.bill(cancelled="S")]})
        self.assertEqual(self.move("2024/1").state, "cancel")
        self.assertEqual(self.credit("P1"), 100)
        self.assertEqual(self.position().amount_balance, -100)
        self.acquire({"bills": [self.bill()]})
        self.assertEqual(self.move("2024/1").payment_state, "paid")

    def test_cancelled_before_it_came(self):
        taken = self.acquire({"bills": [self.bill(cancelled="S")]})
        self.assertEqual(taken.unchanged_count, 1)
        self.assertFalse(self.move("2024/1"))

    def test_cancelled_in_closed_period(self):
        self.acquire({"bills": [self.bill()]})
        self.company.sudo().fiscalyear_lock_date = date(2024, 6, 30)
        taken = self.acquire({"bills": [self.bill(cancelled="S")]})
        self.assertEqual(taken.error_ids.mapped("code"), ["locked_period"])
        self.assertEqual(self.move("2024/1").payment_state, "reversed")
        self.assertEqual(self.position().amount_balance, 0)

    def test_reversed_payment(self):
        self.acquire({"bills": [self.bill()], "payments": [self.payment()]})
        self.acquire({"payments": [self.payment(reversed="S")]})
        self.assertEqual(self.residual("2024/1"), 100)
        self.assertEqual(self.pay("P1").state, "canceled")
        self.assertEqual(self.position().amount_balance, 100)
        self.acquire({"payments": [self.payment()]})
        self.assertEqual(self.residual("2024/1"), 0)

    def test_changed_payment(self):
        self.acquire({"bills": [self.bill()], "payments": [self.payment()]})
        self.acquire({"payments": [self.payment(amount=70, day=date(2024, 2, 21))]})
        self.assertEqual(self.residual("2024/1"), 30)
        self.assertEqual(self.pay("P1").date, date(2024, 2, 21))

    def test_payment_moves_to_other_bill(self):
        self.acquire(
            {
                "bills": [self.bill("A1"), self.bill("A2")],
                "payments": [self.payment(bills="A1")],
            }
        )
        self.acquire({"payments": [self.payment(bills="A2")]})
        self.assertEqual((self.residual("A1"), self.residual("A2")), (100, 0))

    def test_payment_before_bill(self):
        self.acquire({"payments": [self.payment()]})
        self.assertEqual(self.credit("P1"), 100)
        self.acquire({"bills": [self.bill()]})
        self.assertEqual(self.residual("2024/1"), 0)
        self.assertEqual(self.credit("P1"), 0)

    def test_payment_without_customer_before_bill(self):
        taken = self.acquire({"payments": [self.payment(customer=None)]})
        self.assertEqual(taken.waiting_count, 1)
        self.assertFalse(self.pay("P1"))
        self.acquire({"bills": [self.bill()]})
        self.assertEqual(self.residual("2024/1"), 0)
        self.assertEqual(taken.waiting_count, 0)
        self.assertEqual(taken.state, "done")

    def test_all_before_customer(self):
        taken = self.acquire(
            {
                "payments": [self.payment("P7", "N7", "N/7")],
                "bills": [self.bill("N/7", "N7", supply="S7")],
                "supplies": [["S7", "N7", "M7", "1"]],
            }
        )
        self.assertEqual(taken.waiting_count, 3)
        self.assertFalse(taken.error_count)
        self.acquire({"customers": [self.customer("N7")]})
        self.assertEqual(self.move("N/7").payment_state, "paid")
        self.assertEqual(self.move("N/7").creditbox_supply_id.code, "S7")
        self.assertEqual(self.pay("P7").move_id.creditbox_supply_id.code, "S7")
        self.assertEqual(taken.waiting_count, 0)

    def test_payment_of_several_bills(self):
        self.acquire(
            {
                "bills": [self.bill("A1"), self.bill("A2"), self.bill("A3")],
                "payments": [self.payment(bills="A1; A2/ A3", amount=150)],
            }
        )
        # "/" belongs to numbers: only ";" parted these
        self.assertEqual(self.residual("A1"), 0)
        self.acquire(
            {"payments": [self.payment("P2", bills="A2;A3", amount=150)]},
        )
        self.assertEqual((self.residual("A2"), self.residual("A3")), (0, 50))

    def test_payment_without_number_stays_credit(self):
        self.acquire({"bills": [self.bill()], "payments": [self.payment(bills=None)]})
        self.assertEqual(self.residual("2024/1"), 100)
        self.assertEqual(self.credit("P1"), 100)
        self.assertEqual(self.position().amount_credit, 100)

    def test_payment_without_number_covers_oldest(self):
        self.source.payment_policy = "oldest"
        self.acquire(
            {
                "bills": [
                    self.bill("A1", due=date(2024, 3, 1)),
                    self.bill("A2", due=date(2024, 2, 1)),
                ],
                "payments": [self.payment(bills=None, amount=150)],
            }
        )
        self.assertEqual((self.residual("A1"), self.residual("A2")), (50, 0))
        self.acquire({"bills": [self.bill("A0", due=date(2024, 1, 1))]})
        self.assertEqual(self.residual("A0"), 0)
        self.assertEqual((self.residual("A1"), self.residual("A2")), (100, 50))

    def test_credit_note(self):
        self.acquire(
            {
                "bills": [
                    self.bill("A1", kind="nota di credito", amount=30),
                    self.bill("A2", amount=-20),
                ]
            }
        )
        moves = self.move("A1") | self.move("A2")
        self.assertEqual(set(moves.mapped("move_type")), {"out_refund"})
        self.assertEqual(self.position().amount_credit, 50)

    def test_bill_of_nothing(self):
        self.acquire({"bills": [self.bill(amount=0)]})
        self.assertEqual(self.move("2024/1").payment_state, "paid")

    def test_matching_by_hand_stays(self):
        self.acquire(
            {"bills": [self.bill()], "payments": [self.payment(bills=None, amount=40)]}
        )
        lines = self.move("2024/1").line_ids | self.pay("P1").move_id.line_ids
        lines.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
        self.acquire({"payments": [self.payment("P2", amount=100)]})
        self.assertEqual(self.residual("2024/1"), 0)
        self.assertEqual(self.credit("P2"), 40)

    def test_unknown_supply_ignored(self):
        self.source.unknown_supply = "ignore"
        taken = self.acquire({"bills": [self.bill(supply="S-NO")]})
        self.assertEqual((taken.created_count, taken.warning_count), (1, 1))

    def test_number_of_another_document(self):
        self.acquire({"bills": [self.bill()]})
        own = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "journal_id": self.source.journal_id.id,
                "partner_id": self.move("2024/1").partner_id.id,
                "name": "HAND/77",
                "invoice_date": date(2024, 1, 1),
                "company_id": self.company.id,
                "invoice_line_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "x",
                            "price_unit": 1,
                            "account_id": self.source.income_account_id.id,
                            "tax_ids": [(5,)],
                        },
                    )
                ],
            }
        )
        own.action_post()
        taken = self.acquire({"bills": [self.bill("HAND/77"), self.bill("A5")]})
        self.assertEqual(taken.error_ids.mapped("code"), ["foreign_record"])
        self.assertTrue(self.move("A5"))

    def test_two_companies(self):
        other = self.make_company("Gas")
        source = self.make_source(other)
        rows = {
            "customers": [self.customer()],
            "bills": [self.bill()],
            "payments": [self.payment()],
        }
        self.acquire(rows)
        taken = self.acquire(rows, source=source)
        self.assertEqual(taken.created_count, 3)
        moves = self.env["account.move"].search([("creditbox_ref", "=", "2024/1")])
        self.assertEqual(len(moves), 2)
        self.assertEqual(len(moves.partner_id), 2)
        self.assertEqual(set(moves.mapped("payment_state")), {"paid"})

    def test_repeated_in_file(self):
        taken = self.acquire({"bills": [self.bill(amount=50), self.bill(amount=70)]})
        self.assertEqual(self.move("2024/1").amount_total, 70)
        self.assertEqual(taken.warning_count, 1)

    # -- any order, any split ------------------------------------------------------

    def _accounts(self):
        bills = self.env["account.move"].search(
            [
                ("company_id", "=", self.company.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
            ]
        )
        payments = self.env["account.payment"].search(
            [("company_id", "=", self.company.id), ("state", "!=", "canceled")]
        )
        return (
            sorted((m.name, m.amount_residual, m.payment_state) for m in bills),
            sorted(
                (
                    p.creditbox_ref,
                    self.credit(p.creditbox_ref),
                    sorted(p.reconciled_invoice_ids.mapped("name")),
                )
                for p in payments
            ),
            sorted(
                (p.partner_id.creditbox_code, p.amount_balance)
                for p in self.env["creditbox.position"].search(
                    [("company_id", "=", self.company.id), ("amount_balance", "!=", 0)]
                )
            ),
        )

    @settings(
        max_examples=6,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data(), oldest=st.booleans())
    def test_order_does_not_matter(self, data, oldest):
        rows = [("customers", self.customer(f"H{i}")) for i in (1, 2)]
        rows += [
            (
                "bills",
                self.bill(f"H/{i}", f"H{i % 2 + 1}", 50 + 10 * i, due=date(2024, i, 1)),
            )
            for i in range(1, 6)
        ]
        named = st.lists(
            st.sampled_from([f"H/{i}" for i in range(1, 7)]), max_size=2, unique=True
        )
        for index in range(6):
            bills = data.draw(named)
            amount = data.draw(st.integers(1, 15)) * Decimal(10)
            row = self.payment(
                f"HP{index}", f"H{index % 2 + 1}", ";".join(bills), amount
            )
            rows.append(("payments", row))
        self.source.payment_policy = "oldest" if oldest else "credit"
        results = []
        for _try in range(2):
            order = data.draw(st.permutations(rows))
            cut = data.draw(st.integers(1, len(rows) - 1))
            with self.undone():
                for part in (order[:cut], order[cut:]):
                    sheets = {}
                    for kind, row in part:
                        sheets.setdefault(kind, []).append(row)
                    # One sheet a file: they come in any order too.
                    for kind in data.draw(st.permutations(sorted(sheets))):
                        self.acquire({kind: sheets[kind]})
                results.append(self._accounts())
        self.assertEqual(*results)
