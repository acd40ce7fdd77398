"""Files written by the libraries that billing systems write theirs with.

Those in `files` come from libraries that CreditBox itself does not need:
password.xlsx is openpyxl's workbook encrypted by msoffcrypto-tool, bills.ods is
odfpy's. Old Excel files are written here, by xlwt.
"""

import datetime
import io
import os
import unittest

import xlwt

from odoo.addons.creditbox_base.tools import sandbox
from odoo.addons.creditbox_base.tools.problem import FileProblem

from ..tools import headings

FOLDER = os.path.join(os.path.dirname(__file__), "files")


def content_of(name):
    with open(os.path.join(FOLDER, name), "rb") as file:
        return file.read()


def xls(rows, **options):
    """bytes of a workbook of Excel 97 (BIFF8)."""
    book = xlwt.Workbook(**options)
    sheet = book.add_sheet("Bollette")
    day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for line, row in enumerate(rows):
        for column, cell in enumerate(row):
            style = [day] if isinstance(cell, datetime.date) else []
            sheet.write(line, column, cell, *style)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


class TestRealFiles(unittest.TestCase):
    def test_password(self):
        with self.assertRaises(FileProblem) as caught:
            sandbox.read(content_of("password.xlsx"))
        self.assertEqual(caught.exception.code, "password")

    def test_ods(self):
        with sandbox.read(content_of("bills.ods")) as extracted:
            (sheet,) = extracted.sheets
            self.assertEqual(
                list(extracted.rows(sheet))[1:],
                [
                    (2, ["2024/1", "C1", "2024-01-31", "2024-02-28", 123.45, False]),
                    (3, ["2024/2", "C1", "2024-01-31", "2024-02-28", "1.234,56 €",
                         True]),
                ],
            )  # fmt: skip
            _numbers, rows = extracted.head(sheet)
        self.assertEqual(headings.recognise(rows, sheet.name).kind, "bills")

    def test_xls(self):
        rows = [
            ["Città", "Importo", "Data", "Codice", "Vero"],
            ["Forlì", 1234.56, datetime.date(2024, 1, 31), "00123", True],
        ]
        with sandbox.read(xls(rows)) as extracted:
            self.assertEqual(
                list(extracted.rows(extracted.sheets[0])),
                [
                    (1, ["Città", "Importo", "Data", "Codice", "Vero"]),
                    (2, ["Forlì", 1234.56, "2024-01-31", "00123", True]),
                ],
            )

    def test_xls_as_long_as_it_can_be(self):
        rows = [["Codice", "Nominativo"], *([f"C{i}", "Rossi"] for i in range(65535))]
        with sandbox.read(xls(rows)) as extracted:
            *_others, last = extracted.rows(extracted.sheets[0])
        self.assertEqual(last, (65536, ["C65534", "Rossi"]))

    def test_damaged_xls(self):
        data = xls([["Codice", "Nominativo"]] * 500)
        with self.assertRaises(FileProblem):
            sandbox.read(data[: len(data) // 2])
