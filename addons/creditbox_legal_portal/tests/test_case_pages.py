import io
import re
import zipfile

from openpyxl import load_workbook

from odoo.tests import HttpCase, tagged

from odoo.addons.creditbox_base.tests.files import PDF

from .common import LegalPortalCommon

STRANGERS = ("avvocato", "rivale", "debitore", "altrove", None)


class CasePagesCommon(HttpCase, LegalPortalCommon):
    """A case of the agency, and one of its rival."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case, cls.bill = cls._case_of(cls.agency)
        cls.bill.message_main_attachment_id = cls.env["ir.attachment"].create(
            {
                "name": "bill.pdf",
                "raw": PDF,
                "mimetype": "application/pdf",
                "res_model": "account.move",
                "res_id": cls.bill.id,
            }
        )
        cls.theirs, _bill = cls._case_of(cls.rival, number=2)
        cls.declared = cls._declare(cls.agent, cls.case, 10)

    def _get(self, path, **options):
        return self.url_open(f"/my/cases{path}", allow_redirects=False, **options)

    def _post(self, path, files=None, **data):
        from odoo.http import Request  # the token of the session, as pages have it

        token = Request.csrf_token(self)
        return self._get(path, data={"csrf_token": token, **data}, files=files)


@tagged("post_install", "-at_install")
class TestCasePages(CasePagesCommon):
    """The routes, with neighbours' ids tried on each."""

    def _paths(self, case, file):
        base = f"/{case.id}"
        return (
            *(base, f"{base}/documents.zip", f"{base}/bill/{case.line_ids.id}"),
            f"{base}/document/{file.id}",
        )

    def test_pages(self):
        self.authenticate("agenzia", "agenzia")
        self.assertEqual(self.url_open("/my").status_code, 200)
        for path in (
            *("", "?state=accepted&search=debtor&kind=agency", "/upload"),
            *("/template.xlsx", *self._paths(self.case, self.declared.attachment_id)),
        ):
            self.assertEqual(self._get(path).status_code, 200, path)
        listed = self._get("").text
        self.assertIn(self.case.name, listed)
        self.assertNotIn(self.theirs.name, listed)
        content = self._get(f"/{self.case.id}/documents.zip").content
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.assertIn("SHA256SUMS.txt", archive.namelist())
        book = load_workbook(io.BytesIO(self._get("/template.xlsx").content))
        self.assertEqual(list(book.active.values)[1][0], self.case.name)

    def test_neighbours(self):
        posts = ("accept", "refuse", "activity", "activity/1", "collection", "message")
        for login in STRANGERS:
            self.authenticate(login, login)
            for path in self._paths(self.case, self.declared.attachment_id):
                answer = self._get(path)
                self.assertIn(answer.status_code, (303, 404), (login, path))
            for post in posts:
                answer = self._post(
                    f"/{self.case.id}/{post}", reason="x", text="x", amount="1"
                )
                self.assertIn(answer.status_code, (303, 404), (login, post))
                if answer.status_code == 303:
                    self.assertIn("/web/login", answer.headers["Location"])
            self.assertNotIn(self.case.name, self._get("").text)
        self.assertEqual(self.case.state, "accepted")
        self.assertEqual(self.case.declaration_ids, self.declared)
        # who is no lawyer and no agency sees no page at all
        self.authenticate("debitore", "debitore")
        for path in ("", "/upload", "/template.xlsx"):
            self.assertEqual(self._get(path).status_code, 404, path)

    def test_ids_of_others_within_the_own_case(self):
        self.authenticate("agenzia", "agenzia")
        base = f"/{self.case.id}"
        other = self.env["ir.attachment"].create({"name": "x", "raw": b"secret"})
        for path in (
            f"{base}/bill/{self.theirs.line_ids.id}",
            f"{base}/document/{other.id}",
            f"{base}/document/{self.bill.message_main_attachment_id.id}",
            f"/{self.theirs.id}",
        ):
            self.assertEqual(self._get(path).status_code, 404, path)
        self.case._close("recalled", "Enough")
        for path in self._paths(self.case, self.declared.attachment_id):
            self.assertEqual(self._get(path).status_code, 404, path)

    def test_acts(self):
        case, _bill = self._case_of(self.agency, accepted=False, number=3)
        self.authenticate("agenzia", "agenzia")
        base = f"/{case.id}"
        answer = self._post(f"{base}/refuse", reason=" ")
        self.assertIn('role="alert"', answer.text)
        self._post("/accept")
        self.assertEqual(case.state, "accepted")
        today = str(case.company_id._creditbox_today())
        kind = self.env.ref("creditbox_legal.activity_type_call").id
        self._post(
            f"{base}/activity",
            files={"file": ("nota.pdf", PDF)},
            **{"type_id": kind, "date": today, "note": "Spoken to", "cost": "1,50"},
        )
        self.assertEqual(case.activity_line_ids.cost, 1.5)
        self.assertTrue(case.activity_line_ids.attachment_ids)
        form = {"amount": "20,00", "date": today, "channel": "cash"}
        for wrong in (
            {"amount": "x"},
            {"date": "x"},
            {"channel": "x"},
            {"amount": "1e9"},
        ):
            answer = self._post(f"{base}/collection", **{**form, **wrong})
            self.assertIn('role="alert"', answer.text, wrong)
        answer = self._post(
            f"{base}/collection", files={"file": ("x.pdf", b"MZ")}, **form
        )
        self.assertIn("Only PDF", answer.text)
        self.assertFalse(case.declaration_ids)
        self._post(f"{base}/collection", files={"file": ("x.pdf", PDF)}, **form)
        self.assertEqual(case.declaration_ids.amount, 20)
        self._post(f"{base}/message", text="Good morning")
        self.assertIn("Good morning", self._get(base).text)

    def test_file(self):
        self.authenticate("agenzia", "agenzia")
        today = self.case.company_id._creditbox_today()
        names = (self.case.name, self.theirs.name)
        rows = "case;amount;date\n" + "".join(f"{name};5;{today}\n" for name in names)
        answer = self._post("/upload", files={"file": ("a.csv", rows.encode())})
        upload = re.search(r"upload=(\d+)", answer.headers["Location"])[1]
        self.assertIn("1 taken, 1 refused", self._get(f"/upload?upload={upload}").text)
        refused = self._get(f"/upload/{upload}/refused.xlsx")
        cells = list(load_workbook(io.BytesIO(refused.content)).active.values)
        self.assertEqual(cells[1][0], self.theirs.name)
        self.assertFalse(self.theirs.declaration_ids)
        self.authenticate("rivale", "rivale")
        self.assertEqual(self._get(f"/upload/{upload}/refused.xlsx").status_code, 404)
        self.assertNotIn("taken,", self._get(f"/upload?upload={upload}").text)
