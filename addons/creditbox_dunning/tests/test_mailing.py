import base64
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from ..models import creditbox_mailing
from .common import DunningCommon
from .smtp_server import smtp_server

MAIL_LOG = "odoo.addons.mail.models.mail_mail"


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30 10:00:00")
class TestMailing(DunningCommon):
    """One text to the customers of a list of positions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("it_IT")
        cls.company.email = "credit@acque.example"
        cls.operator = cls._user("operator")
        cls.customer.lang = "en_US"
        cls.verdi = cls._customer("Verdi", lang="it_IT")
        cls.bill = cls._bill(100, 40)
        cls._bill(250, 40, cls._supply(cls.verdi, "W2"))
        cls.positions = (cls.customer + cls.verdi).creditbox_position_ids

    def setUp(self):
        super().setUp()
        server = smtp_server(self.env)
        self.inbox = server.__enter__()
        self.addCleanup(server.__exit__, None, None, None)

    def _mailing(self, positions=None, user=None, **values):
        positions = (positions or self.positions).with_user(user or self.operator)
        domain = [("amount_overdue", ">", 0)]
        action = positions.with_context(
            active_domain=domain
        ).action_write_to_customers()
        mailing = positions.env["creditbox.mailing"].browse(action["res_id"])
        mailing.write(
            {
                "subject": "About {{ supply }}",
                "body": "<p>Dear {{ customer_name }}, {{ amount }}</p>",
                **values,
            }
        )
        return mailing

    def _release(self, mailing):
        """Release it, and let the job write the e-mails."""
        mailing.action_send()
        while mailing.recipient_ids.filtered(lambda r: r.state == "waiting"):
            mailing._send_next()
        self.env.flush_all()

    def _leave(self):
        """Let Odoo's own queue send."""
        with self.enter_registry_test_mode():
            self.env["mail.mail"].process_email_queue()
        self.env.invalidate_all()

    def _received(self):
        return {to[0]: message for _sender, to, message in self.inbox.received}

    def _states(self, mailing):
        return mailing.recipient_ids.mapped("state")

    # ------------------------------------------------------------------
    # who gets what
    # ------------------------------------------------------------------
    def test_to_each_customer(self):
        mailing = self._mailing()
        self._release(mailing)
        self.assertEqual(mailing.state, "sending")
        self._leave()
        received = self._received()
        self.assertEqual(set(received), {"rossi@example.com", "verdi@example.com"})
        rossi, verdi = received["rossi@example.com"], received["verdi@example.com"]
        self.assertEqual(rossi["Subject"], "About W1")
        self.assertIn("100.00", rossi.as_string())
        self.assertNotIn("Verdi", rossi.as_string())
        self.assertIn("250,00", verdi.get_body(("html",)).get_content())
        self.assertEqual(self._states(mailing), ["done", "done"])
        self.assertEqual((mailing.state, mailing.done_count), ("done", 2))
        self.assertEqual(mailing.sent_by_id, self.operator)
        self.assertIn("amount_overdue", mailing.criteria)
        # it is in the customer's notes, and no step of the action table
        message = mailing.recipient_ids[0].message_id
        self.assertIn(message, self.customer.message_ids)
        self.assertFalse(self.env["creditbox.action"].search([]))

    def test_a_text_of_the_house_in_each_language(self):
        self.template.with_context(lang="it_IT").subject = "Bollette di {{ supply }}"
        mailing = self._mailing(template_id=self.template.id, subject=False, body=False)
        self._release(mailing)
        self._leave()
        subjects = {to: m["Subject"] for to, m in self._received().items()}
        self.assertEqual(subjects["rossi@example.com"], "Unpaid bills of W1")
        self.assertEqual(subjects["verdi@example.com"], "Bollette di W2")

    def test_attachments(self):
        file = (
            self.env["ir.attachment"]
            .with_user(self.operator)
            .create({"name": "leaflet.pdf", "raw": b"%PDF-1.4 leaflet"})
        )
        mailing = self._mailing(attachment_ids=[Command.set(file.ids)])
        self._release(mailing)
        self._leave()
        for message in self._received().values():
            [part] = message.iter_attachments()
            self.assertEqual(part.get_content(), b"%PDF-1.4 leaflet")
        with (
            patch.object(creditbox_mailing, "MAX_ATTACHMENTS", 5),
            self.assertRaisesRegex(ValidationError, "too large"),
        ):
            self._mailing(attachment_ids=[Command.set(file.ids)])

    def test_nobody_elses_file(self):
        file = self.env["ir.attachment"].create(
            {
                "name": "secret",
                "datas": base64.b64encode(b"secret"),
                "res_model": "ir.mail_server",
                "res_id": self.env["ir.mail_server"].search([], limit=1).id,
            }
        )
        with self.assertRaises(AccessError):
            self._mailing(attachment_ids=[Command.set(file.ids)])

    # ------------------------------------------------------------------
    # who gets none
    # ------------------------------------------------------------------
    def test_who_has_paid_before_it_is_written(self):
        mailing = self._mailing()
        self._pay(100, self.bill)
        self._release(mailing)
        self.assertEqual(self._states(mailing), ["skipped", "queued"])
        self.assertIn("Nothing is overdue", mailing.recipient_ids[0].reason)

    def test_who_pays_while_it_waits(self):
        mailing = self._mailing()
        self._release(mailing)
        message = mailing.recipient_ids[0].message_id
        self._pay(100, self.bill)
        self._leave()
        self.assertEqual(set(self._received()), {"verdi@example.com"})
        self.assertEqual(self._states(mailing), ["skipped", "done"])
        self.assertNotIn(message, self.customer.message_ids)
        self.assertEqual(mailing.state, "done")

    def test_part_payment_changes_the_text(self):
        mailing = self._mailing()
        self._release(mailing)
        self._pay(60, self.bill)
        self._leave()
        self.assertIn("40.00", self._received()["rossi@example.com"].as_string())

    def test_not_about_the_debt(self):
        mailing = self._mailing(about_debt=False, body="<p>Our office has moved</p>")
        self._pay(100, self.bill)
        self._release(mailing)
        self._leave()
        self.assertEqual(len(self.inbox.received), 2)

    def test_without_address_or_unwanted(self):
        self.customer.email = False
        self.verdi.creditbox_no_email = True
        mailing = self._mailing()
        self.assertEqual(mailing.without_address_count, 2)
        self._release(mailing)
        self.assertEqual(self._states(mailing), ["skipped", "skipped"])
        self.assertEqual(mailing.recipient_ids[0].reason, "No address")
        self.assertIn("wants no", mailing.recipient_ids[1].reason)
        self.assertEqual(mailing.state, "done")

    def test_refused_while_it_waits(self):
        mailing = self._mailing()
        self._release(mailing)
        self.env["mail.blacklist"]._add("verdi@example.com")
        self._leave()
        self.assertEqual(self._states(mailing), ["done", "skipped"])

    def test_one_a_customer_where_the_text_is_the_same(self):
        self._bill(30, 40, self._supply(self.customer, "W3"))
        positions = self.customer.creditbox_position_ids
        same = self._mailing(
            positions, subject="Hours", body="<p>{{ company_name }}</p>"
        )
        self._release(same)
        self.assertEqual(sorted(self._states(same)), ["queued", "skipped"])
        different = self._mailing(positions)
        self._release(different)
        self.assertEqual(self._states(different), ["queued", "queued"])

    @mute_logger(MAIL_LOG)
    def test_a_refused_address(self):
        self.inbox.answers["rossi@example.com"] = "550 5.1.1 no such user"
        mailing = self._mailing()
        self._release(mailing)
        self._leave()
        self.assertEqual(self._states(mailing), ["failed", "done"])
        self.assertTrue(mailing.recipient_ids[0].reason)
        self.assertEqual(mailing.state, "done")

    def test_red_light(self):
        """While nobody knows who has paid, nothing about the debt leaves."""
        companies = self.env.registry["res.company"]
        red = patch.object(companies, "_creditbox_feed_problems", lambda _c: ["late"])
        mailing, queued = self._mailing(), self._mailing()
        self._release(queued)
        news = self._mailing(about_debt=False, subject="News")
        with red:
            with self.assertRaisesRegex(UserError, "late"):
                mailing.action_send()
            self._release(news)
            self._leave()
            subjects = {m["Subject"] for m in self.inbox.messages()}
            self.assertEqual(subjects, {"News"})
            self.assertEqual(self._states(queued), ["queued", "queued"])
        self._leave()
        self.assertEqual(self._states(queued), ["done", "done"])

    # ------------------------------------------------------------------
    # the record of it
    # ------------------------------------------------------------------
    def test_preview(self):
        mailing = self._mailing()
        with Form(mailing) as form:
            self.assertEqual(form.preview_subject, "About W1")
            self.assertIn("100.00", form.preview_body)
            form.subject = "News for {{ customer_name }}"
            self.assertEqual(form.preview_subject, "News for Rossi")
            form.subject = "{{ nonsense }}"
            self.assertIn("nonsense", form.preview_body)
            form.subject = "Right again"

    def test_faulty_texts_are_not_released(self):
        for values in (
            {"subject": "{{ nonsense }}"},
            {"subject": False},
            {"body": False},
            {"body": "<p>{{ customer_name</p>"},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self._mailing(**values).action_send()

    def test_cancel(self):
        mailing = self._mailing()
        self._release(mailing)
        mailing.action_cancel()
        self._leave()
        self.assertFalse(self.inbox.received)
        self.assertEqual(self._states(mailing), ["skipped", "skipped"])
        self.assertEqual(mailing.state, "cancelled")

    def test_what_was_released_stays(self):
        mailing = self._mailing()
        mailing.action_send()
        with self.assertRaises(UserError):
            mailing.action_send()
        with self.assertRaises(UserError):
            mailing.subject = "Another"
        with self.assertRaises(UserError):
            mailing.unlink()
        with self.assertRaises(UserError):
            mailing.recipient_ids[0].unlink()

    def test_a_lost_job_is_taken_up(self):
        mailing = self._mailing()
        mailing.action_send()
        jobs = self.env["queue.job"].sudo().search([("method_name", "=", "_send_next")])
        jobs.unlink()
        self.env["creditbox.mailing"]._cron_resume()
        jobs = self.env["queue.job"].sudo().search([("method_name", "=", "_send_next")])
        self.assertEqual(len(jobs), 1)
        mailing._send_next()
        mailing._send_next()  # again is no harm
        self._leave()
        self.assertEqual(len(self.inbox.received), 2)

    def test_rights(self):
        mailing = self._mailing()
        reader = self._user("reader")
        self.assertTrue(mailing.with_user(reader).preview_subject)
        with self.assertRaises(AccessError):
            mailing.with_user(reader).action_send()
        with self.assertRaises(AccessError):
            self.positions.with_user(reader).action_write_to_customers()
        for values in ({"state": "done"}, {"date_sent": fields.Datetime.now()}):
            with self.assertRaises(AccessError):
                mailing.write(values)
        with self.assertRaises(AccessError):
            mailing.recipient_ids.write({"state": "done"})
        with self.assertRaises(AccessError):
            mailing.recipient_ids.create(
                {
                    "mailing_id": mailing.id,
                    "position_id": self.positions[0].id,
                    "state": "done",
                }
            )

    def test_companies(self):
        mailing = self._mailing()
        other = self.setup_other_company()["company"]
        stranger = self._user("administrator", other)
        for model in ("creditbox.mailing", "creditbox.mailing.recipient"):
            self.assertFalse(self.env[model].with_user(stranger).search([]))
        bianchi = self._customer("Bianchi", company=other)
        foreign = (
            self.env["creditbox.position"]
            .sudo()
            .create({"partner_id": bianchi.id, "company_id": other.id})
        )
        with self.assertRaisesRegex(UserError, "one company"):
            (self.positions + foreign).action_write_to_customers()
        with self.assertRaises(UserError):
            mailing.sudo().recipient_ids = [Command.create({"position_id": foreign.id})]

    def test_queries_do_not_grow_with_the_recipients(self):
        counts = []
        for number in (3, 12):
            positions = self.env["creditbox.position"]
            for place in range(number):
                name = f"c{number}x{place}"
                supply = self._supply(self._customer(name, lang="en_US"), name)
                self._bill(100, 40, supply)
                positions += supply.partner_id.creditbox_position_ids
            mailing = self._mailing(positions)
            mailing.action_send()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            mailing._send_next()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)

    def test_an_answer_goes_to_who_has_written(self):
        mailing = self._mailing()
        self._release(mailing)
        self._leave()
        message = mailing.recipient_ids[0].message_id
        position, made_by = self.env["creditbox.position"]._answered(
            self.customer, message
        )
        self.assertEqual(position, self.customer.creditbox_position_ids)
        self.assertEqual(made_by, self.operator)
