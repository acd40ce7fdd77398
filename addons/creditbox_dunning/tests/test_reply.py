from email.message import EmailMessage

from odoo.tests import TransactionCase, freeze_time, tagged
from odoo.tools import mute_logger

from ..tools import autoreply
from .common import DunningCommon
from .smtp_server import smtp_server

MAIL_LOG = "odoo.addons.mail.models.mail_thread"


@tagged("post_install", "-at_install")
class TestAutoreply(TransactionCase):
    def test_who_has_answered(self):
        for headers, automatic in [
            ({}, False),
            ({"Subject": "Re: Unpaid bills"}, False),
            ({"Auto-Submitted": "no"}, False),
            ({"Auto-Submitted": "auto-replied; owner-email=x"}, True),
            ({"Auto-Submitted": "auto-generated"}, True),
            ({"Precedence": "Bulk"}, True),
            ({"X-Autoreply": "yes"}, True),
            ({"Subject": "Automatic reply: Unpaid bills"}, True),
            ({"Subject": "R: Fuori ufficio: bollette"}, True),
            ({"Subject": "Risposta automatica: sollecito"}, True),
            ({"Subject": "Ho trovato una risposta automatica"}, False),
        ]:
            with self.subTest(headers=headers):
                self.assertIs(autoreply.is_automatic(headers), automatic)

    def test_bare_subject(self):
        for subject, bare in [
            ("Re: R: Unpaid  bills", "Unpaid bills"),
            ("RE[2]: FW: bills", "bills"),
            ("POSTA CERTIFICATA: Re: bills", "bills"),
            ("Reminder: bills", "Reminder: bills"),
            (None, ""),
        ]:
            with self.subTest(subject=subject):
                self.assertEqual(autoreply.bare_subject(subject), bare)


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30 10:00:00")
class TestReply(DunningCommon):
    """A customer answers a reminder: the operator of the position learns it."""

    def setUp(self):
        super().setUp()
        server = smtp_server(self.env)
        self.inbox = server.__enter__()
        self.addCleanup(server.__exit__, None, None, None)
        self.company.email = "credit@acque.example"
        self.operator = self._user("operator")
        self.supervisor = self._user("supervisor")
        self._bill(100, 40)
        self.action = self._execute()
        self.position = self.action.position_id

    def _execute(self):
        actions = super()._execute()
        self.env["mail.mail"]._creditbox_process_queue()
        return actions

    @mute_logger(MAIL_LOG)
    def _answer(self, number=1, text="I have paid yesterday", to=None, **headers):
        sent = self.inbox.messages()[0]
        mail = EmailMessage()
        mail["From"] = "Mario Rossi <rossi@example.com>"
        mail["To"] = "credit@acque.example"
        mail["Subject"] = headers.pop("subject", f"Re: {sent['Subject']}")
        mail["Message-Id"] = f"<answer{number}@example.com>"
        mail["In-Reply-To"] = to or sent["Message-Id"]
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        threads = self.env["mail.thread"].sudo()
        threads.message_process("mail.thread", mail.as_bytes())
        return self.position.activity_ids

    def test_the_operator_gets_an_activity(self):
        self.position.user_id = self.operator
        activity = self._answer()
        self.assertEqual(activity.user_id, self.operator)
        self.assertEqual(activity.summary, "Reply from customer: Unpaid bills of W1")
        self.assertIn("paid yesterday", activity.note)
        self.assertEqual(str(activity.date_deadline), "2026-06-30")
        messages = self.customer.message_ids.filtered(lambda m: "yesterday" in m.body)
        self.assertEqual(messages.message_type, "email")

    def test_once_a_thread_until_done(self):
        first = self._answer(1)
        self.assertEqual(self._answer(2), first)
        self.assertEqual(self._answer(3, to="<answer2@example.com>"), first)
        self.assertEqual(len(self._answer(4, subject="Another thing")), 2)
        first.action_done()
        again = self._answer(5).filtered(lambda a: "Unpaid" in a.summary)
        self.assertEqual(len(again), 1)

    def test_who_gets_it(self):
        other = self.setup_other_company()["company"]
        stranger = self._user("operator", other)
        reader = self._user("reader")
        leaver = self._user("manager")
        leaver.active = False
        run = self.action.run_id
        cases = [
            (stranger, reader, self.supervisor),  # neither may answer
            (leaver, self.operator, self.operator),
            (self.operator, self.supervisor, self.operator),
        ]
        for number, (follows, made, right) in enumerate(cases):
            with self.subTest(number):
                self.position.activity_ids.unlink()
                self.position.sudo().user_id = follows
                self.env.cr.execute(
                    "UPDATE creditbox_run SET create_uid = %s WHERE id = %s",
                    [made.id, run.id],
                )
                run.invalidate_recordset()
                self.assertEqual(self._answer(number).user_id, right)

    def test_programs_get_no_activity(self):
        self.assertFalse(self._answer(1, Auto_Submitted="auto-replied"))
        self.assertFalse(self._answer(2, subject="Risposta automatica: bollette"))
        bodies = "".join(self.customer.message_ids.mapped("body"))
        self.assertEqual(bodies.count("paid yesterday"), 2)  # kept all the same

    def test_the_text_is_shown_as_text(self):
        activity = self._answer(
            text="<b>bold</b> <script>alert(1)</script>" + "x" * 999
        )
        self.assertNotIn("<script>", activity.note)
        self.assertLess(len(activity.note), 700)

    def test_the_position_of_the_reminder(self):
        """Of two supplies, the one that the reminder was about."""
        second = self._supply(self.customer, "W2")
        self._bill(100, 40, second)
        self.inbox.received.clear()
        action = self._execute()
        self._answer()
        self.assertTrue(action.position_id.activity_ids)
        self.assertFalse(self.position.activity_ids)
