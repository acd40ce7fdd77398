from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import DunningCommon
from .smtp_server import smtp_server


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30 10:00:00")
class TestOptOut(DunningCommon):
    """Who wants no e-mails is reminded by the row's other channel."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.table = cls._table(
            cls.company, [{"step": 1, "wait_before": 10, "fallback_code": "letter"}]
        )
        cls.company.email = "credit@acque.example"
        cls.blacklist = cls.env["mail.blacklist"]

    def setUp(self):
        super().setUp()
        server = smtp_server(self.env)
        self.inbox = server.__enter__()
        self.addCleanup(server.__exit__, None, None, None)
        self._bill(100, 40)

    def _queued(self):
        run = self._run()
        run.action_approve()
        run.sudo().state = "executing"
        run.action_ids._execute()
        return run.action_ids

    def _code(self):
        """:return: channel that a run would take now"""
        run = self._run()
        code = run.action_ids.code
        run.action_cancel()
        return code

    def _blacklist(self):
        return self.blacklist._add("Rossi@Example.com")

    def _choose(self):
        self.customer.creditbox_no_email = True

    def test_another_channel(self):
        self.assertEqual(self._code(), "email")
        self._choose()
        self.assertEqual(self._code(), "letter")
        self.customer.creditbox_no_email = False
        self._blacklist()
        self.assertEqual(self._code(), "letter")
        self.blacklist._remove("rossi@example.com")
        self.assertEqual(self._code(), "email")

    def test_the_other_of_two_addresses(self):
        self._blacklist()
        self.customer.email = "Rossi@Example.com, mario@example.com"
        self.assertEqual(self._queued().recipient, '"Rossi" <mario@example.com>')

    def test_while_it_waits(self):
        for refuse in (self._blacklist, self._choose):
            with self.subTest(refuse.__name__):
                action = self._queued()
                self.assertEqual(action.state, "sending")
                refuse()
                self.env["mail.mail"]._creditbox_process_queue()
                self.assertFalse(self.inbox.received)
                self.assertEqual(action.state, "cancelled")
                self.assertIn("e-mail", action.reason)
                self.assertEqual(action.mail_ids.state, "cancel")
                self.assertFalse(action.message_id.res_id)
                self.assertEqual(action.run_id.state, "done")
                self.assertEqual(self._code(), "letter")
                self.blacklist._remove("rossi@example.com")

    def test_before_it_is_handed_over(self):
        run = self._run()
        run.action_approve()
        run.sudo().state = "executing"
        self._choose()
        run.action_ids._execute()
        self.assertEqual(run.action_ids.state, "cancelled")
        self.assertFalse(run.action_ids.exception)

    def test_legal_acts_go_on(self):
        self._choose()
        self._blacklist()
        self.customer.creditbox_pec = "rossi@example.com"
        pec = self.env["creditbox.channel.pec"]
        self.assertEqual(pec._address(self.customer), "rossi@example.com")
        self.assertFalse(pec._refusal(self.customer))
        self.assertTrue(self.customer.creditbox_has_pec)
        self.assertFalse(self.customer.creditbox_has_email)

    def test_no_way_out_is_offered(self):
        self._queued()
        self.env["mail.mail"]._creditbox_process_queue()
        [message] = self.inbox.messages()
        self.assertIsNone(message["List-Unsubscribe"])
        self.assertNotIn("unsubscribe", message.as_string().lower())

    def test_the_customer_says_so(self):
        self._blacklist()
        customer = self.customer.with_user(self._user("reader"))
        warnings = customer.creditbox_warnings
        self.assertIn("rossi@example.com is on the blacklist", warnings)
        with self.assertRaises(AccessError):
            customer.creditbox_no_email = True

    def test_one_query_for_many(self):
        customers = self.customer
        for number in range(20):
            customers += self._customer(f"Customer {number}")
        self._blacklist()
        self.env.flush_all()
        channel = self.env["creditbox.channel.email"]
        self.env.invalidate_all()
        customers.mapped("name")
        customers.mapped("creditbox_failed_address_ids")
        with self.assertQueryCount(1):
            addresses = [channel._address(customer) for customer in customers]
        self.assertEqual(addresses.count(""), 1)
