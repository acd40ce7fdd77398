"""The summary of a run, of a lot, of chosen actions: on paper and as a workbook."""

import base64
import io

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, freeze_time, tagged
from odoo.tools.pdf import PdfFileReader

from ..tools.grid_sheet import Column, Grid, GridSheet, to_pdf, to_xlsx
from .common import DunningCommon


def pdf_text(content):
    pages = PdfFileReader(io.BytesIO(content)).pages
    return [" ".join(page.extract_text().split()) for page in pages]


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30 10:00:00")
class TestSummary(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.creditbox_code = "C-1"
        cls.verdi = cls._customer("Verdi", email=False)
        cls.second = cls._supply(cls.verdi, "W2")
        cls.summaries = cls.env["creditbox.action.summary"]

    def _summary(self, records, user=None):
        model = self.summaries.with_user(user) if user else self.summaries
        return model.create(model._values_for(records))

    def _book(self, summary):
        content = base64.b64decode(summary.xlsx)
        return openpyxl.load_workbook(io.BytesIO(content), data_only=True)

    def _cells(self, page):
        return [[cell for cell in row if cell is not None] for row in page.values]

    def _two(self):
        self._bill(100, 40)
        self._bill(30, 40, self.second)  # without an address
        return self._run()

    def test_head_totals_exceptions_and_each_action(self):
        run = self._two()
        run.action_approve()
        [text] = pdf_text(base64.b64decode(self._summary(run).pdf))
        for expected in (
            self.company.name,
            f"Summary of the run {run.name}",
            "Action table Test table (v1)",
            f"by {self.env.user.name}",
            "No address for the channel 1 $ 30.00",
            "E-mail 1 1 0 0 $ 130.00 $ 0.00",
            "1. Row 1 1 1 0 0 $ 130.00 $ 0.00",
            "Total 1 1 0 0 $ 130.00 $ 0.00",
            "Rossi C-1 W1 1. Row 1 E-mail $ 100.00",
            "Page 1 of 1",
        ):
            self.assertIn(expected, text.replace("\xa0", " "))

    def test_workbook_has_figures_and_dates(self):
        run = self._two()
        action = run.action_ids.filtered(lambda a: a.supply_id == self.supply)
        self._done(action)
        action._mark_delivered(action.date_done)
        book = self._book(self._summary(run))
        head, *lines = self._cells(book["Actions"])
        self.assertEqual(head[0], "Customer")
        [rossi] = [line for line in lines if line[0] == "Rossi"]
        self.assertEqual(rossi[:6], ["Rossi", "C-1", "W1", "1. Row 1", "E-mail", 100])
        self.assertEqual(rossi[6], "Delivered")
        self.assertEqual([day.day for day in rossi[7:]], [30, 30])
        totals = self._cells(book["Summary"])
        self.assertIn(["Total", 1, 1, 1, 0, 130, 0], totals)

    def test_what_looks_like_a_formula_is_text(self):
        self.customer.name = "=1+1"
        self._bill(100, 40)
        content = base64.b64decode(self._summary(self._run()).xlsx)
        cell = openpyxl.load_workbook(io.BytesIO(content))["Actions"]["A2"]
        self.assertEqual((cell.value, cell.data_type), ("=1+1", "s"))

    def test_of_chosen_actions(self):
        run = self._two()
        chosen = run.action_ids.filtered(lambda a: a.supply_id == self.second)
        [text] = pdf_text(base64.b64decode(self._summary(chosen).pdf))
        self.assertIn("Summary of chosen actions", text)
        self.assertIn("Verdi", text)
        self.assertNotIn("Rossi", text)

    def test_of_a_lot(self):
        letter = self.env["creditbox.template"].create(
            {**self._template_values("letter"), "name": "Letter"}
        )
        self._table(
            self.company, [{"step": 1, "code": "letter", "template_id": letter.id}]
        )
        self._bill(100, 40)
        actions = self._execute()
        lot = actions.letter_lot_id
        [text] = pdf_text(base64.b64decode(self._summary(lot).pdf))
        for expected in (f"letter lot {lot.name}", "Letters 1", "Via Roma 1", "Done"):
            self.assertIn(expected, text)

    def test_in_the_users_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        run = self._two()
        summary = self._summary(run).with_context(lang="it_IT")
        [text] = pdf_text(base64.b64decode(summary.pdf))
        self.assertIn("30/06/2026", text)
        self.assertIn("130,00", text)
        self.assertIn("Cliente", text)

    def test_who_may(self):
        run = self._two()
        reader = self._user("reader")
        action = run.with_user(reader).action_print_pdf()
        self.assertIn("/pdf/summary-", action["url"])
        other = self.setup_other_company()["company"]
        stranger = self._user("reader", other)
        with self.assertRaises(AccessError):
            run.with_user(stranger).action_print_xlsx()
        self.env.invalidate_all()
        listed = self._summary(run).with_user(stranger)
        self.assertFalse(listed.sudo(False)._rows())

    def test_one_company_one_run(self):
        run, other = self._two(), self._run()
        with self.assertRaises(UserError):
            (run | other).action_print_pdf()
        with self.assertRaises(UserError):
            self.env["creditbox.action"].action_print_pdf()

    def test_who_approved_is_kept(self):
        """Who reviewed it as an authorisation level, and who then let it go."""
        run = self._two()
        manager, supervisor = self._user("manager"), self._user("supervisor")
        run.with_user(supervisor).request_validation()
        run.invalidate_recordset()
        run.with_user(manager).validate_tier()
        run.with_user(supervisor).action_approve()
        self.assertEqual(run.approved_by_id, supervisor)
        names = [approval.user for approval in run._approvals()]
        self.assertEqual(names, [manager.name, supervisor.name])

    def test_queries_do_not_grow(self):
        counts = []
        for number in (1, 1, 20):
            for place in range(number):
                customer = self._customer(f"C{len(counts)}.{place}")
                supply = self._supply(customer, f"S{len(counts)}.{place}")
                self._bill(10, 40, supply)
            run = self._run()
            self.assertEqual(len(run.action_ids), number)
            summary = self._summary(run)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            summary._sheet()
            counts.append(self.env.cr.sql_log_count - before)
            self._done(run.action_ids)
        self.assertEqual(counts[1], counts[2])


@tagged("post_install", "-at_install")
class TestGridSheet(BaseCase):
    def _sheet(self, rows):
        columns = (Column("Who"), Column("Sum", "money"), Column("Day", "date"))
        grids = (
            Grid("Short", columns, rows[:1], ("", 1.0, None)),
            Grid("Long", columns, rows),
        )
        return GridSheet(
            "Title", "Sender", (("Fact", "Text"),), grids,
            {"total": "Total", "page": "%(page)s/%(pages)s", "summary": "Sum"},
            lambda day: f"{day}", lambda amount: f"{amount:.2f}",
        )  # fmt: skip

    def test_long_lists_go_on_with_their_heading(self):
        pages = pdf_text(to_pdf(self._sheet([(f"C{n}", 1.5, None) for n in range(99)])))
        self.assertEqual(len(pages), 3)
        for number, page in enumerate(pages, 1):
            self.assertIn("Who Sum Day", page)
            self.assertIn(f"{number}/3", page)
        shown = " ".join(pages)
        self.assertTrue(all(f"C{n} 1.50" in shown for n in range(99)))

    def test_long_texts_are_cut_on_paper_only(self):
        rows = [("x" * 500, 1.0, None)]
        [page] = pdf_text(to_pdf(self._sheet(rows)))
        self.assertIn("…", page)
        book = openpyxl.load_workbook(io.BytesIO(to_xlsx(self._sheet(rows))))
        self.assertEqual(book["Long"]["A2"].value, "x" * 500)

    def test_without_rows(self):
        self.assertEqual(len(pdf_text(to_pdf(self._sheet([])))), 1)
        self.assertTrue(to_xlsx(self._sheet([])))
