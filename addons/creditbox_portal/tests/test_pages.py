from datetime import timedelta
from unittest.mock import patch

from odoo.fields import Command
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from odoo.addons.mail.models.mail_template import MailTemplate

from .common import PDF, PortalCommon, png

LISTS = (
    "/my/bills",
    "/my/supplies",
    "/my/payments",
    "/my/statement",
    "/my/overdue",
    "/my/contact",
    "/my/declare",
)


class PagesCommon(PortalCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill = cls._bill_now(100, 20)
        cls.theirs = cls._bill_now(77.77, 20, cls.neighbour_supply)
        cls._pdf_of(cls.bill)
        cls._pdf_of(cls.theirs, b"%PDF-1.4 of the neighbour\n%%EOF")

    def _get(self, path, user="rossi", **options):
        self.authenticate(user, user)  # None: nobody
        return self.url_open(path, allow_redirects=False, **options)

    def _post(self, path, data, files=None, user="rossi"):
        self.authenticate(user, user)
        data = {"csrf_token": Request.csrf_token(self), **data}
        return self.url_open(path, data=data, files=files, allow_redirects=False)


@tagged("creditbox", "post_install", "-at_install")
class TestPages(PagesCommon):
    # ------------------------------------------------------------------
    # whose pages
    # ------------------------------------------------------------------
    def test_everything_asks_who_it_is(self):
        own = (f"/my/supplies/{self.supply.id}",)
        for path in (*LISTS, *own):
            with self.subTest(path=path):
                answer = self._get(path, user=None)
                self.assertEqual(answer.status_code, 303)
                self.assertIn("/web/login", answer.headers["Location"])
        for path in (f"/my/bills/{self.bill.id}", f"/my/bills/{self.bill.id}/pdf"):
            with self.subTest(path=path):
                self.assertEqual(self._get(path, user=None).status_code, 404)

    def test_the_neighbours_ids(self):
        theirs = self.env["creditbox.payment.declaration"].sudo()
        theirs = self._declare(self.theirs, self.neighbour_user)
        stranger = self._customer("Terzo", self.company_b)
        paths = [
            f"/my/bills/{self.theirs.id}",
            f"/my/bills/{self.theirs.id}/pdf",
            f"/my/supplies/{self.neighbour_supply.id}",
            f"/my/supplies/{self.stranger_supply.id}",
            f"/my/statement/{self.neighbour.id}/{self.company.id}.pdf",
            f"/my/statement/{self.neighbour.id}/{self.company.id}.xlsx",
            f"/my/statement/{stranger.id}/{self.company_b.id}.pdf",
            f"/my/statement/{self.customer.id}/{self.company_b.id}.pdf",
            f"/my/statement/{self.customer.id}/{self.company.id}.exe",
            f"/web/content/{theirs.attachment_id.id}",
            f"/web/content/{self.theirs.message_main_attachment_id.id}",
            f"/web/content/creditbox.meter.reading/{self._reading().id}/photo",
            "/my/bills/999999999",
            "/my/supplies/999999999",
        ]
        for path in paths:
            with self.subTest(path=path):
                answer = self._get(path)
                self.assertIn(answer.status_code, (403, 404))
                self.assertNotIn("Bianchi", answer.text)
                self.assertNotIn("neighbour", answer.text)

    def _reading(self):
        return self.env["creditbox.meter.reading"].create(
            {
                "meter_id": self.neighbour_supply.meter_id.id,
                "value": 1,
                "photo": "iVBORw0KGgo=",
            }
        )

    def test_another_customer_is_not_chosen_by_its_id(self):
        for path in LISTS:
            with self.subTest(path=path):
                answer = self._get(f"{path}?customer={self.neighbour.id}")
                self.assertEqual(answer.status_code, 200)
                for secret in ("Bianchi", self.theirs.creditbox_ref, "77.77", "W2"):
                    self.assertNotIn(secret, answer.text)

    def test_posts_on_the_neighbours_ids(self):
        reading = f"/my/supplies/{self.neighbour_supply.id}/reading"
        self.assertEqual(self._post(reading, {"value": "10"}).status_code, 404)
        self.assertFalse(self.neighbour_supply.meter_id.reading_ids)
        answer = self._declare_by_page(bills=[self.bill.id, self.theirs.id])
        self.assertEqual(answer.status_code, 404)
        self._post(
            "/my/contact/send", {"customer": self.neighbour.id, "phone": "02 123456"}
        )
        asked = self.env["creditbox.contact.request"].search([])
        self.assertNotIn(self.neighbour, asked.partner_id)

    def test_a_post_needs_its_token(self):
        self.authenticate("rossi", "rossi")
        answer = self.url_open(
            f"/my/supplies/{self.supply.id}/reading", data={"value": "10"}
        )
        self.assertEqual(answer.status_code, 400)

    def test_the_token_opens_one_bill(self):
        token = self.bill._portal_ensure_token()
        answer = self._get(f"/my/bills/{self.bill.id}?access_token={token}", user=None)
        self.assertEqual(answer.status_code, 200)
        self.assertIn(self.bill.creditbox_ref, answer.text)
        self.assertNotIn("/my/declare", answer.text)
        pdf = self._get(f"/my/bills/{self.bill.id}/pdf?access_token={token}", user=None)
        self.assertEqual(pdf.content, PDF)
        for other in (self.theirs, self._bill_now(5)):
            answer = self._get(f"/my/bills/{other.id}?access_token={token}", user=None)
            self.assertEqual(answer.status_code, 404)

    def test_drafts_and_bills_from_suppliers_are_no_bills(self):
        draft = self.bill.copy()
        purchase = self.init_invoice("in_invoice", partner=self.customer, post=True,
                                     products=self.product_a)  # fmt: skip
        for move in (draft, purchase):
            self.assertEqual(self._get(f"/my/bills/{move.id}").status_code, 404)

    # ------------------------------------------------------------------
    # what they show
    # ------------------------------------------------------------------
    def test_each_page_opens(self):
        self._pay(30, customer=self.customer)
        for path in LISTS:
            with self.subTest(path=path):
                answer = self._get(path)
                self.assertEqual(answer.status_code, 200)
                self.assertEqual(answer.text.count("<h1"), 1)

    def test_states_in_plain_words(self):
        paid = self._bill_now(11, 5)
        self._pay(11, paid)
        self._bill_now(12, -5)
        held = self._bill_now(13, 6)
        self._declare(held)
        self._bill_now(14, 0, credit_note=True)
        text = self._get("/my/bills").text
        for words in (
            *("Paid", "To pay", "Past due", "On hold until", "in your favour"),
            "we are checking the payment that you told us about",
        ):
            with self.subTest(words=words):
                self.assertIn(words, text)
        only = self._get("/my/bills?filterby=overdue").text
        self.assertIn(self.bill.creditbox_ref, only)
        self.assertNotIn(paid.creditbox_ref, only)
        for sortby in ("date", "due", "open", "no such order"):
            self.assertEqual(self._get(f"/my/bills?sortby={sortby}").status_code, 200)

    def test_pages_of_a_long_list(self):
        for number in range(25):
            self._bill_now(10 + number, 30 + number)
        first, second = self._get("/my/bills").text, self._get("/my/bills/page/2").text
        self.assertIn("Page 1 of 2", " ".join(first.split()))
        self.assertNotIn(self.bill.creditbox_ref, second)

    def test_the_bill_with_its_code_and_pdf(self):
        self.bill.creditbox_payment_code = "301000000000000018"
        text = self._get(f"/my/bills/{self.bill.id}").text
        self.assertIn("301000000000000018", text)
        self.assertIn('aria-label="QR code of the payment"', text)
        answer = self._get(f"/my/bills/{self.bill.id}/pdf")
        self.assertEqual((answer.status_code, answer.content), (200, PDF))
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        without = self._bill_now(5)
        self.assertNotIn("/pdf", self._get(f"/my/bills/{without.id}").text)
        self.assertEqual(self._get(f"/my/bills/{without.id}/pdf").status_code, 404)

    def test_payments_and_the_bills_they_paid(self):
        self._pay(40, self.bill)
        self._pay(15, customer=self.customer)
        text = self._get("/my/payments").text
        self.assertIn(self.bill.creditbox_ref, text)
        self.assertIn("Not assigned yet", text)

    def test_statement_files(self):
        base = f"/my/statement/{self.customer.id}/{self.company.id}"
        self.assertTrue(self._get(f"{base}.pdf").content.startswith(b"%PDF-"))
        self.assertTrue(self._get(f"{base}.xlsx").content.startswith(b"PK"))

    def test_counters_of_the_home_page(self):
        self.authenticate("rossi", "rossi")
        names = ["overdue", "bill", "supply", "payment"]
        counters = [f"creditbox_{name}_count" for name in names]
        found = self.make_jsonrpc_request(
            "/my/counters", {"counters": [*counters, "overdue_invoice_count"]}
        )
        self.assertEqual([found[name] for name in counters], [1, 1, 1, 0])
        self.assertEqual(found["overdue_invoice_count"], 0)

    def test_a_delegate_chooses_the_customer(self):
        self.env["creditbox.portal.delegate"].create(
            [
                {
                    "user_id": self.user.id,
                    "partner_id": self.neighbour.id,
                    "company_id": self.company.id,
                    "date_to": self.today,
                    "reason": "Mandate",
                }
            ]
        )
        both = self._get("/my/bills").text
        one = self._get(f"/my/bills?customer={self.neighbour.id}").text
        for text, seen in ((both, True), (one, False)):
            self.assertIn(self.theirs.creditbox_ref, text)
            self.assertEqual(self.bill.creditbox_ref in text, seen)
        self.assertEqual(self._get(f"/my/bills/{self.theirs.id}").status_code, 200)
        text = self._get(f"/my/contact?customer={self.neighbour.id}").text
        self.assertIn("bianchi@example.com", text)

    # ------------------------------------------------------------------
    # what they send
    # ------------------------------------------------------------------
    def _declare_by_page(self, content=PDF, name="../ricevuta.exe", **data):
        values = {
            "bills": [self.bill.id],
            "amount": "1.100,50",
            "date_paid": self.today.isoformat(),
            "method": "transfer",
            **data,
        }
        files = {"receipt": (name, content)} if content else None
        return self._post("/my/declare/send", values, files)

    def test_declare(self):
        answer = self._declare_by_page()
        self.assertEqual(answer.headers.get("Location", "").split("?")[0][-12:],
                         "/my/payments")  # fmt: skip
        declaration = self.env["creditbox.payment.declaration"].search([])
        self.assertEqual((declaration.amount, declaration.user_id), (1100.5, self.user))
        self.assertEqual(declaration.attachment_id.name, "ricevuta.pdf")
        text = self._get("/my/payments?sent=1").text
        self.assertIn("on hold until", text)
        again = self._declare_by_page()
        self.assertIn("already told us", again.text)

    def test_declare_with_something_wrong(self):
        for data, words in (
            ({"content": b"<svg onload=x()>"}, "Only PDF, JPG and PNG"),
            ({"content": None}, "Add the file"),
            ({"content": b"%PDF-" + b"x" * 5_300_000}, "too large"),
            ({"amount": "much"}, "how much"),
            ({"amount": "inf"}, ""),
            ({"date_paid": "yesterday"}, "the day"),
            ({"method": "barter"}, "how you paid"),
            ({"bills": []}, "Choose the bills"),
        ):
            with self.subTest(data=str(data)[:60]):
                answer = self._declare_by_page(**data)
                self.assertEqual(answer.status_code, 200)
                self.assertIn("Not sent.", answer.text)
                self.assertIn(words, answer.text)
        self.assertFalse(self.env["creditbox.payment.declaration"].search([]))

    def test_send_a_reading(self):
        path = f"/my/supplies/{self.supply.id}/reading"
        answer = self._post(path, {"value": "9000"})
        self.assertEqual(answer.status_code, 303)  # nothing known: nothing to doubt
        reading = self.supply.meter_id.reading_ids
        self.assertEqual((reading.value, reading.source), (9000, "customer"))
        self.assertIn("already sent", self._post(path, {"value": "9001"}).text)
        reading.date -= timedelta(days=1)
        self.assertIn("I have looked again", self._post(path, {"value": "90000"}).text)
        files = {"photo": ("a.png", PDF)}
        answer = self._post(path, {"value": "9010"}, files)
        self.assertIn("must be a JPG or PNG", answer.text)
        files = {"photo": ("a.png", png())}
        self.assertEqual(self._post(path, {"value": "9010"}, files).status_code, 303)
        self.assertIn("Write the figure", self._post(path, {"value": "x"}).text)

    def test_ask_for_changed_data(self):
        page = self._get("/my/contact").text
        self.assertIn("rossi@example.com", page)
        data = {"email": "nuovo@example.com", "email_reminders": "1"}
        answer = self._post("/my/contact/send", data)
        self.assertEqual(answer.status_code, 303)
        asked = self.env["creditbox.contact.request"].search([])
        self.assertEqual(asked.line_ids.mapped("name"), ["email"])
        wrong = self._post("/my/contact/send", {**data, "email": "wrong"})
        self.assertIn("Not sent.", wrong.text)
        self.assertIn('value="wrong"', wrong.text)

    def test_odoos_own_pages_do_not_change_contact_data(self):
        for path in ("/my/account", "/my/addresses", "/my/address"):
            with self.subTest(path=path):
                answer = self._get(path)
                self.assertEqual(answer.status_code, 303)
                self.assertIn("/my/contact", answer.headers["Location"])
        data = {"partner_id": self.customer.id, "email": "other@example.com"}
        self.assertEqual(self._post("/my/address/submit", data).status_code, 403)
        self.assertEqual(self.customer.email, "rossi@example.com")

    # ------------------------------------------------------------------
    # speed
    # ------------------------------------------------------------------
    def test_queries_do_not_grow(self):
        counted = {}
        for number in (3, 12):
            for place in range(number):
                supply = self._supply(self.customer, f"S{number}-{place}")
                bill = self._bill_now(10 + place, 20, supply)
                self._pay(1, bill)
            for path in ("/my/bills", "/my/payments", "/my/supplies", "/my/overdue"):
                self._get(path)  # caches
                with self.subTest(path=path):
                    counted.setdefault(path, []).append(self._queries(path))
        for path, (few, many) in counted.items():
            with self.subTest(path=path):
                self.assertLessEqual(many, few + 2)
                self.assertLess(many, 45)

    def _queries(self, path):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.url_open(path)
        return self.env.cr.sql_log_count - before

    # ------------------------------------------------------------------
    # invitations
    # ------------------------------------------------------------------
    def test_invited_in_the_own_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        guest = self._customer("Invitato", lang="it_IT")
        operator = self._user("operator")
        operator.lang = "en_US"
        self._bill_now(10, 20, self._supply(guest, "G1"))
        position = self.env["creditbox.position"].search(
            [("partner_id", "=", guest.id)]
        )
        action = position.with_user(operator).action_creditbox_portal_access()
        wizard = self.env[action["res_model"]].with_user(operator)
        row = wizard.browse(action["res_id"]).user_ids
        self.assertEqual(row.partner_id, guest)
        languages = []
        with patch.object(
            MailTemplate,
            "send_mail",
            lambda self, *_args, **_options: languages.append(self.env.lang),
        ):
            row.action_grant_access()
        self.assertEqual(languages, ["it_IT"])
        user = guest.user_ids
        self.assertEqual((user.lang, user.company_id), ("it_IT", self.company))
        self.assertTrue(user._is_portal())

    def test_companies_of_the_office(self):
        """The lists of the office hold the own company's customers only."""
        self._declare(self.bill)
        other = self._user("operator", self.company_b)
        other.company_ids = [Command.set(self.company_b.ids)]
        model = self.env["creditbox.payment.declaration"].with_user(other)
        self.assertFalse(model.search([]))
