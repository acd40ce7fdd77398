import io
from datetime import timedelta

from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from odoo.tests import tagged

from odoo.addons.creditbox_dunning.tools import account_sheet

from .common import PortalCommon


@tagged("creditbox", "post_install", "-at_install")
class TestStatement(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old = cls._bill_now(40, 500)
        cls.bill = cls._bill_now(100, 40)
        cls.bill.creditbox_ref = "=HYPERLINK(1)"
        cls._bill_now(999, 40, cls.neighbour_supply)
        cls._pay(30, cls.bill)
        cls._pay(15, customer=cls.customer)

    def _sheet(self, days=365):
        first = self.today - timedelta(days=days)
        return self.env["creditbox.account.statement"]._sheet(
            self.customer, self.company, first
        )

    def test_balance_is_that_of_the_accounts(self):
        sheet = self._sheet()
        self.assertEqual(sheet.total, self.customer.creditbox_amount_balance)
        self.assertEqual(sheet.total, 95)
        self.assertEqual(sum(section.opening for section in sheet.sections), 40)

    def test_balance_does_not_depend_on_the_first_day(self):
        self.assertEqual({self._sheet(days).total for days in (1, 100, 900)}, {95})

    def test_what_is_open(self):
        rows = [row for section in self._sheet(900).sections for row in section.rows]
        self.assertEqual(sum(row.open for row in rows), 95)
        self.assertFalse([row for row in rows if row.debit == 999])

    def test_pdf(self):
        text = "".join(
            page.extract_text()
            for page in PdfReader(io.BytesIO(account_sheet.to_pdf(self._sheet()))).pages
        )
        for words in ("Rossi", "Statement of account", "95", "=HYPERLINK(1)"):
            self.assertIn(words, text)
        self.assertNotIn("999", text)

    def test_workbook(self):
        book = CalamineWorkbook.from_filelike(
            io.BytesIO(account_sheet.to_xlsx(self._sheet()))
        )
        rows = book.get_sheet_by_index(0).to_python()
        cells = [cell for row in rows for cell in row]
        self.assertIn("Bill =HYPERLINK(1)", cells)
        self.assertIn(95.0, cells)

    def test_queries_do_not_grow(self):
        counts = []
        for number in (2, 10):
            for _n in range(number):
                self._bill_now(10, 30)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._sheet()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)
