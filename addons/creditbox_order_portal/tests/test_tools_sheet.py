from datetime import date, datetime
from unittest import TestCase
from zoneinfo import ZoneInfo

from ..tools import sheet

HEADINGS = {"supply": "Fornitura", "operation": "Operazione", "date": "Giorno"}


class TestSheet(TestCase):
    def test_what_is_written_is_read(self):
        rows = [["W1", "suspension", "2026-07-01"], ["W2", "", ""], ["=1+1", "x", ""]]
        for content in (
            sheet.write("Ordini", list(HEADINGS.values()), rows),
            sheet.write_csv(list(HEADINGS.values()), rows),
        ):
            read = sheet.read(content, list(HEADINGS), HEADINGS)
            self.assertEqual([r["supply"] for r in read[:2]], ["W1", "W2"])
            self.assertEqual(sheet.as_date(read[0]["date"]), date(2026, 7, 1))
            self.assertIn("=1+1", read[2]["supply"])

    def test_unreadable(self):
        many = b"supply;operation\n" + b"a;b\n" * (sheet.MAX_ROWS + 1)
        for content, reason in (
            (b"", "empty"),
            (b"supply;operation\n", "empty"),
            (b"foo;operation\n1;2\n", "heading"),
            (b"PK\x03\x04broken", "kind"),
            (b"\x00\x01", "kind"),
            (many, "too_large"),
            (b"x" * (sheet.MAX_BYTES + 1), "too_large"),
        ):
            with self.subTest(reason), self.assertRaises(sheet.Unreadable) as caught:
                sheet.read(content, list(HEADINGS), HEADINGS)
            self.assertEqual(caught.exception.reason, reason)

    def test_values(self):
        rome = ZoneInfo("Europe/Rome")
        self.assertEqual(sheet.as_number("1.234,5"), 1234.5)
        self.assertIsNone(sheet.as_number(""))
        self.assertEqual(
            sheet.as_moment("01/07/2026 10:30", rome), datetime(2026, 7, 1, 8, 30)
        )
        for bad in ("nan", "inf", "-1", "abc"):
            with self.assertRaises(ValueError):
                sheet.as_number(bad)
        self.assertEqual(sheet.photo_kind("ODL1_Sigillo.JPG"), "seal")
        self.assertEqual(sheet.photo_kind("ODL1.jpg"), "other")
