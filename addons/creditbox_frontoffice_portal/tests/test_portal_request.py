from odoo.fields import Command
from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.creditbox_base.tests.files import PDF
from odoo.addons.creditbox_frontoffice.tests.common import FrontofficeCommon


@tagged("creditbox", "post_install", "-at_install")
class TestPortalRequest(FrontofficeCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rossi = cls.portal_user(cls.customer, "rossi")
        cls.verdi = cls.portal_user(cls.other, "verdi")
        cls.complaint = str(cls.procedure("complaint").id)

    @classmethod
    def portal_user(cls, partner, login):
        return new_test_user(
            cls.env,
            login=login,
            groups="base.group_portal",
            partner_id=partner.id,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def get(self, path, user="rossi"):
        self.authenticate(user, user)
        return self.url_open(path, allow_redirects=False)

    def post(self, path, data, files=None, user="rossi"):
        self.authenticate(user, user)
        data = {"csrf_token": Request.csrf_token(self), **data}
        return self.url_open(path, data=data, files=files, allow_redirects=False)

    def last(self):
        return self.env["helpdesk.ticket"].search([], order="id desc", limit=1)

    # ------------------------------------------------------------------
    def test_a_request_from_the_area(self):
        self.assertIn("What do you ask for?", self.get("/my/requests/new").text)
        answer = self.post(
            "/my/requests/send",
            {
                "procedure": self.complaint,
                "supply": str(self.supply.id),
                "text": "The bill is wrong <script>",
            },
            [("files", ("bill.pdf", PDF, "application/pdf"))],
        )
        ticket = self.last()
        self.assertTrue(
            answer.headers["Location"].endswith(f"/my/requests/{ticket.id}?sent=1")
        )
        self.assertEqual(ticket.partner_id, self.customer)
        self.assertEqual(ticket.creditbox_supply_id, self.supply)
        self.assertEqual(ticket.company_id, self.company)
        self.assertEqual(ticket.creditbox_milestone_ids.code, "request")
        self.assertEqual(ticket.attachment_ids.name, "bill.pdf")
        page = self.get(f"/my/requests/{ticket.id}").text
        self.assertNotIn("Tickets<", page)
        self.assertIn(ticket.creditbox_code, page)
        self.assertNotIn("<script>\n", page.partition("What you have")[2][:200])
        self.assertIn(ticket.creditbox_code, self.get("/my/requests").text)

    def test_nobody_elses(self):
        ticket = self.ask("complaint")
        self.step(ticket)
        self.step(
            ticket,
            part_complaint="A",
            part_checks="B",
            part_conclusions="C",
        )
        answer = ticket.creditbox_answer_ids
        paths = (
            f"/my/requests/{ticket.id}",
            f"/my/requests/{ticket.id}/answers/{answer.id}",
        )
        for path in paths:
            with self.subTest(path=path):
                self.assertEqual(self.get(path).status_code, 200)
                self.assertEqual(self.get(path, "verdi").status_code, 404)
        self.assertNotIn(ticket.creditbox_code, self.get("/my/requests", "verdi").text)
        foreign = self.post(
            "/my/requests/send",
            {
                "procedure": self.complaint,
                "supply": str(self.supply.id),
                "customer": str(self.customer.id),
                "text": "x",
            },
            user="verdi",
        )
        self.assertEqual(foreign.status_code, 404)

    def test_a_missing_document(self):
        ticket = self.ask("deactivation")
        document = ticket.sudo().creditbox_document_ids
        document.seen = False
        path = f"/my/requests/{ticket.id}/documents"
        file = [("file", ("id.pdf", PDF, "application/pdf"))]
        data = {"document": str(document.id)}
        self.assertEqual(self.post(path, data, file, "verdi").status_code, 404)
        wrong = [("file", ("id.exe", b"MZ", "application/pdf"))]
        self.assertIn("PDF, JPG and PNG", self.post(path, data, wrong).text)
        self.assertFalse(document.received)
        self.assertEqual(self.post(path, data, file).status_code, 303)
        self.assertTrue(document.received)
        self.assertIn("id.pdf", ticket.message_ids[0].body)
        self.assertEqual(self.post(path, data, file).status_code, 404)

    def test_closing_on_the_helpdesk_page(self):
        ticket = self.ask("complaint")
        stage = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        path = f"/ticket/close?ticket_id={ticket.id}&stage_id={stage.id}"
        self.assertEqual(self.get(path, "verdi").status_code, 404)
        self.assertEqual(ticket.creditbox_state, "entered")
        self.get(path)
        self.assertEqual(ticket.creditbox_state, "withdrawn")

    def test_what_cannot_be_asked_for(self):
        for data, message in (
            ({"procedure": self.complaint, "text": " "}, "Write what you ask for"),
            ({"procedure": "0", "text": "x"}, "Choose what you ask for"),
            (
                {"procedure": str(self.procedure("payment").id), "text": "x"},
                "Choose what you ask for",
            ),
        ):
            with self.subTest(data=data):
                self.assertIn(message, self.post("/my/requests/send", data).text)
        refused = self.post(
            "/my/requests/send",
            {"procedure": self.complaint, "text": "x"},
            [("files", ("x.exe", b"MZ", "application/pdf"))],
        )
        self.assertIn("PDF, JPG and PNG", refused.text)

    # ------------------------------------------------------------------
    def test_the_public_form(self):
        self.assertIn("Requests and complaints", self.get("/requests", None).text)
        data = {
            "procedure": self.complaint,
            "company": str(self.company.id),
            "name": "Luca Neri",
            "email": "luca@example.com",
            "supply_code": "W1",
            "text": "No water",
        }
        answer = self.post("/requests/send", data, user=None)
        ticket = self.last()
        self.assertIn(ticket.creditbox_code, answer.text)
        self.assertEqual(ticket.company_id, self.company)
        self.assertEqual(ticket.partner_email, "luca@example.com")
        self.assertFalse(ticket.partner_id)
        self.assertIn("W1", ticket.description)
        for wrong in ({"name": ""}, {"email": "luca"}, {"text": ""}):
            with self.subTest(wrong=wrong):
                answer = self.post("/requests/send", {**data, **wrong}, user=None)
                self.assertIn("Not sent", answer.text)
        self.post("/requests/send", {**data, "website": "spam"}, user=None)
        self.assertEqual(self.last(), ticket)
