from datetime import date
from decimal import Decimal

from odoo.tests import tagged

from ..writers import BillWriter, PaymentWriter
from ..writers.row import Row
from .common import TwinCase

# Of two documents that differ by their number.
NUMBERS = {
    "name", "move_name", "sequence_prefix", "sequence_number", "made_sequence_gap",
    "ref", "memo", "payment_reference", "creditbox_ref",
}  # fmt: skip
# Of two matchings.
MATCHING = {
    "matching_number", "full_reconcile_id", "credit_move_id", "debit_move_id",
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestTwin(TwinCase):
    """What is inserted by SQL is, column by column, what the ORM makes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source._prepare_accounts()
        cls.partners = cls.env["res.partner"].create(
            [
                {
                    "name": name,
                    "company_id": cls.company.id,
                    "creditbox_code": code,
                    "country_id": cls.env.ref(country).id,
                    "vat": vat,
                    "is_company": bool(vat),
                }
                for name, code, country, vat in (
                    ("Anna", "A", "base.it", False),
                    ("Bar Srl", "B", "base.it", "IT12345670017"),
                    ("Chloé", "F", "base.fr", False),
                )
            ]
        )
        cls.env["res.partner"].create(
            {"name": "Sede", "parent_id": cls.partners[1].id, "type": "delivery"}
        )

    # -- helpers -------------------------------------------------------------------

    def _rows_of(self, record):
        move = record if record._name == "account.move" else record.move_id
        rows = {
            "account_move": self._rows("account_move", move.ids),
            "account_move_line": self._rows("account_move_line", move.line_ids.ids),
        }
        if record != move:
            rows["account_payment"] = self._rows("account_payment", record.ids)
        return rows

    def _undone(self, make, *args):
        """Rows of the record that a method makes, then unmade."""
        with self.undone():
            record = make(*args)
            self.env.flush_all()
            self.env.invalidate_all()
            rows = self._rows_of(record)
        return rows

    def _by_sql(self, writer_class, values, key):
        row = Row("", 1, {}, values, values[key])
        writer = writer_class(self.source)
        writer.take([row])
        self.assertEqual(row.outcome, "created", row.faults)
        return self.env[writer.table.replace("_", ".")].browse(row.found["id"])

    def _by_orm(self, writer_class, values, key):
        row = Row("", 1, {}, values, values[key])
        writer = writer_class(self.source)
        writer._resolve([row])
        vals = writer._orm_vals(row)
        if writer_class is PaymentWriter:
            return writer._create_by_orm(writer.env, vals)
        move = writer.env["account.move"].create(vals)
        move.action_post()
        return move

    def _check(self, writer_class, values, key):
        args = (writer_class, values, key)
        self._assert_same(
            self._undone(self._by_sql, *args), self._undone(self._by_orm, *args)
        )

    def _check_bill(self, **other):
        values = {
            "number": "BX/0007",
            "customer_code": "A",
            "issue_date": date(2024, 1, 31),
            "due_date": date(2024, 2, 28),
            "amount": Decimal("123.45"),
            **other,
        }
        self._check(BillWriter, values, "number")

    def _check_payment(self, **other):
        values = {
            "code": "PX7",
            "customer_code": "A",
            "date": date(2024, 2, 20),
            "amount": Decimal("123.45"),
            "bill_number": [],
            "channel": "posta",
            **other,
        }
        self._check(PaymentWriter, values, "code")

    # -- bills ---------------------------------------------------------------------

    def test_bill_of_person(self):
        self._check_bill(customer_code="A")

    def test_bill_of_company_with_other_address(self):
        self._check_bill(customer_code="B")

    def test_bill_of_foreigner(self):
        self._check_bill(customer_code="F")

    def test_bill_with_everything(self):
        self.env["creditbox.supply"].create(
            {
                "code": "S1",
                "company_id": self.company.id,
                "partner_id": self.partners[0].id,
                "service_type_id": self.source.service_type_id.id,
            }
        )
        self._check_bill(
            supply_code="S1",
            period_from=date(2023, 12, 1),
            period_to=date(2024, 1, 31),
            payment_code="301000000000000001",
            pdf_name="a.pdf",
        )

    def test_credit_note(self):
        self._check_bill(kind="credit_note")

    def test_bill_in_closed_period(self):
        self.company.sudo().fiscalyear_lock_date = date(2024, 6, 30)
        self._check_bill()

    def test_bill_of_customer_with_own_accounts(self):
        partner = self.partners[0].with_company(self.company)
        partner.property_account_receivable_id = (
            partner.property_account_receivable_id.copy()
        )
        partner.user_id = self.supervisor
        self._check_bill()

    # -- payments ------------------------------------------------------------------

    def test_payment_of_person(self):
        self._check_payment()

    def test_payment_of_company(self):
        self._check_payment(customer_code="B")

    def test_payment_in_closed_period(self):
        self.company.sudo().fiscalyear_lock_date = date(2024, 6, 30)
        self._check_payment()

    # -- matching ------------------------------------------------------------------

    def test_matching(self):
        """Full and partial matchings leave what `reconcile` leaves."""
        for number, amount in (("1", 100), ("2", 40)):
            with self.subTest(amount=amount):
                self._check_matching(number, amount)

    def _check_matching(self, number, amount):
        for prefix, named in (("F", True), ("S", False)):
            bill = f"B{prefix}/{number}"
            self.acquire(
                {
                    "bills": [self.bill(bill, "A", 100)],
                    "payments": [
                        self.payment(
                            prefix + number, "A", bill if named else None, amount
                        )
                    ],
                }
            )
        bill, payment = self.move(f"BS/{number}"), self.pay(f"S{number}")
        (bill.line_ids | payment.move_id.line_ids).filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
        fast, slow = (
            (self.move(f"B{p}/{number}"), self.pay(f"{p}{number}")) for p in "FS"
        )
        for one, two in zip(fast, slow, strict=True):
            one, two = self._rows_of(one), self._rows_of(two)
            for rows in (one, two):
                self._abstract(rows["account_move_line"])
            self._assert_same(one, two, NUMBERS | MATCHING)
        partials = [
            {"account_partial_reconcile": self._partials(payment)}
            for _bill, payment in (fast, slow)
        ]
        self._assert_same(*partials, MATCHING)

    def _partials(self, payment):
        found = self.env["account.partial.reconcile"].search(
            [("credit_move_id", "in", payment.move_id.line_ids.ids)]
        )
        self.assertEqual(len(found), 1)
        return self._rows("account_partial_reconcile", found.ids)

    def _abstract(self, lines):
        """Compare the kind of a matching, not its number; the label has the number."""
        for line in lines:
            number = line["matching_number"]
            self.assertEqual(
                number if number and number[0] != "P" else None,
                line["full_reconcile_id"] and str(line["full_reconcile_id"]),
            )
            line["matched"] = number and number[0] == "P"
            line["full"] = bool(line["full_reconcile_id"])
