from datetime import timedelta
from unittest.mock import patch

import requests

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..models.creditbox_information_report import DELAYS
from ..tools import limited_http
from .information_server import InformationServer
from .test_information_file import InformationCommon

# kept before Odoo's tests put a fence around it
SEND = requests.sessions.Session.send


@tagged("creditbox", "post_install", "-at_install")
class TestInformationHttp(InformationCommon):
    @classmethod
    def _request_handler(cls, session, request, /, **options):
        """Real requests, to this machine only."""
        if request.url.startswith("http://127.0.0.1:"):
            return SEND(session, request, **options)
        return super()._request_handler(session, request, **options)

    @classmethod
    def provider_values(cls):
        return {
            "info_method": "http",
            "info_url": "http://127.0.0.1:9/none",
            "info_secret": "s3cret",
        }

    def setUp(self):
        super().setUp()
        self.server = self.enterContext(InformationServer())
        self.provider.info_url = self.server.url

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "creditbox_evaluation.ir_cron_information"
            ).method_direct_trigger()
        self.reports.invalidate_model()

    def ask_one(self):
        return self.ask(self.customers[0])

    def test_question_and_answer(self):
        self.server.answers = [
            (200, {"rating": "B1", "amount_limit": 2000, "price": "2.5", "extra": 1})
        ]
        report = self.ask_one()
        self.run_cron()
        self.assertEqual((report.state, report.rating), ("received", "B1"))
        self.assertEqual((report.amount_limit, report.price), (2000, 2.5))
        self.assertIn('"extra": 1', report.raw)
        headers, body = self.server.requests[0]
        self.assertEqual(headers["Authorization"], "Bearer s3cret")
        self.assertEqual(headers["Idempotency-Key"], report.reference)
        self.assertEqual(body["vat"], "IT12345670017")
        self.run_cron()
        self.assertEqual(len(self.server.requests), 1)

    def test_fields_of_the_provider(self):
        for column in self.provider.info_column_ids:
            if column.field_name == "vat":
                column.heading = "piva"
            elif column.field_name == "rating":
                column.heading = "data.score"
        self.server.answers = [(200, {"data": {"score": "77"}})]
        report = self.ask_one()
        self.run_cron()
        self.assertEqual(report.rating, "77")
        self.assertIn("piva", self.server.requests[0][1])

    def test_ways_of_access(self):
        self.provider.write({"info_auth": "header", "info_user": "X-Key"})
        self.ask_one()
        self.run_cron()
        self.assertEqual(self.server.requests[-1][0]["X-Key"], "s3cret")
        self.provider.write({"info_auth": "basic", "info_user": "me"})
        self.ask(self.customers[1])
        self.run_cron()
        self.assertEqual(
            self.server.requests[-1][0]["Authorization"], "Basic bWU6czNjcmV0"
        )

    def test_answer_comes_later(self):
        self.server.answers = [(202, {}), (200, {"rating": "C"})]
        report = self.ask_one()
        self.run_cron()
        self.assertEqual((report.state, report.attempts), ("asked", 0))
        self.run_cron()
        self.assertEqual(report.state, "asked")  # not yet time
        report.next_try = fields.Datetime.now()
        self.run_cron()
        self.assertEqual(report.state, "received")
        keys = {headers["Idempotency-Key"] for headers, _body in self.server.requests}
        self.assertEqual(keys, {report.reference})

    def test_tried_again_then_given_up(self):
        self.server.answers = [(503, b"busy")]
        report = self.ask_one()
        for attempt, delay in enumerate(DELAYS, 1):
            self.run_cron()
            self.assertEqual((report.state, report.attempts), ("queued", attempt))
            wait = report.next_try - fields.Datetime.now()
            self.assertAlmostEqual(
                wait, timedelta(minutes=delay), delta=timedelta(minutes=1)
            )
            report.next_try = fields.Datetime.now()
        self.run_cron()
        self.assertEqual((report.state, report.trouble), ("failed", "503 busy"))
        self.server.answers = [(200, {"rating": "A"})]
        self.as_user(self.operator, report).action_retry()
        self.run_cron()
        self.assertEqual(report.state, "received")

    def test_no_use_in_asking_again(self):
        large = b'{"rating": "%s"}' % (b"x" * limited_http.LARGEST)
        for status, body, words in (
            (401, b"who are you", "401 who are you"),
            (302, b"", "302"),
            (200, b"<html>", "answer is no JSON"),
            (200, b"[1]", "answer is no JSON object"),
            (200, {"rating": ""}, "says nothing"),
            (200, {"rating": "A", "amount_limit": "many"}, "Recommended Limit"),
            (200, large, "larger than 1 MB"),
        ):
            with self.subTest(words):
                self.server.answers = [(status, body)]
                report = self.ask_one()
                self.run_cron()
                self.assertEqual(report.state, "failed")
                self.assertIn(words, report.trouble)
                report.unlink()
        self.assertEqual(len(self.server.requests), 7)  # followed nowhere

    def test_server_that_is_not_there(self):
        self.provider.info_url = "http://127.0.0.1:9/none"
        report = self.ask_one()
        self.run_cron()
        self.assertEqual((report.state, report.trouble), ("queued", "ConnectionError"))

    def test_server_that_does_not_answer(self):
        with patch.object(limited_http, "READ_SECONDS", 0.1):
            slow = self.enterContext(InformationServer())
            slow.answers = [(200, {})]
            slow._http.RequestHandlerClass.do_POST = lambda handler: __import__(
                "time"
            ).sleep(1)
            self.provider.info_url = slow.url
            report = self.ask_one()
            self.run_cron()
        self.assertEqual((report.state, report.trouble), ("queued", "ReadTimeout"))

    def test_one_that_fails_stops_no_other(self):
        self.server.answers = [(500, b""), (200, {"rating": "A"})]
        reports = self.ask()
        self.run_cron()
        self.assertEqual(sorted(reports.mapped("state")), ["queued", "received"])

    def test_insolvency_is_told_at_once(self):
        self.make_bill(self.customers[0], 100, days=30)
        self.server.answers = [
            (200, {"insolvency": True, "date_insolvency": "2026-01-31"})
        ]
        self.ask_one()
        self.run_cron()
        alert = self.alerts_of(self.customers[0], ("kind", "=", "insolvency"))
        self.assertIn("01/31/2026", alert.text)
        self.assertEqual(self.position(self.customers[0]).state, "held")

    def test_secret_is_the_administrators(self):
        for role, allowed in (("manager", False), ("administrator", True)):
            with self.subTest(role):
                provider = self.as_user(self.make_user(role), self.provider)
                if allowed:
                    self.assertEqual(provider.info_secret, "s3cret")
                else:
                    with self.assertRaises(AccessError):
                        provider.read(["info_secret"])

    def test_address_must_be_safe(self):
        for url in ("http://example.com/x", "ftp://127.0.0.1/", "", "https://"):
            with self.subTest(url), self.assertRaises(ValidationError):
                self.provider.info_url = url
        self.provider.info_url = "https://example.com/reports"
