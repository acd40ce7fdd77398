import base64
import csv
import io
from datetime import timedelta

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import EvaluationCommon

HEADS = "reference;rating;amount_limit;insolvency;price;summary\r\n"


class InformationCommon(EvaluationCommon):
    method = "file"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = cls.make_user("operator")
        cls.reports = cls.env["creditbox.information.report"]
        cls.provider = cls.env["creditbox.provider"].create(
            {
                "name": "Informa",
                "kind": "information",
                "info_format": "csv",
                "info_price": 4,
                "info_valid_days": 100,
                **cls.provider_values(),
            }
        )
        cls.customers = cls.make_customer("Rossi", vat="IT12345670017")
        cls.customers += cls.make_customer("=cmd()")

    @classmethod
    def provider_values(cls):
        return {}

    def ask(self, customers=None, user=None):
        """Ask about customers, as an operator does on the screen."""
        user = user or self.operator
        customers = customers if customers is not None else self.customers
        wizard = self.as_user(user, self.env["creditbox.information.request"])
        wizard = wizard.with_context(
            active_model="res.partner", active_ids=customers.ids
        ).create({"provider_id": self.provider.id, "company_id": self.company.id})
        before = self.reports.search([])
        wizard.action_ask()
        return self.reports.search([]) - before


@tagged("creditbox", "post_install", "-at_install")
class TestInformationFile(InformationCommon):
    def make_file(self, reports):
        action = self.as_user(self.operator, reports).action_request_file()
        return self.env["creditbox.information.file"].browse(action["res_id"])

    def upload(self, text, name="answers.csv"):
        wizard = self.as_user(
            self.operator, self.env["creditbox.information.upload"]
        ).create(
            {
                "provider_id": self.provider.id,
                "company_id": self.company.id,
                "file": base64.b64encode(text.encode()),
                "filename": name,
            }
        )
        action = wizard.action_upload()
        return self.env["creditbox.information.file"].browse(action["res_id"])

    # -- out -----------------------------------------------------------------------

    def test_request_file(self):
        reports = self.ask()
        self.assertEqual(reports.mapped("state"), ["queued"] * 2)
        column = self.provider.info_column_ids.filtered(lambda c: c.field_name == "vat")
        column.heading = "Partita IVA"
        file = self.make_file(reports)
        self.assertEqual(reports.mapped("state"), ["asked"] * 2)
        text = base64.b64decode(file.content).decode("utf-8-sig")
        rows = {
            row["name"]: row for row in csv.DictReader(io.StringIO(text), delimiter=";")
        }
        self.assertEqual(rows["Rossi"]["Partita IVA"], "IT12345670017")
        self.assertEqual(rows["Rossi"]["reference"], reports.filtered(
            lambda r: r.partner_id.name == "Rossi").reference)  # fmt: skip
        self.assertIn("'=cmd()", rows)  # no formula in somebody's spreadsheet
        with self.assertRaises(UserError):
            self.make_file(reports)

    def test_request_workbook(self):
        self.provider.info_format = "xlsx"
        file = self.make_file(self.ask())
        book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(file.content)))
        names = [row[2].value for row in book.active.iter_rows(min_row=2)]
        self.assertEqual(sorted(names), ["=cmd()", "Rossi"])

    def test_not_asked_again_before_it_expires(self):
        report = self.ask(self.customers[0])
        with self.assertRaises(UserError):
            self.ask(self.customers[0])  # under way
        self.make_file(report)
        self.upload(f"{HEADS}{report.reference};A;;no;;\r\n")
        with self.assertRaises(UserError):
            self.ask(self.customers[0])  # valid
        self.assertEqual(self.ask().partner_id, self.customers[1])
        report.date_expiry = self.today - timedelta(days=1)
        self.assertEqual(self.ask(self.customers[0]).partner_id, self.customers[0])

    # -- in ------------------------------------------------------------------------

    def test_answers(self):
        first, second = self.ask()
        self.make_file(first + second)
        file = self.upload(
            f"{HEADS}{first.reference};B2;1.500,00;no;3,50;Solid\r\n"
            f"{second.reference};D;;sì;;\r\n"
        )
        self.assertEqual((file.row_count, file.new_count, file.error_count), (2, 2, 0))
        self.assertEqual((first.rating, first.amount_limit), ("B2", 1500))
        self.assertEqual((first.price, second.price), (3.5, 4))
        self.assertEqual(first.date_expiry, self.today + timedelta(days=100))
        self.assertIn("B2", first.raw)
        self.assertTrue(second.insolvency)
        alert = self.alerts_of(second.partner_id)
        self.assertEqual((alert.kind, alert.by_hand), ("insolvency", False))
        self.assertIn("Informa", alert.text)

    def test_taken_twice_changes_nothing(self):
        first, second = self.ask()
        text = f"{HEADS}{first.reference};B2;10;no;;x\r\n{second.reference};C;;no;;\r\n"
        file = self.upload(text)
        before = (first + second).read()
        self.assertEqual(self.upload(text), file)
        # the same rows in another file
        again = self.upload(text + ";;;;;\r\n", "again.csv")
        self.assertEqual((again.new_count, again.known_count), (0, 2))
        self.assertEqual((first + second).read(), before)

    def test_bad_rows_by_row_and_field(self):
        first, second = self.ask()
        file = self.upload(
            f"Export of today\r\n{HEADS}"
            f"{first.reference};B2;ten;no;;\r\n"
            f"{second.reference};C;10;perhaps;;\r\n"
            "unknown;C;10;no;;\r\n"
            f"{second.reference};;;;2;\r\n"
        )
        self.assertEqual(
            [(e.row, e.field_name, e.code) for e in file.error_ids],
            [
                (3, "amount_limit", "unreadable"),
                (4, "insolvency", "unreadable"),
                (5, "reference", "unknown"),
                (6, "rating", "empty"),
            ],
        )
        self.assertEqual(file.error_ids[0].value, "ten")
        self.assertEqual((first + second).mapped("state"), ["queued"] * 2)
        self.upload(f"{HEADS}{first.reference};B2;10;no;;\r\n")
        self.assertEqual(first.state, "received")

    def test_not_a_table(self):
        for text in ("%PDF-1.4 nothing", "a;b\r\n1;2\r\n", ""):
            with self.subTest(text), self.assertRaises(UserError):
                self.upload(text)

    def test_references_of_another_company_are_unknown(self):
        theirs = self.make_customer("Theirs", company=self.company_b)
        report = self.reports._request(theirs, self.company_b, self.provider)
        file = self.upload(f"{HEADS}{report.reference};A;;no;;\r\n")
        self.assertEqual(file.error_ids.code, "unknown")
        self.assertEqual(report.state, "queued")

    # -- rights --------------------------------------------------------------------

    def test_reader_looks_only(self):
        report = self.ask(self.customers[0])
        self.upload(f"{HEADS}{report.reference};A;;no;;\r\n")
        reader = self.make_user("reader")
        mine = self.as_user(reader, report)
        self.assertEqual(mine.rating, "A")
        with self.assertRaises(AccessError):
            mine.read(["raw"])
        for method in ("action_request_file", "action_cancel", "action_retry"):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(mine, method)()
        with self.assertRaises(AccessError):
            self.ask(self.customers[1], reader)
        foreign = self.make_user("administrator", self.company_b)
        with self.assertRaises(AccessError):
            self.as_user(foreign, report).read(["rating"])

    def test_another_companys_customers_cannot_be_asked_about(self):
        theirs = self.make_customer("Theirs", company=self.company_b)
        with self.assertRaises(AccessError):
            self.ask(theirs)

    def test_cancelled_request_can_be_made_anew(self):
        report = self.ask(self.customers[0])
        self.as_user(self.operator, report).action_cancel()
        self.assertEqual(report.state, "cancelled")
        self.assertTrue(self.ask(self.customers[0]))
