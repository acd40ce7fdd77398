import json
import threading
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from unittest.mock import patch
from urllib.parse import parse_qs

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged

from odoo.addons.sms.tools.sms_api import SmsApi

from .common import DunningCommon


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if "json" in self.headers["Content-Type"]:
            fields_ = json.loads(body)
        else:
            fields_ = {name: value[0] for name, value in parse_qs(body).items()}
        self.server.received.append((fields_, self.headers))
        if self.server.hangs:
            self.server.release.wait()
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, *args):
        pass


@contextmanager
def gateway():
    """A real HTTP gateway on the loopback."""
    server = HTTPServer(("127.0.0.1", 0), _Handler)
    server.received, server.status, server.hangs = [], 200, False
    server.answer = b"answer of the gateway"
    server.release = threading.Event()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.release.set()
        server.shutdown()
        thread.join()
        server.server_close()


class SmsCommon(DunningCommon):
    """A company that sends SMS through a real gateway."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"lang": "en_US", "creditbox_mobile": "+393331234567"})
        cls.sms_template = cls.env["creditbox.template"].create(
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

    def setUp(self):
        super().setUp()
        server = gateway()
        self.gateway = server.__enter__()
        self.addCleanup(server.__exit__, None, None, None)
        self.provider = self.env["creditbox.provider"].create(
            {
                "name": "Gateway",
                "kind": "sms",
                "sms_url": f"http://127.0.0.1:{self.gateway.server_port}/send",
                "sms_secret": "secret",
                "sms_sender": "ACQUE",
            }
        )

    def _send(self, minutes=0):
        self.env.flush_all()
        with freeze_time(fields.Datetime.now() + timedelta(minutes=minutes)):
            self.env["sms.sms"]._creditbox_process_queue()

    def _texts(self):
        return [fields_["text"] for fields_, _headers in self.gateway.received]


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30 10:00:00")
class TestChannelSms(SmsCommon):
    def test_sent_through_the_gateway(self):
        self._bill(100, 40)
        action = self._execute()
        self.assertEqual(action.state, "sending")
        self.assertEqual(action.recipient, "+393331234567")
        self.assertEqual(action.provider_id, self.provider)
        self._send()
        [(sent, headers)] = self.gateway.received
        self.assertEqual(sent["to"], "+393331234567")
        self.assertEqual(sent["text"], "Please pay $ 100.00 for W1")
        self.assertEqual(sent["from"], "ACQUE")
        self.assertEqual(sent["reference"], action.sms_ids.uuid)
        self.assertEqual(headers["Authorization"], "Bearer secret")
        self.assertEqual(headers["Idempotency-Key"], action.sms_ids.uuid)
        self.assertEqual(action.state, "done")
        self.assertEqual(action.item_ids.step, 1)
        self.assertIn("Please pay", action.message_id.body)
        self.assertIn(action.message_id, self.customer.message_ids)

    def test_form_fields_and_password(self):
        self.provider.write(
            {
                "sms_format": "form",
                "sms_auth": "field",
                "sms_user": "token",
                "sms_field_to": "recipient",
                "sms_field_from": False,
            }
        )
        self._bill(100, 40)
        self._execute()
        self._send()
        [(sent, headers)] = self.gateway.received
        self.assertEqual(sent["recipient"], "+393331234567")
        self.assertEqual(sent["token"], "secret")
        self.assertNotIn("from", sent)
        self.assertNotIn("Authorization", headers)

    def test_gateway_reports_under_its_own_number(self):
        self.provider.write(
            {"sms_field_number": "data.id", "sms_receipt_field_reference": "id"}
        )
        self.gateway.answer = b'{"data": {"id": 987}}'
        self._bill(100, 40)
        action = self._execute()
        self._send()
        self.assertEqual(action.sms_ids.creditbox_gateway_number, "987")
        stranger = self.provider.copy({"sms_receipt_secret": "x"})
        body = json.dumps({"id": 987, "status": "delivered"}).encode()
        receipt = stranger.sudo()._sms_receipts_take_over(body, "application/json")
        self.assertEqual((receipt.state, action.state), ("open", "done"))
        receipt = self.provider.sudo()._sms_receipts_take_over(body, "application/json")
        self.assertEqual((receipt.state, action.state), ("matched", "delivered"))

    def test_receipt_faster_than_the_answer(self):
        self.provider.write(
            {"sms_field_number": "id", "sms_receipt_field_reference": "id"}
        )
        self.gateway.answer = b'[{"id": "A-1"}]'
        self._bill(100, 40)
        action = self._execute()
        body = b'{"id": "A-1", "status": "delivered"}'
        receipt = self.provider.sudo()._sms_receipts_take_over(body, "application/json")
        self.assertEqual(receipt.state, "open")
        self._send()
        self.assertEqual((receipt.state, action.state), ("matched", "delivered"))

    def test_answer_without_a_number(self):
        self.provider.sms_field_number = "id"
        self._bill(100, 40)
        action = self._execute()
        self._send()
        self.assertEqual(action.state, "done")
        self.assertFalse(action.sms_ids.creditbox_gateway_number)
        nameless = {"reference": False, "word": "delivered"}
        receipts = self.env["creditbox.sms.receipt"]
        self.assertFalse(receipts._actions_of(self.provider, [nameless["reference"]]))

    def test_who_pays_in_between_gets_none(self):
        bill = self._bill(100, 40)
        action = self._execute()
        message = action.message_id
        positions = self.env.registry["creditbox.position"]
        with patch.object(positions, "_on_debt_changed", lambda *args: None):
            self._pay(100, bill)
        self._send()
        self.assertFalse(self.gateway.received)
        self.assertEqual(action.state, "cancelled")
        self.assertEqual(action.sms_ids.state, "canceled")
        self.assertNotIn(message, self.customer.message_ids)

    def test_part_payment_changes_the_text(self):
        bill = self._bill(100, 40)
        action = self._execute()
        self._pay(60, bill)
        self._send()
        self.assertIn("40.00", self._texts()[0])
        self.assertIn("40.00", action.message_id.body)

    def test_number_refused(self):
        self._bill(100, 40)
        action = self._execute()
        self.gateway.status = 422
        self._send()
        self.assertEqual(action.state, "failed")
        self.assertIn("answer of the gateway", action.reason)
        self.assertEqual(action.sms_ids.state, "error")
        self.assertEqual(action.item_ids.step, 0)

    def test_gateway_busy(self):
        self._bill(100, 40)
        action = self._execute()
        self.gateway.status = 503
        self._send()
        self.assertEqual(action.state, "sending")
        self.gateway.status = 200
        self._send()
        self.assertEqual(len(self.gateway.received), 1)
        self._send(minutes=6)
        self.assertEqual(action.state, "done")
        references = {sent["reference"] for sent, _headers in self.gateway.received}
        self.assertEqual(len(references), 1)

    def test_gateway_that_fails_after_taking_it(self):
        self._bill(100, 40)
        action = self._execute()
        self.gateway.status = 500
        self._send()
        self.assertTrue(action.in_doubt)
        self._send(minutes=60)
        self.assertEqual(len(self.gateway.received), 1)
        self.gateway.status = 200
        action.action_send_again()
        self._send()
        self.assertEqual((action.state, action.in_doubt), ("done", False))

    def test_gateway_that_does_not_answer(self):
        self._bill(100, 40)
        action = self._execute()
        self.gateway.hangs = True
        module = "odoo.addons.creditbox_dunning.tools.sms_http"
        with patch(f"{module}.TIMEOUT", 0.3):
            self._send()
        self.assertTrue(action.in_doubt, action.sms_ids.read())
        action.action_was_sent()
        self.assertEqual(action.state, "done")
        self.assertEqual(action.sms_ids.state, "pending")

    def test_killed_while_sending(self):
        self._bill(100, 40)
        action = self._execute()
        self._mark_leaving(action.sms_ids)
        self._send(minutes=1)
        self.assertTrue(action.in_doubt)
        self.assertFalse(self.gateway.received)

    def test_nobody_else_sends_ours(self):
        self._bill(100, 40)
        action = self._execute()
        with self.enter_registry_test_mode():
            self.env["sms.sms"]._process_queue()
        action.sms_ids.send()
        self.assertFalse(self.gateway.received)
        self.assertEqual(action.state, "sending")
        action.sms_ids._send()  # through the gate
        self.assertEqual(action.state, "done")

    def test_without_gateway_by_odoo(self):
        self.provider.active = False
        self._bill(100, 40)
        action = self._execute()

        def contact(_api, endpoint, params, timeout=15):
            [message] = params["messages"]
            [number] = message["numbers"]
            self.assertEqual(number["number"], "+393331234567")
            return [{"uuid": number["uuid"], "state": "success", "credit": 1}]

        with patch.object(SmsApi, "_contact_iap", contact):
            self._send()
        self.assertEqual(action.state, "done")

    def test_own_gateway_before_the_shared_one(self):
        own = self.provider.copy({"company_id": self.company.id, "sequence": 99})
        other = self.setup_other_company()["company"]
        gateways = self.env["creditbox.provider"]
        self.assertEqual(gateways._sms_gateway(self.company), own)
        self.assertEqual(gateways._sms_gateway(other), self.provider)

    def test_fixed_line_is_no_address(self):
        self.customer.write({"creditbox_mobile": False, "phone": "+390299887766"})
        self._bill(100, 40)
        channel = self.env["creditbox.channel.sms"]
        self.assertFalse(channel._address(self.customer))
        action = self._run().action_ids
        self.assertEqual(action.exception, "no_address")
        self.customer.phone = "333 765 4321"
        self.assertEqual(channel._address(self.customer), "+393337654321")

    def test_gateway_address_is_checked(self):
        with self.assertRaises(ValidationError):
            self.provider.sms_url = "ftp://example.com"
