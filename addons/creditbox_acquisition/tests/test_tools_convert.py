import datetime
import unittest
from decimal import Decimal

from ..tools.convert import Column, Converter, fingerprint, to_json
from ..tools.values import fold

BILL = ["2024/1", "C1", "31/01/2024", "28/02/2024", "1.234,50 €"]
NAMES = ("number", "customer_code", "issue_date", "due_date", "amount")


def converter(*extra, kind="bills"):
    columns = [Column(name, index=index) for index, name in enumerate(NAMES)]
    return Converter(kind, [*columns, *extra])


class TestConverter(unittest.TestCase):
    def test_good(self):
        values, faults = converter().convert(BILL)
        self.assertFalse(faults)
        self.assertEqual(
            values,
            {
                "number": "2024/1",
                "customer_code": "C1",
                "issue_date": datetime.date(2024, 1, 31),
                "due_date": datetime.date(2024, 2, 28),
                "amount": Decimal("1234.50"),
            },
        )

    def test_faults(self):
        values, faults = converter().convert(["", "C1", "x", "28/02/2024", "y"])
        self.assertEqual(
            {(fault.field, fault.value, fault.code) for fault in faults},
            {
                ("number", "", "required"),
                ("issue_date", "x", "not_a_date"),
                ("amount", "y", "not_a_number"),
            },
        )
        self.assertIsNone(values["amount"])

    def test_warnings(self):
        _values, faults = converter().convert([*BILL[:3], "01/01/2024", 1])
        self.assertEqual([(f.code, f.warning) for f in faults],
                         [("due_before_issue", True)])  # fmt: skip

    def test_constants_codes_parts_width(self):
        extra = (
            Column("kind", index=5, codes={fold("N.C."): "credit_note"}),
            Column("supply_code", index=6, separators=("-",), part=2, width=5),
            Column("pdf_name", constant="none.pdf", index=7),
        )
        values, faults = converter(*extra).convert([*BILL, "n.c.", "A-12-B", ""])
        self.assertFalse(faults)
        self.assertEqual(values["kind"], "credit_note")
        self.assertEqual(values["supply_code"], "00012")
        self.assertEqual(values["pdf_name"], "none.pdf")

    def test_payment_needs_customer_or_bill(self):
        columns = [Column(name) for name in ("code", "date", "amount", "bill_number")]
        raw = {"code": "P", "date": "2024-01-01", "amount": -1, "bill_number": ""}
        _values, faults = Converter("payments", columns).convert_raw(raw)
        self.assertEqual(
            {fault.code for fault in faults}, {"customer_or_bill", "not_positive"}
        )

    def test_coordinates(self):
        columns = [Column(name) for name in ("code", "customer_code", "latitude")]
        raw = {"code": "S", "customer_code": "C", "latitude": 1234}
        values, faults = Converter("supplies", columns).convert_raw(raw)
        self.assertIsNone(values["latitude"])
        self.assertTrue(faults[0].warning)

    def test_kept_row_is_read_again(self):
        one = converter()
        raw = one.raw([*BILL[:2], "xx", *BILL[3:]])
        values, faults = one.convert_raw(raw)
        kept = to_json(raw, values, faults)
        self.assertEqual(kept["issue_date"], "xx")
        self.assertEqual(kept["amount"], 1234.5)
        kept["issue_date"] = "31 gennaio 2024"
        again = Converter("bills", [Column(name) for name in kept])
        self.assertEqual(again.convert_raw(kept)[0], one.convert(BILL)[0])

    def test_fingerprint(self):
        values, _faults = converter().convert(BILL)
        same, _faults = converter().convert([*BILL[:4], 1234.5])
        self.assertEqual(fingerprint(values), fingerprint(same))
        other, _faults = converter().convert([*BILL[:4], 1234.51])
        self.assertNotEqual(fingerprint(values), fingerprint(other))
