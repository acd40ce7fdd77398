import codecs
import datetime
import io
import unittest
import zipfile

import xlsxwriter
from openpyxl import Workbook

from odoo.addons.creditbox_base.tools import sandbox, tabular
from odoo.addons.creditbox_base.tools.problem import FileProblem

from ..tools import headings, layouts, workbook


def xlsx(rows, options=None, **sheets):
    """bytes of a workbook written by XlsxWriter."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, **(options or {})})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for title, content in {"Foglio1": rows, **sheets}.items():
        sheet = book.add_worksheet(title)
        for line, row in enumerate(content):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime.date):
                    sheet.write_datetime(line, column, cell, day)
                elif cell is not None:
                    sheet.write(line, column, cell)
    book.close()
    return stream.getvalue()


def pack(members):
    """bytes of a zip archive: dict name -> content."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def rows_of(data, index=0, **options):
    with sandbox.read(data, **options) as extracted:
        return list(extracted.rows(extracted.sheets[index]))


class TestFiles(unittest.TestCase):
    """Files as they come: good ones are read, bad ones get a clear answer."""

    def assertProblem(self, code, data, **options):
        with self.assertRaises(FileProblem) as caught:
            sandbox.read(data, **options)
        self.assertEqual(caught.exception.code, code)

    # -- good ----------------------------------------------------------------------

    def test_cells(self):
        row = ["testo", 12, 12.5, True, datetime.date(2024, 1, 31), "00123"]
        self.assertEqual(
            rows_of(xlsx([row])),
            [(1, ["testo", 12, 12.5, True, "2024-01-31", "00123"])],
        )

    def test_1904(self):
        data = xlsx([[datetime.date(2024, 1, 31)]], {"date_1904": True})
        self.assertEqual(rows_of(data), [(1, ["2024-01-31"])])

    def test_empty_rows_keep_the_numbers(self):
        self.assertEqual(
            rows_of(xlsx([[], ["a"], [], [None, "b"]])), [(2, ["a"]), (4, ["", "b"])]
        )

    def test_several_sheets(self):
        with sandbox.read(xlsx([["a"]], Due=[["b"]])) as extracted:
            self.assertEqual([s.name for s in extracted.sheets], ["Foglio1", "Due"])
            self.assertEqual(list(extracted.rows(extracted.sheets[1])), [(1, ["b"])])

    def test_formulas(self):
        book = Workbook()
        book.active.append(["a", "=1+1"])
        stream = io.BytesIO()
        book.save(stream)
        with sandbox.read(stream.getvalue()) as extracted:
            self.assertEqual(extracted.uncomputed, 1)
            self.assertEqual(list(extracted.rows(extracted.sheets[0])), [(1, ["a"])])
        stream = io.BytesIO()
        book = xlsxwriter.Workbook(stream)
        book.add_worksheet().write_formula(0, 0, "=1+1", None, 2)
        book.close()
        with sandbox.read(stream.getvalue()) as extracted:
            self.assertEqual(extracted.uncomputed, 0)
            self.assertEqual(list(extracted.rows(extracted.sheets[0])), [(1, [2])])

    def test_csv(self):
        rows = [(1, ["Città", "Importo"]), (2, ["Forlì; FC", "1,50"])]
        text = 'Città;Importo\r\n"Forlì; FC";1,50\r\n'
        for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
            with self.subTest(encoding=encoding):
                self.assertEqual(rows_of(text.encode(encoding)), rows)

    def test_csv_delimiters(self):
        for delimiter in ";,\t|":
            text = f"a{delimiter}b\n1{delimiter}2\n"
            self.assertEqual(rows_of(text.encode()), [(1, ["a", "b"]), (2, ["1", "2"])])

    def test_csv_options(self):
        data = "a~b\n".encode("cp1252")
        self.assertEqual(rows_of(data, delimiter="~"), [(1, ["a", "b"])])
        self.assertProblem("encoding", b"a;\xe8\n", encoding="utf-8")
        self.assertProblem("encoding", b"a;b\n", encoding="no-such")

    def test_kept_for_later(self):
        with _temporary() as path:
            with sandbox.read(xlsx([["a"], ["b"], ["c"]]), path=path) as extracted:
                sheet = extracted.sheets[0]
                (_n, _cells, offset) = next(extracted.rows_from(sheet.offset))
            again = sandbox.Extracted(path, keep=True)
            self.assertEqual(
                [cells for _n, cells, _o in again.rows_from(offset)], [["b"], ["c"]]
            )

    # -- bad -----------------------------------------------------------------------

    def test_empty(self):
        self.assertProblem("empty_file", b"")
        self.assertProblem("no_rows", xlsx([]))
        self.assertProblem("no_rows", b"\n\n")

    def test_wrong_type(self):
        for data in (
            b"%PDF-1.7 ...",
            b"\x89PNG\r\n\x1a\n....",
            b"<html><table><tr><td>1</td></tr></table></html>",
            b"<?xml version='1.0'?><a/>",
            b'{"a": 1}',
            b"\x00\x01\x02\x03binary",
            pack({"word/document.xml": "<w/>"}),
            tabular.OLE + b"\0" * 600,
        ):
            with self.subTest(data=data[:12]):
                self.assertProblem("wrong_type", data)

    def test_corrupt(self):
        good = xlsx([["a"] * 20] * 50)
        self.assertProblem("corrupt", good[: len(good) // 2])
        self.assertProblem("corrupt", pack({"xl/workbook.xml": "not xml"}))
        broken = bytearray(good)
        broken[60:200] = b"\xff" * 140
        with self.assertRaises(FileProblem):
            sandbox.read(bytes(broken))

    def test_password(self):
        encrypted = tabular.OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
        self.assertProblem("password", encrypted)
        members = {
            "mimetype": tabular.ODS_TYPE,
            "META-INF/manifest.xml": "<m><manifest:encryption-data/></m>",
        }
        self.assertProblem("password", pack(members))

    def test_bomb(self):
        members = {"xl/workbook.xml": "<w/>", "xl/a.xml": b"0" * (70 << 20)}
        self.assertProblem("bomb", pack(members))

    def test_entities(self):
        xml = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
        self.assertProblem("entities", pack({"xl/workbook.xml": xml}))
        utf16 = codecs.BOM_UTF16_LE + xml.encode("utf-16-le")
        self.assertProblem("entities", pack({"xl/workbook.xml": utf16}))

    def test_far_away_cell(self):
        """Two cells that need half a terabyte kill the reader, not the server."""
        rows = [[1]]
        stream = io.BytesIO()
        book = xlsxwriter.Workbook(stream)
        sheet = book.add_worksheet()
        sheet.write(0, 0, rows[0][0])
        sheet.write(1048575, 16383, 2)
        book.close()
        self.assertProblem("exploded", stream.getvalue())

    def test_too_slow(self):
        self.assertProblem("too_slow", xlsx([["a"]]), seconds=0.001)

    def test_limits(self):
        limits = tabular.Limits(file_bytes=10, rows=2, columns=2)
        out = io.StringIO()

        def extract(data, **kwargs):
            return tabular.extract(
                io.BytesIO(data), len(data), out, limits=tabular.Limits(**kwargs)
            )

        with self.assertRaises(FileProblem) as caught:
            tabular.detect(io.BytesIO(b"x" * 20), 20, limits)
        self.assertEqual(caught.exception.code, "file_too_big")
        with self.assertRaises(FileProblem) as caught:
            extract(b"a;b\n" * 5, rows=2)
        self.assertEqual(caught.exception.code, "too_many_rows")
        with self.assertRaises(FileProblem) as caught:
            extract(b"a;b;c\n" * 5, columns=2)
        self.assertEqual(caught.exception.code, "too_many_columns")


class TestHeadings(unittest.TestCase):
    def fields(self, rows, **options):
        found = headings.recognise(rows, **options)
        return found.kind, {name for name, _confidence in found.columns.values()}

    def test_italian(self):
        kind, names = self.fields(
            [["Cod. Cliente", "Ragione Sociale", "P.IVA", "Cod.Fisc.", "Cell."]]
        )
        self.assertEqual(kind, "customers")
        self.assertEqual(names, {"code", "name", "vat", "fiscal_code", "mobile"})

    def test_english(self):
        kind, names = self.fields(
            [["Invoice No.", "Customer ID", "Invoice date", "Due date", "Total"]]
        )
        self.assertEqual(kind, "bills")
        self.assertEqual(
            names, {"number", "customer_code", "issue_date", "due_date", "amount"}
        )

    def test_standard_names(self):
        for kind in layouts.KINDS:
            names = [field.name for field in layouts.LAYOUTS[kind]]
            self.assertEqual(self.fields([names]), (kind, set(names)))

    def test_misspelt(self):
        kind, names = self.fields(
            [["Numero bolleta", "Codice clinte", "Data emisione", "Data scadenza"]]
        )
        self.assertEqual(kind, "bills")
        self.assertEqual(len(names), 4)

    def test_heading_below_titles(self):
        rows = [["Elenco clienti"], [], ["Codice", "Nominativo"], ["C1", "Rossi"]]
        self.assertEqual(headings.recognise(rows).row, 2)

    def test_two_rows(self):
        rows = [
            ["Cliente", "", "Bolletta", "", "", ""],
            ["Codice", "Nome", "Numero", "Data", "Scadenza", "Importo"],
            ["C1", "Rossi", "1", "31/01/2024", "28/02/2024", 10],
        ]
        merged = [((0, 0), (0, 1)), ((0, 2), (0, 5))]
        found = headings.recognise(rows, merged=merged)
        self.assertEqual((found.kind, found.row), ("bills", 1))
        self.assertFalse(found.missing)

    def test_technical_names_below(self):
        rows = [["Codice", "Nominativo", "Comune"], ["code", "name", "city"], ["C1"]]
        found = headings.recognise(rows)
        self.assertEqual((found.row, found.extra_rows), (0, 1))

    def test_sheet_name_decides(self):
        rows = [["Codice", "Codice cliente", "Importo", "Data"]]
        self.assertEqual(headings.recognise(rows, "Pagamenti").kind, "payments")

    def test_nothing(self):
        self.assertIsNone(headings.recognise([["foo", "bar"], [1, 2]]))
        self.assertIsNone(headings.recognise([]))


class TestWorkbook(unittest.TestCase):
    def test_text_is_no_formula(self):
        labels = {"code": "Codice", "name": "Nome", workbook.REASON: "Motivo"}
        rows = [{"code": "=1+1", "name": "http://example.com"}]
        data = workbook.write_refused(
            [("A/B[1]", "customers", {"code", "name"}, rows, ["perché"])], labels
        )
        self.assertEqual(
            rows_of(data),
            [
                (1, ["Codice", "Nome", "Motivo"]),
                (2, ["=1+1", "http://example.com", "perché"]),
            ],
        )


def _temporary():
    import contextlib
    import os
    import tempfile

    @contextlib.contextmanager
    def make():
        handle, path = tempfile.mkstemp()
        os.close(handle)
        yield path
        os.unlink(path)

    return make()
