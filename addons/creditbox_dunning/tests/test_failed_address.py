import requests

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..tools import smtp
from .common import DunningCommon
from .smtp_server import smtp_server
from .test_channel_email import MAIL_LOG
from .test_channel_sms import gateway

GONE = "550 5.1.1 no such user"


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30 10:00:00")
class TestFailedAddress(DunningCommon):
    """What has been refused for good is not written to again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = [
            {"code": "email", "step": 1, "wait_before": 10, "fallback_code": "letter"},
            {"code": "email", "step": 2, "wait_after": 30},
        ]
        cls.table = cls._table(cls.company, cls.rows)
        cls.company.email = "credit@acque.example"
        cls.failed = cls.env["creditbox.failed.address"]

    def setUp(self):
        super().setUp()
        server = smtp_server(self.env)
        self.inbox = server.__enter__()
        self.addCleanup(server.__exit__, None, None, None)

    @mute_logger(MAIL_LOG)
    def _refuse(self, answer=GONE):
        """:return: the action whose e-mail the server has refused"""
        self._bill(100, 40)
        action = self._execute()
        self.inbox.answers["rossi@example.com"] = answer
        self.env["mail.mail"]._creditbox_process_queue()
        self.assertFalse(self.inbox.received)
        return action

    # ------------------------------------------------------------------
    # the next run
    # ------------------------------------------------------------------
    def test_the_next_run_takes_the_other_channel(self):
        self.assertEqual(self._refuse().state, "failed")
        action = self._run().action_ids
        self.assertEqual((action.code, action.exception), ("letter", False))

    def test_an_other_channel_that_failed_before_is_not_taken_again(self):
        """Neither the row's own channel nor its fallback, each to the same address."""
        self._refuse()
        other = self._run().action_ids
        self.assertEqual(other.code, "letter")
        self._done(other)
        other.sudo().postal_address = self.env["creditbox.channel"]._postal_key(
            self.customer
        )
        other._mark_failed("Moved away", unreachable=True)
        again = self._run().action_ids
        self.assertEqual((again.code, again.exception), ("email", "no_address"))
        self.customer.street = "Via Nuova 2"
        last = self._run().action_ids
        self.assertEqual((last.code, last.exception), ("letter", False))

    def test_without_other_channel_it_is_an_exception(self):
        self.customer.city = False
        self._refuse()
        action = self._run().action_ids
        self.assertEqual((action.code, action.exception), ("email", "no_address"))

    def test_another_address_is_used_at_once(self):
        self._refuse()
        self.customer.email = "mario@example.com"
        action = self._execute()
        self.assertEqual(action.code, "email")
        self.env["mail.mail"]._creditbox_process_queue()
        self.assertEqual(
            [to for _s, to, _m in self.inbox.received], [["mario@example.com"]]
        )
        self.customer.email = "Mario <Rossi@Example.com>"
        self.assertFalse(self.env["creditbox.channel.email"]._address(self.customer))

    def test_the_other_of_two_addresses_is_used(self):
        self._refuse()
        self.customer.email = "rossi@example.com; mario@example.com"
        self.assertEqual(self._execute().recipient, '"Rossi" <mario@example.com>')
        self.failed._note(self.customer, "email", ["mario@example.com"], "gone")
        self._bill(100, 40, self._supply(self.customer, "W2"))
        self.assertIn("letter", self._run().action_ids.mapped("code"))

    def test_it_works_again(self):
        self._refuse()
        [record] = self.customer.creditbox_failed_address_ids
        with self.assertRaises(AccessError):
            record.with_user(self._user("reader")).action_works_again()
        record.with_user(self._user("operator")).action_works_again()
        self.assertFalse(self.customer.creditbox_failed_address_ids)
        self.assertEqual(self._run().action_ids.code, "email")
        self.failed._note(self.customer, "email", [record.address], "gone again")
        self.assertEqual(self.customer.creditbox_failed_address_ids, record)
        self.assertEqual(record.reason, "gone again")

    # ------------------------------------------------------------------
    # what counts
    # ------------------------------------------------------------------
    def test_what_is_no_fault_of_the_address_does_not_count(self):
        self._refuse("451 4.7.1 greylisted")
        self.assertFalse(self.failed.search([]))
        answers = ("550 5.7.1 blocked by policy", "552 5.2.3 too long", "554 no")
        for answer in answers:
            with self.subTest(answer=answer):
                self.assertFalse(smtp.is_no_mailbox(answer))
        for answer in (
            GONE,
            "553 sorry",
            "smtp; 550 5.2.1 disabled 5.0.0",
            "550 5.0.0",
        ):
            with self.subTest(answer=answer):
                self.assertTrue(smtp.is_no_mailbox(answer))

    def test_one_of_two_addresses_is_refused(self):
        """The other gets it; the one refused is not written to again."""
        self.customer.email = "rossi@example.com, gone@example.com"
        self.inbox.answers["gone@example.com"] = GONE
        self._bill(100, 40)
        action = self._execute()
        self.env["mail.mail"]._creditbox_process_queue()
        [(_sender, to, _message)] = self.inbox.received
        self.assertEqual(to, ["rossi@example.com"])
        self.assertEqual((action.state, action.in_doubt), ("done", False))
        self.assertNotIn("gone@example.com", action.recipient)
        [failed] = self.failed.search([])
        self.assertEqual(failed.address, "gone@example.com")
        self.assertIn(GONE[:3], action.message_ids[:1].body)
        channel = self.env["creditbox.channel.email"]
        self.assertNotIn("gone@", channel._address(self.customer))

    def test_one_of_two_addresses_is_busy(self):
        """Refused for now is no fault of the address; it is said what has happened."""
        self.customer.email = "rossi@example.com, busy@example.com"
        self.inbox.answers["busy@example.com"] = "450 4.2.0 busy"
        self._bill(100, 40)
        action = self._execute()
        self.env["mail.mail"]._creditbox_process_queue()
        self.assertEqual(action.state, "done")
        self.assertFalse(self.failed.search([]))
        self.assertIn("busy", action.message_ids[:1].body)

    @mute_logger(MAIL_LOG)
    def test_a_refused_text_does_not_count(self):
        self._bill(100, 40)
        action = self._execute()
        self.inbox.data_answer = "554 5.7.1 spam"
        self.env["mail.mail"]._creditbox_process_queue()
        self.assertEqual(action.state, "failed")
        self.assertFalse(self.failed.search([]))

    def test_server_that_is_down_does_not_count(self):
        self._bill(100, 40)
        self._execute()
        self.env["ir.mail_server"].search([]).smtp_port = 1
        self.env["mail.mail"]._creditbox_process_queue()
        self.assertFalse(self.failed.search([]))

    # ------------------------------------------------------------------
    # what was already prepared
    # ------------------------------------------------------------------
    @mute_logger(MAIL_LOG)
    def test_a_second_action_prepared_before_is_held_back(self):
        self._bill(100, 40)
        self._bill(100, 40, self._supply(self.customer, "W2"))
        actions = self._execute()
        self.assertEqual(actions.mapped("state"), ["sending"] * 2)
        self.inbox.answers["rossi@example.com"] = GONE
        self.env["mail.mail"]._creditbox_process_queue()
        self.assertEqual(self.inbox.refused, ["rossi@example.com"])
        held = actions.filtered("exception")
        self.assertEqual((held.state, held.exception), ("planned", "no_address"))
        self.assertEqual(held.mail_ids.state, "cancel")
        self.assertEqual(actions.run_id.state, "done")

    def test_an_address_corrected_while_the_mail_waits(self):
        self._bill(100, 40)
        action = self._execute()
        self.customer.email = "mario@example.com"
        self.env["mail.mail"]._creditbox_process_queue()
        self.assertEqual(
            [to for _s, to, _m in self.inbox.received], [["mario@example.com"]]
        )
        self.assertIn("mario@example.com", action.recipient)

    # ------------------------------------------------------------------
    # who sees it
    # ------------------------------------------------------------------
    def test_the_customer_says_what_failed(self):
        self._refuse()
        self.assertIn("no such user", self.customer.creditbox_warnings)
        self.assertIn("rossi@example.com", self.customer.creditbox_warnings)
        self.customer.email = "mario@example.com"
        self.assertNotIn("no such user", self.customer.creditbox_warnings or "")

    def test_companies_see_their_own(self):
        self._refuse()
        other = self.setup_other_company()["company"]
        stranger = self._user("administrator", other)
        self.assertFalse(self.failed.with_user(stranger).search([]))
        self.assertTrue(self.failed.with_user(self._user("reader")).search([]))

    # ------------------------------------------------------------------
    # numbers
    # ------------------------------------------------------------------
    def _sms(self, status):
        """:return: the action whose SMS the gateway has answered with ``status``"""
        self.customer.creditbox_mobile = "+393331234567"
        self.env["creditbox.template"].create(
            {"name": "SMS", "code": "sms", "sequence": 0, "text": "Pay {{ amount }}"}
        )
        self.table.state = "retired"
        row = {"code": "sms", "step": 1, "fallback_code": "email"}
        self._table(self.company, [row])
        self._bill(100, 40)
        with gateway() as server:
            server.status = status
            self.env["creditbox.provider"].create(
                {
                    "name": "Gateway",
                    "kind": "sms",
                    "sms_url": f"http://127.0.0.1:{server.server_port}/send",
                }
            )
            action = self._execute()
            self.env["sms.sms"]._creditbox_process_queue()
        return action

    def _next_code(self):
        """:return: channel that a run would take now"""
        run = self._run()
        code = run.action_ids.code
        run.action_cancel()
        return code

    def test_a_wrong_number(self):
        self.assertEqual(self._sms(requests.codes.unprocessable).state, "failed")
        self.assertIn("+393331234567", self.customer.creditbox_warnings)
        self.assertEqual(self._next_code(), "email")
        self.customer.phone = "334 765 4321"
        self.assertEqual(self._next_code(), "sms")
        self.failed._note(self.customer, "sms", ["+393347654321"], "gone")
        self.assertEqual(self._next_code(), "email")
        self.assertFalse(self.env["creditbox.channel.sms"]._address(self.customer))

    def test_a_gateway_that_is_not_there_does_not_count(self):
        self.assertEqual(self._sms(requests.codes.not_found).state, "failed")
        self.assertFalse(self.failed.search([]))
