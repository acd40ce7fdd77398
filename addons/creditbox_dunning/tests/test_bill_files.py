from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from ..models import creditbox_bill_files
from .common import DunningCommon
from .smtp_server import smtp_server


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30 10:00:00")
class TestBillFiles(DunningCommon):
    """The bills that an e-mail is about, attached where its text asks for them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.email = "credit@acque.example"
        cls.template.attach_bills = True

    def setUp(self):
        super().setUp()
        server = smtp_server(self.env)
        self.inbox = server.__enter__()
        self.addCleanup(server.__exit__, None, None, None)

    def _with_pdf(self, bill, content, main=True, mimetype="application/pdf"):
        file = self.env["ir.attachment"].create(
            {
                "name": f"{bill.id}.pdf",
                "raw": content,
                "mimetype": mimetype,
                "res_model": "account.move",
                "res_id": bill.id,
                "res_field": False if main else "invoice_pdf_report_file",
            }
        )
        if main:
            bill.message_main_attachment_id = file
        return file

    def _send(self):
        """:return: {address: set of contents that are attached}"""
        self.env["mail.mail"]._creditbox_process_queue()
        return {
            to[0]: {part.get_content() for part in message.iter_attachments()}
            for _sender, to, message in self.inbox.received
        }

    def test_each_customer_gets_the_own_bills(self):
        verdi = self._customer("Verdi")
        self._with_pdf(self._bill(100, 40), b"%PDF-1.4 first")
        self._with_pdf(self._bill(50, 30), b"%PDF-1.4 second", main=False)
        self._with_pdf(self._bill(10, 3), b"%PDF-1.4 not yet ripe")
        other = self._bill(70, 40, self._supply(verdi, "W2"))
        self._with_pdf(other, b"%PDF-1.4 third")
        actions = self._execute()
        self.assertEqual(
            self._send(),
            {
                "rossi@example.com": {b"%PDF-1.4 first", b"%PDF-1.4 second"},
                "verdi@example.com": {b"%PDF-1.4 third"},
            },
        )
        bodies = actions.message_ids.mapped("body")
        self.assertFalse([body for body in bodies if "Not attached" in body])

    def test_what_is_missing_is_noted(self):
        missing = self._bill(100, 40)
        self._with_pdf(missing, b"<xml/>", mimetype="text/xml")
        self._with_pdf(self._bill(50, 30), b"%PDF-1.4 second")
        foreign = self._bill(30, 30)  # a file of another document is none of the bill
        foreign.message_main_attachment_id = missing.message_main_attachment_id
        action = self._execute()
        self.assertEqual(self._send(), {"rossi@example.com": {b"%PDF-1.4 second"}})
        [note] = [m.body for m in action.message_ids if "Not attached" in m.body]
        self.assertIn(missing.name, note)
        self.assertIn(foreign.name, note)

    def test_too_large(self):
        self._with_pdf(self._bill(100, 40), b"%PDF-1.4 first" * 20)
        self._with_pdf(self._bill(50, 30), b"%PDF-1.4 second")
        with patch.object(creditbox_bill_files, "MAX_BYTES", 100):
            action = self._execute()
        self.assertEqual(self._send(), {"rossi@example.com": {b"%PDF-1.4 second"}})
        self.assertIn("too large", " ".join(action.message_ids.mapped("body")))

    def test_a_bill_paid_in_between_is_not_attached(self):
        paid = self._bill(100, 40)
        self._with_pdf(paid, b"%PDF-1.4 first")
        self._with_pdf(self._bill(50, 30), b"%PDF-1.4 second")
        self._execute()
        self._pay(100, paid)
        self.assertEqual(self._send(), {"rossi@example.com": {b"%PDF-1.4 second"}})

    def test_nothing_unless_asked(self):
        self.template.attach_bills = False
        self._with_pdf(self._bill(100, 40), b"%PDF-1.4 first")
        action = self._execute()
        self.assertEqual(self._send(), {"rossi@example.com": set()})
        self.assertNotIn("attached", " ".join(action.message_ids.mapped("body")))

    def test_queries_do_not_grow(self):
        counts = []
        for number in (3, 12):
            for place in range(number):
                name = f"c{number}x{place}"
                supply = self._supply(self._customer(name, lang="en_US"), name)
                self._with_pdf(self._bill(100, 40, supply), b"%PDF-1.4 bill")
            run = self._run()
            run.action_approve()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            run.action_ids._execute()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 3)
