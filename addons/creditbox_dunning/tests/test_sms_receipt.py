import base64
import json
import time
from datetime import date
from urllib.parse import urlencode

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase, TransactionCase, freeze_time, tagged
from odoo.tools import mute_logger

from ..tools import signature, sms_receipt
from .common import DunningCommon

CONTROLLER_LOG = "odoo.addons.creditbox_dunning.controllers.sms_receipt"
SECRET = "shared with the gateway"
NUMBER = "+393331234567"


@tagged("post_install", "-at_install")
class TestSmsReceiptTools(TransactionCase):
    def test_a_signature_is_hex_or_base64(self):
        signed = signature.sign("key", b"body")
        plain = base64.b64encode(bytes.fromhex(signed)).decode()
        cases = [
            (signed, True),
            (signed.upper(), True),
            (f"sha256={signed}", True),
            (f" {plain} ", True),
            (signed[:-1] + ("0" if signed[-1] != "0" else "1"), False),
            ("", False),
            ("à", False),
        ]
        for given, right in cases:
            with self.subTest(given=given):
                self.assertIs(signature.is_signed("key", b"body", given), right)
        self.assertFalse(signature.is_signed("", b"body", signature.sign("", b"body")))

    def test_the_time_is_signed_too(self):
        signed = signature.sign("key", b"body", "1782820800")
        self.assertTrue(signature.is_signed("key", b"body", signed, "1782820800"))
        self.assertFalse(signature.is_signed("key", b"body", signed, "1782820801"))
        self.assertFalse(signature.is_signed("key", b"body", signed))

    def test_recent(self):
        now = int(time.time())
        for text, right in [
            (str(now), True),
            (str(now - 290), True),
            (str(now * 1000), True),
            (str(now - 310), False),
            (str(now + 310), False),
            ("", False),
            ("-1", False),
            ("yesterday", False),
            ("9" * 400, False),
        ]:
            with self.subTest(text=text[:20]):
                self.assertIs(signature.is_recent(text, 300), right)

    def test_bodies(self):
        json_type, form = "application/json", "application/x-www-form-urlencoded"
        for body, kind, right in [
            (b'{"a": 1}', json_type, [{"a": 1}]),
            (b'[{"a": 1}, {"a": 2}]', json_type, [{"a": 1}, {"a": 2}]),
            (b"a=1&b=", form, [{"a": "1", "b": ""}]),
        ]:
            with self.subTest(body=body):
                self.assertEqual(sms_receipt.parse(body, kind), right)
        for body in (
            b"",
            b"x",
            b"[1]",
            b"\xff",
            b"[" * 100_000,
            b"[{},{}" + b",{}" * 999,
        ):
            with self.subTest(body=body[:9]), self.assertRaises(sms_receipt.Unreadable):
                sms_receipt.parse(body + b"]" * (body[:3] == b"[{}"), json_type)

    def test_values(self):
        receipt = {"data": {"status": " ok\x00\ud800 "}, "list": [1], "n": 5, "z": None}
        for path, right in [
            ("data.status", "ok?"),
            ("n", "5"),
            ("z", ""),
            ("list", ""),
            ("data", ""),
            ("data.status.deeper", ""),
            ("missing", ""),
            (False, ""),
        ]:
            with self.subTest(path=path):
                self.assertEqual(sms_receipt.value(receipt, path), right)

    def test_times(self):
        zone = self.env.company._creditbox_zone()
        for text, right in [
            ("2026-06-30T22:30:00Z", "2026-06-30 22:30:00"),
            ("2026-06-30T22:30:00+02:00", "2026-06-30 20:30:00"),
            ("2026-06-30 22:30:00", "2026-06-30 20:30:00"),  # by the company's clock
            ("1782820800", "2026-06-30 12:00:00"),
            ("1782820800000", "2026-06-30 12:00:00"),
            ("", "None"),
            ("soon", "None"),
            ("0001-01-01", "None"),
        ]:
            with self.subTest(text=text):
                self.assertEqual(str(sms_receipt.moment(text, zone)), right)


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30 10:00:00")
class TestSmsReceipt(DunningCommon, HttpCase):
    """A gateway reports over HTTP what became of an SMS that has left."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"lang": "en_US", "creditbox_mobile": NUMBER})
        cls.env["creditbox.template"].create(
            {
                "name": "Test SMS",
                "code": "sms",
                "sequence": 0,
                "company_id": cls.company.id,
                "text": "Please pay {{ amount }}",
            }
        )
        cls.table = cls._table(
            cls.company,
            [
                {
                    "code": "sms",
                    "step": 1,
                    "wait_before": 10,
                    "template_id": False,
                    "fallback_code": "letter",
                }
            ],
        )
        cls.provider = cls.env["creditbox.provider"].create(
            {
                "name": "Gateway",
                "kind": "sms",
                "company_id": cls.company.id,
                "sms_url": "http://127.0.0.1:9/send",
                "sms_receipt_secret": SECRET,
            }
        )
        cls.path = cls.provider.sms_receipt_url.split("/", 3)[3]

    def setUp(self):
        super().setUp()
        self._bill(100, 40)
        self.action = self._sent()

    def _queued(self):
        run = self._run()
        run.action_approve()
        run.sudo().state = "executing"
        run.action_ids._execute()
        return run.action_ids

    def _sent(self):
        """:return: an action whose SMS the gateway has taken"""
        action = self._queued().filtered(lambda queued: queued.code == "sms")
        action.sms_ids.state = "pending"
        action._mark_done()
        return action

    def _post(self, body, secret=SECRET, headers=None, **values):
        """Send a request as the gateway does."""
        if isinstance(body, dict | list):
            body = json.dumps(body).encode()
        self.env.flush_all()
        response = self.url_open(
            f"/{values.get('path', self.path)}",
            data=body,
            headers={
                "Content-Type": values.get("kind", "application/json"),
                "X-Signature": signature.sign(secret, body),
                **(headers or {}),
            },
        )
        self.env.invalidate_all()
        return response.status_code

    def _report(self, status, action=None, **values):
        action = action or self.action
        body = {"reference": action.sms_ids.uuid, "status": status, **values}
        self.assertEqual(self._post(body), 200)

    def _receipts(self):
        return self.env["creditbox.sms.receipt"].search([])

    # ------------------------------------------------------------------
    # what is reported
    # ------------------------------------------------------------------
    def test_delivered(self):
        self._report("DELIVRD", timestamp="2026-06-30T11:00:00+02:00")
        self.assertEqual(self.action.state, "delivered")
        self.assertEqual(self.action.date_proof, date(2026, 6, 30))
        self.assertEqual(self.action.sms_ids.state, "sent")
        [receipt] = self._receipts()
        self.assertEqual((receipt.outcome, receipt.state), ("delivered", "matched"))
        self.assertEqual(receipt.company_id, self.company)
        self.assertEqual(receipt.partner_id, self.customer)

    def test_form_fields_of_other_names(self):
        self.provider.write(
            {
                "sms_receipt_field_reference": "id",
                "sms_receipt_field_status": "dlr",
                "sms_words_delivered": "1, consegnato",
            }
        )
        body = urlencode({"id": self.action.sms_ids.uuid, "dlr": "Consegnato"}).encode()
        kind = "application/x-www-form-urlencoded"
        self.assertEqual(self._post(body, kind=kind), 200)
        self.assertEqual(self.action.state, "delivered")

    def test_several_at_once_one_within_another(self):
        self.provider.write(
            {
                "sms_receipt_field_reference": "data.id",
                "sms_receipt_field_status": "data.status",
            }
        )
        self._bill(50, 40, self._supply(self.customer, "W2"))
        second = self._sent()
        body = [
            {"data": {"id": action.sms_ids.uuid, "status": status}}
            for action, status in [
                (self.action, "failed"),
                (self.action, "delivered"),
                (second, "sent"),
            ]
        ]
        self.assertEqual(self._post(body), 200)
        self.assertEqual(self.action.state, "delivered")
        self.assertEqual(second.state, "done")
        self.assertEqual(len(self._receipts()), 2)  # «sent» says nothing new

    def test_failed(self):
        self._report("UNDELIV", error="phone switched off")
        self.assertEqual(self.action.state, "failed")
        self.assertTrue(self.action.unreachable)
        self.assertIn("phone switched off", self.action.reason)
        self.assertEqual(self.action.item_ids.step, 0)
        self.assertEqual(self.action.sms_ids.state, "error")
        self.assertFalse(self.customer.creditbox_failed_address_ids)
        # the same channel would fail again; another number is another try
        run = self._run()
        self.assertEqual(run.action_ids.code, "letter")
        run.action_cancel()
        self.customer.creditbox_mobile = "+393337654321"
        self.assertEqual(self._run().action_ids.code, "sms")

    def test_failed_because_the_number_is_wrong(self):
        self._report("failed", error="UNKNOWN_SUBSCRIBER")
        [address] = self.customer.creditbox_failed_address_ids
        self.assertEqual((address.kind, address.address), ("sms", NUMBER))
        self.assertFalse(self.env["creditbox.channel.sms"]._address(self.customer))
        self.assertEqual(self._run().action_ids.code, "letter")

    def test_twice_and_out_of_order(self):
        self._report("delivered")
        self._report("delivered")
        self.assertEqual(len(self._receipts()), 1)
        with freeze_time("2026-07-02 10:00:00"):
            self._report("failed")
            self._report("delivered", timestamp="2026-07-02T10:00:00Z")
            self._report("sent")
        self.assertEqual(self.action.state, "delivered")
        self.assertEqual(self.action.date_proof, date(2026, 6, 30))
        self.assertEqual(self.action.item_ids.step, 1)
        self.assertFalse(self.action.unreachable)

    def test_delivered_after_all(self):
        self._report("failed")
        instead = self._run().action_ids
        self._report("delivered")
        self.assertEqual(self.action.state, "delivered")
        self.assertEqual(instead.state, "cancelled")

    def test_delivered_after_another_way_was_taken(self):
        self._report("failed")
        instead = self._run().action_ids
        self._done(instead)
        instead.sudo().state = "delivered"
        self._report("delivered")
        self.assertEqual(self.action.state, "failed")
        receipt = self._receipts()[0]
        self.assertEqual((receipt.state, receipt.outcome), ("open", "delivered"))
        self.assertIn("replaced", receipt.reason)
        receipt.action_handled()
        self.assertEqual(receipt.state, "handled")

    def test_a_doubt_is_settled(self):
        """The process was killed while sending: the gateway knows better."""
        for status, state in [("sent", "done"), ("delivered", "delivered")]:
            with self.subTest(status=status):
                self._bill(50, 40, self._supply(self.customer, f"D-{status}"))
                action = self._queued()
                action._mark_doubtful("killed")
                self._report(status, action)
                self.assertEqual((action.state, action.in_doubt), (state, False))
                self.assertEqual(action.item_ids.step, 1)

    def test_clocks_of_gateways_may_be_wrong(self):
        for told in ("2020-01-01T00:00:00Z", "2031-01-01T00:00:00Z", "nonsense"):
            with self.subTest(told=told):
                self._bill(50, 40, self._supply(self.customer, told[:4]))
                action = self._sent()
                self._report("delivered", action, timestamp=told)
                self.assertEqual(action.date_proof, date(2026, 6, 30))

    # ------------------------------------------------------------------
    # what is refused, what waits
    # ------------------------------------------------------------------
    @mute_logger(CONTROLLER_LOG)
    def test_not_signed(self):
        body = {"reference": self.action.sms_ids.uuid, "status": "failed"}
        cases = [
            ("another secret", {"secret": "guessed"}),
            ("no signature", {"headers": {"X-Signature": ""}}),
            (
                "another body's",
                {"headers": {"X-Signature": signature.sign(SECRET, b"")}},
            ),
        ]
        for name, how in cases:
            with self.subTest(name):
                self.assertEqual(self._post(body, **how), 403)
        self.provider.sms_receipt_secret = False
        self.assertEqual(self._post(body, secret=""), 403)
        self.assertEqual(self.action.state, "done")
        self.assertFalse(self._receipts())

    @mute_logger(CONTROLLER_LOG, "odoo.http")
    def test_another_address_and_too_large(self):
        body = {"reference": self.action.sms_ids.uuid, "status": "delivered"}
        self.assertEqual(self._post(body, path="creditbox/sms/receipt/guess"), 404)
        self.assertEqual(self._post(body, path="creditbox/sms/receipt/"), 404)
        self.provider.action_sms_receipt_new_address()
        self.assertEqual(self._post(body), 404)
        path = self.provider.sms_receipt_url.split("/", 3)[3]
        self.assertEqual(self._post(b" " * 300_000, path=path), 413)
        self.assertEqual(self.action.state, "done")
        self.assertEqual(self._post(body, path=path), 200)
        self.assertEqual(self.action.state, "delivered")

    @mute_logger(CONTROLLER_LOG)
    def test_a_recorded_request_is_refused(self):
        self.provider.sms_receipt_time_header = "X-Time"
        raw = json.dumps(
            {"reference": self.action.sms_ids.uuid, "status": "delivered"}
        ).encode()

        def post(moment, signed_at):
            headers = {
                "X-Time": str(moment),
                "X-Signature": signature.sign(SECRET, raw, str(signed_at)),
            }
            return self._post(raw, headers=headers)

        now = int(fields.Datetime.now().timestamp())
        self.assertEqual(post(now - 400, now - 400), 403)
        self.assertEqual(post(now, now - 400), 403)
        self.assertEqual(self._post(raw), 403)
        self.assertEqual(self.action.state, "done")
        self.assertEqual(post(now, now), 200)
        self.assertEqual(self.action.state, "delivered")

    def test_unknown_reference_is_kept(self):
        self.assertEqual(self._post({"reference": "nobody's", "status": "failed"}), 200)
        receipt = self._receipts()
        self.assertEqual((receipt.state, receipt.action_id.id), ("open", False))
        self.assertIn("nobody's", receipt.payload)
        self.assertEqual(self._post({"reference": "nobody's", "status": "failed"}), 200)
        self.assertEqual(self._receipts(), receipt)

    def test_unknown_word_waits_until_somebody_says_what_it_means(self):
        self._report("arrivato")
        receipt = self._receipts()
        self.assertEqual((receipt.state, receipt.action_id), ("open", self.action))
        self.assertIn("arrivato", receipt.reason)
        self.assertEqual(self.action.state, "done")
        operator = self._user("operator")
        receipt.with_user(operator).action_again()
        self.assertEqual(receipt.state, "open")
        self.provider.sms_words_delivered += ", Arrivato"
        with self.assertRaises(AccessError):
            receipt.with_user(self._user("reader")).action_again()
        receipt.with_user(operator).action_again()
        self.assertEqual((receipt.state, self.action.state), ("matched", "delivered"))

    def test_what_cannot_be_read_is_kept(self):
        for body in (b"<xml/>", b"\xff\x00", b'["text"]'):
            with self.subTest(body=body):
                self.assertEqual(self._post(body), 200)
                self.assertEqual(self._post(body), 200)
        self.assertEqual(self._receipts().mapped("state"), ["open"] * 3)

    def test_a_gateway_speaks_for_what_it_has_sent_only(self):
        other = self.provider.copy({"sms_receipt_secret": "other", "company_id": False})
        body = {"reference": self.action.sms_ids.uuid, "status": "failed"}
        path = other.sms_receipt_url.split("/", 3)[3]
        self.assertEqual(self._post(body, secret="other", path=path), 200)
        self.assertEqual(self.action.state, "done")
        self.assertEqual(self._receipts().state, "open")

    def test_a_gateway_that_is_no_longer_used_still_reports(self):
        self.provider.active = False
        self._report("delivered")
        self.assertEqual(self.action.state, "delivered")

    # ------------------------------------------------------------------
    # Odoo's own service
    # ------------------------------------------------------------------
    def _odoo_reports(self, action, status):
        payload = [{"uuids": [action.sms_ids.uuid], "sms_status": status}]
        self.env.flush_all()
        self.make_jsonrpc_request("/sms/status", {"message_statuses": payload})
        self.env.invalidate_all()

    def test_receipts_of_odoo(self):
        self.provider.active = False
        cases = [
            ("sent", "done", 0),
            ("delivered", "delivered", 0),
            ("not_delivered", "failed", 0),
            ("invalid_destination", "failed", 1),
        ]
        for status, state, dead in cases:
            with self.subTest(status=status):
                self._bill(50, 40, self._supply(self.customer, status))
                action = self._sent()
                self.assertFalse(action.provider_id)
                self._odoo_reports(action, status)
                self.assertEqual(action.state, state)
                self.assertEqual(len(self.customer.creditbox_failed_address_ids), dead)
                self.assertFalse(action.sms_ids.to_delete, "a later one may come")
        self.assertEqual(self.action.state, "done")

    def test_odoo_does_not_speak_for_a_gateway(self):
        self._odoo_reports(self.action, "not_delivered")
        self.assertEqual(self.action.state, "done")

    # ------------------------------------------------------------------
    # who sees it, what is refused at saving
    # ------------------------------------------------------------------
    def test_companies_see_their_own(self):
        self._report("delivered")
        self._post({"reference": "nobody's", "status": "failed"})
        other = self.setup_other_company()["company"]
        receipts = self._receipts()
        self.assertEqual(receipts.with_user(self._user("reader")).search([]), receipts)
        stranger = self._user("administrator", other)
        self.assertFalse(receipts.with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            receipts[0].with_user(self._user("operator")).write({"state": "handled"})
        with self.assertRaises(AccessError):
            self.provider.with_user(self._user("manager")).read(["sms_receipt_url"])

    def test_a_word_means_one_thing(self):
        with self.assertRaisesRegex(ValidationError, "«sent»"):
            self.provider.sms_words_delivered = "Sent"

    def test_sender(self):
        for sender in ("ACQUE", "Acque2026", "+393331234567", "339", "12345678901"):
            with self.subTest(sender=sender):
                self.provider.sms_sender = sender
        for sender in (
            "ACQUE DI TREVI",
            "ACQUE&C",
            "ACQUEDIMILANO",
            "Città",
            "12",
            " ",
        ):
            with (
                self.subTest(sender=sender),
                self.assertRaisesRegex(ValidationError, "Gateway: «"),
            ):
                self.provider.sms_sender = sender
