from datetime import timedelta
from unittest.mock import patch

from lxml import html

from odoo import fields
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.models.mail_mail import MailMail

from .common import DunningCommon
from .smtp_server import smtp_server

MAIL_LOG = "odoo.addons.mail.models.mail_mail"


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30")
class TestChannelEmail(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("it_IT")
        cls.company.email = "credit@acque.example"
        cls.customer.lang = "en_US"
        cls.template.with_context(
            lang="it_IT"
        ).subject = "Bollette non pagate di {{ supply }}"

    def setUp(self):
        super().setUp()
        server = smtp_server(self.env)
        self.inbox = server.__enter__()
        self.addCleanup(server.__exit__, None, None, None)

    def _send(self):
        self.env["mail.mail"]._creditbox_process_queue()

    def _later(self, minutes):
        self.env.flush_all()
        return freeze_time(fields.Datetime.now() + timedelta(minutes=minutes))

    def _rows(self, message):
        """Cells of all tables of the message."""
        body = message.get_body(("html",)).get_content()
        return [
            [" ".join(cell.text_content().split()) for cell in row.iter("td", "th")]
            for row in html.fromstring(body).iter("tr")
        ]

    def _pay_in_between(self, amount, bill):
        """A payment of which the dunning hooks learn nothing: only the gate is left."""
        evaluation = self.env.registry["creditbox.position"]
        with patch.object(evaluation, "_on_debt_changed", lambda *args: None):
            self._pay(amount, bill)

    # ------------------------------------------------------------------
    # what arrives
    # ------------------------------------------------------------------
    def test_each_mail_to_its_customer_in_the_language(self):
        self.customer.lang = "it_IT"
        verdi = self._customer("Verdi", lang="en_US")
        supply = self._supply(verdi, "W2")
        first = self._bill(100, 40)
        second = self._bill(1250.5, 30)
        third = self._bill(70, 30, supply)
        actions = self._execute()
        self.assertEqual(set(actions.mapped("state")), {"sending"})
        self._send()
        self.assertEqual(set(actions.mapped("state")), {"done"})
        received = {to[0]: message for _sender, to, message in self.inbox.received}
        self.assertEqual(set(received), {"rossi@example.com", "verdi@example.com"})
        rossi, verdi = received["rossi@example.com"], received["verdi@example.com"]
        self.assertEqual(rossi["Subject"], "Bollette non pagate di W1")
        self.assertEqual(verdi["Subject"], "Unpaid bills of W2")
        self.assertIn("credit@acque.example", rossi["From"])
        self.assertIn("credit@acque.example", rossi["Reply-To"])
        rows = self._rows(rossi)
        numbers = [row[0] for row in rows]
        self.assertIn(first.name, numbers)
        self.assertIn(second.name, numbers)
        self.assertIn("1.250,50", rows[numbers.index(second.name)][4])
        self.assertIn("70.00", str(self._rows(verdi)))
        self.assertNotIn(third.name, rossi.as_string())
        self.assertNotIn("Verdi", rossi.as_string())
        self.assertNotIn("Rossi", verdi.as_string())

    def test_all_is_on_the_chatter_and_on_the_action(self):
        bill = self._bill(100, 40)
        action = self._execute()
        self._send()
        message = self.customer.message_ids.filtered("subject")
        self.assertEqual(message, action.message_id)
        self.assertEqual(message.message_type, "email_outgoing")
        self.assertIn(bill.name, message.body)
        self.assertEqual(message.author_id, self.company.partner_id)
        self.assertIn("rossi@example.com", action.recipient)
        self.assertEqual(action.mail_ids.state, "sent")
        self.assertEqual(action.item_ids.step, 1)
        [received] = self.inbox.messages()
        self.assertEqual(received["Message-Id"], message.message_id)

    def test_further_debt_is_listed_apart(self):
        self._bill(100, 40)
        young = self._bill(35, 3)
        self._execute()
        self._send()
        self.template.body += "<p>{{ other_bills }}</p>"
        [message] = self.inbox.messages()
        self.assertNotIn(young.name, str(self._rows(message)))
        supply = self._supply(self._customer("Bianchi", lang="en_US"), "W3")
        self._bill(100, 40, supply)
        young = self._bill(35, 3, supply)
        self._execute()
        self._send()
        message = self.inbox.messages()[-1]
        rows = self._rows(message)
        place = [row[0] for row in rows].index(young.name)
        self.assertIn("35.00", rows[place][4])
        self.assertIn("100.00", rows[2][-1])  # total of what is asked

    def test_two_addresses_of_one_customer(self):
        self.customer.email = "a@example.com; b@example.com"
        self._bill(100, 40)
        self._execute()
        self._send()
        [(_sender, to, _message)] = self.inbox.received
        self.assertEqual(to, ["a@example.com", "b@example.com"])

    def test_sender_of_the_settings(self):
        self.company.creditbox_email_from = "Ufficio crediti <u@acque.example>"
        self.company.creditbox_reply_to = "risposte@acque.example"
        self._bill(100, 40)
        self._execute()
        self._send()
        [message] = self.inbox.messages()
        self.assertIn("u@acque.example", message["From"])
        self.assertEqual(message["Reply-To"], "risposte@acque.example")

    def test_held_back_without_address_or_text(self):
        self._bill(100, 40)
        action = self._execute()
        action.mail_ids.unlink()
        action.sudo().state = "ready"
        self.customer.email = "not an address"
        action._execute()
        self.assertEqual(action.exception, "no_address")
        self.assertEqual(action.state, "planned")
        self._send()
        self.assertFalse(self.inbox.received)

    # ------------------------------------------------------------------
    # the gate, at the last moment
    # ------------------------------------------------------------------
    def test_who_pays_while_the_mail_waits_gets_none(self):
        bill = self._bill(100, 40)
        action = self._execute()
        message = action.message_id
        self._pay_in_between(100, bill)
        self.assertEqual(action.state, "sending")
        self._send()
        self.assertFalse(self.inbox.received)
        self.assertEqual(action.state, "cancelled")
        self.assertTrue(action.reason)
        self.assertEqual(action.mail_ids.state, "cancel")
        self.assertNotIn(message, self.customer.message_ids)
        self.assertEqual(action.run_id.state, "done")

    def test_a_payment_takes_the_mail_out_of_the_queue(self):
        bill = self._bill(100, 40)
        action = self._execute()
        self._pay(100, bill)
        self.assertEqual(action.state, "cancelled")
        self.assertEqual(action.mail_ids.state, "cancel")
        self._send()
        self.assertFalse(self.inbox.received)

    def test_a_part_payment_changes_the_text(self):
        bill = self._bill(100, 40)
        action = self._execute()
        self._pay_in_between(60, bill)
        self._send()
        [message] = self.inbox.messages()
        rows = str(self._rows(message))
        self.assertIn("40.00", rows)
        self.assertEqual(action.amount, 40)
        self.assertIn("40.00", action.message_id.body)

    def test_every_way_to_send_passes_the_gate(self):
        ways = {
            "send": lambda mail: mail.send(),
            "queue": lambda mail: mail.process_email_queue(mail.ids),
            "retry": lambda mail: (
                mail.write({"state": "exception"}),
                mail.action_retry(),
                mail.send(),
            ),
        }
        for name, send in ways.items():
            with self.subTest(way=name):
                customer = self._customer(f"Way {name}", email=f"{name}@example.com")
                bill = self._bill(100, 40, self._supply(customer, name))
                action = self._execute().filtered(
                    lambda a, customer=customer: a.partner_id == customer
                )
                self._pay_in_between(100, bill)
                send(action.mail_ids)
                self.assertEqual(action.state, "cancelled")
        self.assertFalse(self.inbox.received)

    def test_the_ordinary_queue_leaves_ours_alone(self):
        self._bill(100, 40)
        action = self._execute()
        other = self.env["mail.mail"].create(
            {"email_to": "x@example.com", "subject": "x", "body_html": "<p>x</p>"}
        )
        with self.enter_registry_test_mode():
            self.env["mail.mail"].process_email_queue()
        self.assertEqual(action.state, "sending")
        self.assertEqual(other.state, "sent")

    def test_nothing_leaves_that_the_database_refuses(self):
        """The row was carried out for the bill before: the constraint says so."""
        self._bill(100, 40)
        action = self._execute()
        twin = action.sudo().copy({"state": "done"})
        line = action.line_ids.sudo().copy({"action_id": twin.id})
        line.executed = True
        with mute_logger("odoo.sql_db"):
            self._send()
        self.assertFalse(self.inbox.received)
        self.assertEqual(action.state, "sending")
        self.assertEqual(action.mail_ids.creditbox_attempts, 1)

    def test_never_twice(self):
        self._bill(100, 40)
        action = self._execute()
        for _time in range(3):
            self._send()
            action.mail_ids.send()
        self.assertEqual(len(self.inbox.received), 1)

    # ------------------------------------------------------------------
    # refusals
    # ------------------------------------------------------------------
    @mute_logger(MAIL_LOG)
    def test_an_address_refused_for_good(self):
        self._bill(100, 40)
        action = self._execute()
        self.inbox.answers["rossi@example.com"] = "550 5.1.1 no such user"
        self._send()
        self.assertEqual(action.state, "failed")
        self.assertIn("no such user", action.reason)
        self.assertEqual(action.mail_ids.state, "exception")
        self.assertEqual(action.item_ids.step, 0)
        self.assertFalse(action.line_ids.executed)
        self.assertEqual(action.run_id.state, "done")

    @mute_logger(MAIL_LOG)
    def test_refused_for_now_is_tried_again_later(self):
        self._bill(100, 40)
        action = self._execute()
        self.inbox.answers["rossi@example.com"] = "451 4.7.1 greylisted"
        self._send()
        mail = action.mail_ids
        self.assertEqual((action.state, mail.state), ("sending", "outgoing"))
        self.assertEqual(mail.creditbox_attempts, 1)
        self.assertIn("greylisted", mail.failure_reason)
        self.assertEqual(action.item_ids.step, 0)
        self.inbox.answers.clear()
        self._send()
        self.assertFalse(self.inbox.received)  # not yet
        with self._later(6):
            self._send()
        self.assertEqual(len(self.inbox.received), 1)
        self.assertEqual(action.state, "done")

    @mute_logger(MAIL_LOG)
    def test_refused_for_too_long(self):
        self._bill(100, 40)
        action = self._execute()
        self.inbox.data_answer = "452 4.3.1 full"
        for days in range(1, 8):
            with self._later(days * 24 * 60):
                self._send()
        self.assertEqual(action.state, "failed")
        self.assertIn("full", action.reason)

    @mute_logger(MAIL_LOG)
    def test_one_refusal_does_not_stop_the_others(self):
        self._bill(100, 40)
        for number in range(3):
            customer = self._customer(f"More {number}", email=f"m{number}@example.com")
            self._bill(100, 40, self._supply(customer, f"M{number}"))
        actions = self._execute()
        self.inbox.answers["m1@example.com"] = "550 no"
        self._send()
        self.assertEqual(len(self.inbox.received), 3)
        self.assertEqual(sorted(actions.mapped("state")), ["done"] * 3 + ["failed"])

    def test_server_down(self):
        self._bill(100, 40)
        action = self._execute()
        server = self.env["ir.mail_server"].search([])
        port, server.smtp_port = server.smtp_port, 1
        self._send()
        self.assertEqual(action.state, "sending")
        self.assertFalse(self._marks(action.mail_ids))
        server.smtp_port = port
        with self._later(6):
            self._send()
        self.assertEqual(action.state, "done")

    # ------------------------------------------------------------------
    # doubts
    # ------------------------------------------------------------------
    def _killed(self, left=False):
        """
        :param left: the mail server had already taken it
        :return: action whose process died while talking to the mail server
        """
        self._bill(100, 40)
        action = self._execute()
        self._mark_leaving(action.mail_ids, left)
        return action

    def test_killed_while_sending_waits_for_an_operator(self):
        action = self._killed()
        self._send()
        self.assertTrue(action.in_doubt)
        self.assertEqual(action.state, "sending")
        self.assertEqual(action.run_id.in_doubt_count, 1)
        with self._later(60):
            self._send()
            action.mail_ids.action_retry()
            self._send()
        self.assertFalse(self.inbox.received)

    def test_killed_after_it_had_left(self):
        action = self._killed(left=True)
        self._send()
        self.assertEqual((action.state, action.in_doubt), ("done", False))
        self.assertEqual(action.item_ids.step, 1)
        self.assertEqual(action.mail_ids.state, "sent")
        self.assertEqual(action.run_id.state, "done")
        self.assertFalse(self._marks(action.mail_ids))
        self._send()
        self.assertFalse(self.inbox.received)

    def test_paid_before_anybody_saw_that_it_had_left(self):
        action = self._killed(left=True)
        self._pay(100, action.line_ids.move_id)
        self.assertEqual(action.state, "cancelled")
        self._send()
        self.assertEqual(action.state, "cancelled")
        self.assertIn("had already left", action.message_ids[0].body)

    def test_it_was_sent(self):
        action = self._killed()
        with self._later(1):
            self._send()
        operator = self._user("operator")
        action.with_user(operator).action_was_sent()
        self.assertEqual((action.state, action.in_doubt), ("done", False))
        self.assertEqual(action.item_ids.step, 1)
        self.assertEqual(action.mail_ids.state, "sent")
        self._send()
        self.assertFalse(self.inbox.received)

    def test_send_again(self):
        action = self._killed()
        with self._later(1):
            self._send()
        operator = self._user("operator")
        action.with_user(operator).action_send_again()
        self._send()
        self.assertEqual(len(self.inbox.received), 1)
        self.assertEqual((action.state, action.in_doubt), ("done", False))

    def test_no_answer_after_the_text_is_a_doubt(self):
        self._bill(100, 40)
        action = self._execute()

        def hang_up(server):
            server.transport.abort()

        self.inbox.on_data = hang_up
        with mute_logger(MAIL_LOG, "mail.log"):
            self._send()
        self.assertTrue(action.in_doubt)
        self.assertEqual(action.item_ids.step, 0)
        self.inbox.on_data = None
        for minutes in (1, 60):
            with self._later(minutes):
                self._send()
        self.assertEqual(len(self.inbox.received), 1)

    def test_payment_settles_a_doubt(self):
        action = self._killed()
        with self._later(1):
            self._send()
        self._pay(100, action.line_ids.move_id)
        self.assertEqual(action.state, "cancelled")
        self.assertEqual(action.mail_ids.state, "cancel")

    # ------------------------------------------------------------------
    # what comes back
    # ------------------------------------------------------------------
    def _bounce(self, message, outcome):
        """:return: delivery status (RFC 3464) of a message, as text"""
        return (
            "From: MAILER-DAEMON@example.com\n"
            "To: bounce@example.com\n"
            "Subject: Delivery Status Notification\n"
            "Message-Id: <bounce@example.com>\n"
            "MIME-Version: 1.0\n"
            'Content-Type: multipart/report; boundary="B"\n'
            "\n--B\nContent-Type: text/plain\n\nMailbox is gone\n"
            "\n--B\nContent-Type: message/delivery-status\n\n"
            "Reporting-MTA: dns; example.com\n\n"
            "Final-Recipient: rfc822; rossi@example.com\n"
            f"Action: {outcome}\nStatus: 5.1.1\n"
            "\n--B\nContent-Type: text/rfc822-headers\n\n"
            f"Message-Id: {message['Message-Id']}\nTo: rossi@example.com\n"
            "\n--B--\n"
        )

    def test_a_mail_that_comes_back(self):
        self._bill(100, 40)
        action = self._execute()
        self._send()
        [message] = self.inbox.messages()
        threads = self.env["mail.thread"].sudo()
        threads.message_process("mail.thread", self._bounce(message, "delayed"))
        self.assertEqual(action.state, "done")
        bounce = self._bounce(message, "failed").replace("<bounce@", "<bounce2@")
        threads.message_process("mail.thread", bounce)
        self.assertEqual(action.state, "failed")
        self.assertIn("Mailbox is gone", action.reason)
        self.assertEqual(action.item_ids.step, 0)
        [failed] = self.customer.creditbox_failed_address_ids
        self.assertEqual(failed.address, "rossi@example.com")
        self.assertFalse(self.env["creditbox.channel.email"]._address(self.customer))
        for mend in (self._other_address, failed.action_works_again):
            self.assertEqual(self._run().action_ids.exception, "no_address")
            mend()
            run = self._run()
            self.assertEqual(
                (run.action_ids.code, run.action_ids.exception), ("email", False)
            )
            run.action_cancel()
            self.customer.email = "rossi@example.com"

    def _other_address(self):
        self.customer.email = "rossi.nuovo@example.com"

    # ------------------------------------------------------------------
    # other mails
    # ------------------------------------------------------------------
    def test_other_mails_are_not_touched(self):
        mail = self.env["mail.mail"].create(
            {"email_to": "x@example.com", "subject": "x", "body_html": "<p>x</p>"}
        )
        with patch.object(MailMail, "_send", autospec=True, return_value=True) as send:
            mail.send()
        self.assertEqual(send.call_args.args[0], mail)

    def test_queries_do_not_grow_with_the_mails(self):
        counts = []
        for number in (3, 12):
            for place in range(number):
                name = f"c{number}x{place}"
                customer = self._customer(name, lang="en_US")
                self._bill(100, 40, self._supply(customer, name))
            run = self._run()
            run.action_approve()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            run.action_ids._execute()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)
