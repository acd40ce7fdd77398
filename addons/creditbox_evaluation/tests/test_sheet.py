import base64
import io
from datetime import timedelta

import openpyxl
from pypdf import PdfReader

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import EvaluationCommon


@tagged("creditbox", "post_install", "-at_install")
class TestSheet(EvaluationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer(
            "Rossi & <Figli>", creditbox_code="C7", creditbox_fiscal_code="X"
        )
        cls.make_history(cls.customer, [0, 0, 50, None, 0, 0])
        cls.env["creditbox.limit"].create(
            {
                "partner_id": cls.customer.id,
                "company_id": cls.company.id,
                "amount": 80,
            }
        )
        cls.ratings._refresh(companies=cls.company)
        cls.rating_ = cls.ratings.search([("partner_id", "=", cls.customer.id)])
        first = cls.rating_.history_ids
        first.date = cls.today - timedelta(days=40)
        cls.ratings._refresh(companies=cls.company)

    def sheet(self, user):
        rating = self.as_user(user, self.rating_)
        action = rating.action_pdf()
        number = int(action["url"].split("/")[4])
        self.assertTrue(action["url"].split("?")[0].endswith("/customer-C7.pdf"))
        return rating.env["creditbox.rating.sheet"].browse(number)

    def test_pdf_for_a_reader(self):
        report = self.sheet(self.make_user("reader"))
        pages = PdfReader(io.BytesIO(base64.b64decode(report.pdf))).pages
        text = "\n".join(page.extract_text() for page in pages)
        for words in (
            "Rossi & <Figli>",
            f"{self.rating_.score} – ",
            "of 6 bills fallen due",
            "Course of the score",
            "Limit Passed",
            "100.00",
            f"Page 1 of {len(pages)}",
        ):
            self.assertIn(words, text)

    def test_workbook(self):
        report = self.sheet(self.make_user("reader"))
        book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(report.xlsx)))
        cells = [c.value for row in book.worksheets[0].iter_rows() for c in row]
        self.assertIn("Limit Passed", cells)
        course = [row[1].value for row in book.worksheets[1].iter_rows(min_row=2)]
        self.assertEqual(course[-1], self.rating_.score)
        self.assertEqual(len(course), 2)

    def test_in_italian(self):
        report = self.sheet(self.make_user("reader")).with_context(lang="it_IT")
        pages = PdfReader(io.BytesIO(base64.b64decode(report.pdf))).pages
        self.assertIn("Andamento del punteggio", pages[0].extract_text())

    def test_not_of_another_company(self):
        foreign = self.make_user("administrator", self.company_b)
        with self.assertRaises(AccessError):
            self.as_user(foreign, self.rating_).action_pdf()
