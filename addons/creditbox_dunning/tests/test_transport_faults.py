"""What goes wrong between the database and the outside, with real servers."""

import socket
import threading
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..tools.transport import RETRY_MINUTES
from .common import DunningCommon
from .smtp_server import smtp_server
from .test_channel_sms import gateway

MAIL_LOG = "odoo.addons.base.models.ir_mail_server"
SMTP = "odoo.addons.base.models.ir_mail_server.SMTP_TIMEOUT"


class FaultsCommon(DunningCommon):
    def _bills(self, count):
        """One bill for each of ``count`` customers."""
        for number in range(count):
            customer = self._customer(
                f"Customer {number}",
                email=f"c{number}@example.com",
                creditbox_mobile=f"+39333123450{number}",
            )
            self._bill(100, 40, self._supply(customer, f"F{number}"))
        actions = self._execute()
        return actions.sorted(lambda action: (action.mail_ids or action.sms_ids).id)

    def _later(self, minutes):
        self.env.flush_all()
        return freeze_time(fields.Datetime.now() + timedelta(minutes=minutes))


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30 10:00:00")
class TestMailFaults(FaultsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.email = "credit@acque.example"

    def setUp(self):
        super().setUp()
        server = smtp_server(self.env)
        self.inbox = server.__enter__()
        self.addCleanup(server.__exit__, None, None, None)
        self.startPatcher(patch(SMTP, 1))

    def _send(self):
        with mute_logger(MAIL_LOG, "mail.log"):
            self.env["mail.mail"]._creditbox_process_queue()

    def _arrived(self):
        return sorted(to[0] for _sender, to, _message in self.inbox.received)

    def test_a_connection_dropped_between_two_messages_costs_nothing(self):
        actions = self._bills(4)
        self.inbox.hang_up_at_rcpt = {"c2@example.com"}
        self._send()
        self.assertEqual(set(actions.mapped("state")), {"done"})
        self.assertEqual(self._arrived(), [f"c{n}@example.com" for n in range(4)])

    def test_a_connection_dropped_before_the_text_is_no_doubt(self):
        [action] = self._bills(1)
        self.inbox.hang_up_at_rcpt = {"c0@example.com"}
        self._send()
        self.assertEqual((action.state, action.in_doubt), ("sending", False))
        self.assertEqual(action.wait_attempts, 1)
        with self._later(6):
            self._send()
        self.assertEqual(action.state, "done")
        self.assertEqual(self._arrived(), ["c0@example.com"])

    def test_a_dropped_connection_after_the_text_leaves_one_doubt(self):
        actions = self._bills(4)

        def hang_up(server):
            if len(self.inbox.received) == 1:
                self.inbox.on_data = None
                server.transport.abort()

        self.inbox.on_data = hang_up
        self._send()
        self.assertEqual(actions.mapped("in_doubt"), [False, True, False, False])
        self.assertEqual(actions.mapped("state"), ["done", "sending", "done", "done"])

    def test_busy_for_one_of_them(self):
        actions = self._bills(3)
        self.inbox.answers["c1@example.com"] = "451 4.7.1 later"
        self._send()
        self.assertEqual(actions.mapped("state"), ["done", "sending", "done"])
        self.assertIn("4.7.1 later", actions[1].wait_answer)
        self.assertEqual(
            actions[1].wait_until, fields.Datetime.now() + timedelta(minutes=5)
        )
        del self.inbox.answers["c1@example.com"]
        with self._later(6):
            self._send()
        self.assertEqual(set(actions.mapped("state")), {"done"})
        self.assertEqual(actions.run_id.state, "done")

    def test_a_server_that_closes_with_421(self):
        actions = self._bills(3)
        self.inbox.answers_once["c1@example.com"] = "421 4.3.2 too many messages"
        self._send()
        self.assertEqual(set(actions.mapped("state")), {"done"})

    def test_the_run_says_what_waits_why_and_until_when(self):
        actions = self._bills(3)
        run = actions.run_id
        self.assertEqual((run.queued_count, run.retried_count), (3, 0))
        self.inbox.answers["c1@example.com"] = "451 4.7.1 later"
        self._send()
        run.invalidate_recordset()
        self.assertEqual((run.queued_count, run.retried_count), (1, 1))
        self.assertEqual(run.retry_at, fields.Datetime.now() + timedelta(minutes=5))
        self.assertIn("4.7.1 later", run.retry_reason)
        window = run.with_user(self._user("operator")).action_open_waiting()
        self.assertEqual(
            self.env["creditbox.action"].search(window["domain"]), actions[1]
        )

    def test_a_server_that_hangs_leaves_one_doubt_and_is_left_alone(self):
        actions = self._bills(4)
        release = threading.Event()
        self.addCleanup(release.set)
        self.inbox.wait_before_data = release
        self._send()
        self.assertEqual(actions.mapped("in_doubt"), [True, False, False, False])
        self.assertEqual(set(actions.mapped("state")), {"sending"})
        self.assertEqual(set(actions[1:].mapped("wait_attempts")), {1})
        self.inbox.wait_before_data = None
        release.set()
        with self._later(6):
            self._send()
        self.assertEqual(set(actions[1:].mapped("state")), {"done"})

    def test_a_server_lost_in_the_middle(self):
        actions = self._bills(5)

        def lose(_server):  # after the second message nothing is taken
            self.inbox.hang_up_always = len(self.inbox.received) == 1

        self.inbox.on_data = lose
        self._send()
        self.assertEqual(actions.mapped("state"), ["done", "done", *["sending"] * 3])
        self.assertFalse(any(actions.mapped("in_doubt")))
        self.assertEqual(actions.run_id.retried_count, 3)
        self.inbox.hang_up_always, self.inbox.on_data = False, None
        with self._later(6):
            self._send()
        self.assertEqual(set(actions.mapped("state")), {"done"})
        self.assertEqual(self._arrived(), [f"c{n}@example.com" for n in range(5)])

    def test_after_the_last_try_it_ends(self):
        actions = self._bills(2)
        self.env["ir.mail_server"].search([]).smtp_port = 1
        now = 0
        for minutes in (0, *RETRY_MINUTES):
            now += minutes + 1
            with self._later(now):
                self.assertEqual(set(actions.mapped("state")), {"sending"})
                self._send()
        self.assertEqual(set(actions.mapped("state")), {"failed"})
        self.assertIn("refused", actions[0].reason)
        self.assertEqual(actions.item_ids.mapped("step"), [0, 0])
        self.assertEqual(actions.run_id.state, "done")


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30 10:00:00")
class TestSmsFaults(FaultsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["creditbox.template"].create(
            {
                "name": "Test SMS",
                "code": "sms",
                "sequence": 0,
                "company_id": cls.company.id,
                "text": "Please pay {{ amount }} for {{ supply }}",
            }
        )
        row = {"code": "sms", "step": 1, "wait_before": 10, "template_id": False}
        cls.table = cls._table(cls.company, [row])

    def _gateway(self, port):
        self.env["creditbox.provider"].create(
            {
                "name": "Gateway",
                "kind": "sms",
                "sms_url": f"http://127.0.0.1:{port}/send",
                "sms_secret": "secret",
            }
        )

    def _send(self):
        self.env["sms.sms"]._creditbox_process_queue()

    def test_a_late_gateway_leaves_one_doubt_and_is_left_alone(self):
        with gateway() as server:
            self._gateway(server.server_port)
            actions = self._bills(4)
            server.hangs = True
            module = "odoo.addons.creditbox_dunning.tools.sms_http"
            with patch(f"{module}.TIMEOUT", 0.3):
                self._send()
            self.assertEqual(actions.mapped("in_doubt"), [True, False, False, False])
            self.assertEqual(len(server.received), 1)
            server.hangs = False
            server.release.set()
            with self._later(6):
                self._send()
            self.assertEqual(set(actions[1:].mapped("state")), {"done"})

    def test_a_gateway_that_answers_with_garbage_may_have_taken_it(self):
        with garbage() as server:
            self._gateway(server.port)
            [action] = self._bills(1)
            self._send()
            self.assertTrue(action.in_doubt)
            with self._later(60):
                self._send()
            self.assertEqual(server.requests, 1)

    def test_a_gateway_that_is_not_there_gets_it_later(self):
        self._gateway(1)
        actions = self._bills(3)
        self._send()
        self.assertFalse(any(actions.mapped("in_doubt")))
        self.assertEqual(set(actions.mapped("wait_attempts")), {1})
        self.assertEqual(actions.run_id.retried_count, 3)
        self.assertEqual(
            set(actions.mapped("wait_answer")),
            {"The gateway does not answer: 127.0.0.1:1"},
        )


class _Garbage(threading.Thread):
    """Reads a request, answers with what is no HTTP."""

    def __init__(self):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.requests = 0

    def run(self):
        while True:
            try:
                connection, _address = self.listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                self.requests += 1
                connection.sendall(b"\x00\xff\x13 no HTTP at all\r\n\r\n")


@contextmanager
def garbage():
    server = _Garbage()
    server.start()
    try:
        yield server
    finally:
        server.listener.shutdown(socket.SHUT_RDWR)
        server.listener.close()
        server.join()
