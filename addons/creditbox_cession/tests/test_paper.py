import io

from openpyxl import load_workbook
from pypdf import PdfReader

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.creditbox_dunning.tests.common import TODAY

from .common import CessionCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestPaper(CessionCommon):
    def _file(self, action):
        id_ = int(action["url"].split("/")[3].split("?")[0])
        return self.env["ir.attachment"].browse(id_).raw

    def _text(self, content):
        pages = PdfReader(io.BytesIO(content)).pages
        return "\n".join(page.extract_text() for page in pages)

    def test_list(self):
        bill = self._bill(1234.5, 60)
        cession = self._prepared(price=1000)
        text = self._text(self._file(cession.action_list_pdf()))
        for words in (cession.name, "Rossi", bill.name, "Factor SpA"):
            self.assertIn(words, text)
        book = load_workbook(io.BytesIO(self._file(cession.action_list_xlsx())))
        rows = list(book["Assigned bills"].values)
        self.assertEqual(rows[1][0], "Rossi")
        self.assertEqual(rows[1][7], 1234.5)

    def test_made_again_it_is_the_same_file(self):
        self._bill(100, 60)
        cession = self._prepared()
        self.assertEqual(
            cession.action_list_pdf()["url"], cession.action_list_pdf()["url"]
        )

    def test_notices(self):
        other = self._supply(self._customer("Verdi", zip="00100"), "W2")
        mine = self._bill(100, 60)
        his = self._bill(60, 60, other)
        cession = self._prepared(self.supply, other, price=80)
        with self.assertRaises(UserError):
            cession.action_notices()
        cession.instructions = "IBAN IT60X0542811101000000123456"
        cession.action_assign()
        content = self._file(cession.action_notices())
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
        self.assertEqual(len(pages), 2)
        self.assertIn("Verdi", pages[0])  # in the order of the post
        self.assertIn(his.name, pages[0])
        self.assertNotIn(mine.name, pages[0])
        for words in ("Rossi", mine.name, "1264", "Factor SpA", "IT60X05428"):
            self.assertIn(words, pages[1])
        self.assertEqual(cession.date_notice, TODAY)
        self.assertIn("Notice of the assignment", self.customer.message_ids[0].body)

    def test_roles(self):
        self._bill(100, 60)
        cession = self._assigned().with_user(self._user("operator"))
        self.assertTrue(cession.action_list_pdf())
        with self.assertRaises(AccessError):
            cession.action_notices()
