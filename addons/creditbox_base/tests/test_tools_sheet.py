import io
import zipfile
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

    def test_workbooks_that_harm(self):
        """Entities in the XML, other archives, more than is declared."""
        book = sheet.write("x", list(HEADINGS.values()), [["W1", "x", ""]])
        entities = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>'
        for change, reason in (
            ({"xl/workbook.xml": None}, "kind"),
            ({"xl/styles.xml": entities}, "kind"),
            ({"xl/sharedStrings.xml": entities.decode().encode("utf-16")}, "kind"),
            ({"xl/media/a.xml": b" " * (sheet.MAX_UNPACKED + 1)}, "too_large"),
        ):
            with (
                self.subTest(change=[*change], reason=reason),
                self.assertRaises(sheet.Unreadable) as caught,
            ):
                sheet.read(_changed(book, change), list(HEADINGS), HEADINGS)
            self.assertEqual(caught.exception.reason, reason)
        (row,) = sheet.read(_changed(book, {}), list(HEADINGS), HEADINGS)
        self.assertEqual(row["supply"], "W1")

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


def _changed(book, change):
    """:param change: {member of the archive: its bytes, None to leave it out}"""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        members = {name: old.read(name) for name in old.namelist()} | change
        for name, content in members.items():
            if content is not None:
                new.writestr(name, content)
    return stream.getvalue()
