from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, freeze_time, tagged

from ..tools.sending_hours import SendingHours
from .common import DunningCommon
from .test_channel_sms import gateway

ROME = ZoneInfo("Europe/Rome")
USUAL = SendingHours(ROME, (8.0, 20.0), (9.0, 13.0), (0.0, 0.0))
SPAN = st.tuples(st.integers(0, 48), st.integers(0, 48)).map(
    lambda halves: tuple(half / 2 for half in sorted(halves))
)


@tagged("post_install", "-at_install")
class TestSendingHours(TransactionCase):
    def _opening(self, text, hours=USUAL):
        """By the clock in Rome, as text."""
        moment = datetime.fromisoformat(text).replace(tzinfo=ROME)
        opening = hours.opening(moment).astimezone(ROME)
        return opening.strftime("%Y-%m-%d %H:%M")

    def test_usual_hours(self):
        for ready, leaves in [
            ("2026-06-30 10:00", "2026-06-30 10:00"),  # Tuesday
            ("2026-06-30 07:59", "2026-06-30 08:00"),
            ("2026-06-30 20:00", "2026-07-01 08:00"),
            ("2026-07-03 21:00", "2026-07-04 09:00"),  # Friday evening
            ("2026-07-04 12:59", "2026-07-04 12:59"),
            ("2026-07-04 13:00", "2026-07-06 08:00"),
            ("2026-07-05 10:00", "2026-07-06 08:00"),  # Sunday
            ("2026-04-03 20:30", "2026-04-04 09:00"),
            ("2026-04-04 14:00", "2026-04-07 08:00"),  # Easter and its Monday
            ("2026-12-24 20:00", "2026-12-28 08:00"),  # 25 Friday, 26 Saturday
            ("2026-03-28 13:00", "2026-03-30 08:00"),  # the clocks change in between
        ]:
            with self.subTest(ready=ready):
                self.assertEqual(self._opening(ready), leaves)

    def test_other_hours(self):
        always = SendingHours(ROME, (0, 24), (0, 24), (0, 24), holidays=True)
        sundays = SendingHours(ROME, (0, 0), (0, 0), (10.5, 12))
        for hours, ready, leaves in [
            (always, "2026-12-25 03:00", "2026-12-25 03:00"),
            (always, "2026-07-05 23:59", "2026-07-05 23:59"),
            (sundays, "2026-06-30 10:00", "2026-07-05 10:30"),
            (sundays, "2026-04-05 11:00", "2026-04-12 10:30"),  # Easter
            (USUAL._replace(holidays=True), "2026-12-25 10:00", "2026-12-25 10:00"),
        ]:
            with self.subTest(ready=ready):
                self.assertEqual(self._opening(ready, hours), leaves)

    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        minutes=st.integers(0, 15 * 366 * 24 * 60),
        weekdays=SPAN,
        saturday=SPAN,
        sunday=SPAN,
        holidays=st.booleans(),
    )
    def test_it_leaves_within_the_hours_and_as_soon_as_possible(
        self, minutes, weekdays, saturday, sunday, holidays
    ):
        hours = SendingHours(ROME, weekdays, saturday, sunday, holidays)
        ready = datetime(2020, 1, 1, tzinfo=timezone.utc) + timedelta(minutes=minutes)
        opening = hours.opening(ready)
        self.assertGreaterEqual(opening, ready)
        if all(begin == end for begin, end in hours[1:4]):
            return
        self.assertEqual(hours.opening(opening), opening)
        # never between «ready» and «opening» is it open
        between = ready + (opening - ready) / 2
        self.assertEqual(hours.opening(between), opening)


@tagged("post_install", "-at_install")
class TestSmsHours(DunningCommon):
    """A queue that is released in the evening waits for the morning."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"lang": "en_US", "creditbox_mobile": "+393331234567"})
        cls.env["creditbox.template"].create(
            [
                {
                    "name": "Test SMS",
                    "code": "sms",
                    "sequence": 0,
                    "company_id": cls.company.id,
                    "text": "Please pay {{ amount }}",
                }
            ]
        )
        row = {"code": "sms", "step": 1, "wait_before": 10, "template_id": False}
        cls.table = cls._table(cls.company, [row])

    def setUp(self):
        super().setUp()
        server = gateway()
        self.gateway = server.__enter__()
        self.addCleanup(server.__exit__, None, None, None)
        self.env["creditbox.provider"].create(
            {
                "name": "Gateway",
                "kind": "sms",
                "sms_url": f"http://127.0.0.1:{self.gateway.server_port}/send",
            }
        )
        self.bill = self._bill(100, 40)

    def _execute(self):
        return super()._execute().run_id

    def _send(self):
        self.env.flush_all()
        self.env["sms.sms"]._creditbox_process_queue()
        self.env.invalidate_all()

    def _sent(self):
        return [sent["to"] for sent, _headers in self.gateway.received]

    @freeze_time("2026-06-30 19:00:00")  # 21:00 in Rome
    def test_evening(self):
        run = self._execute()
        action = run.action_ids
        self._send()
        self.assertFalse(self._sent())
        self.assertEqual(action.state, "sending")
        morning = fields.Datetime.to_datetime("2026-07-01 06:00:00")
        self.assertEqual((action.wait_until, action.wait_for_hours), (morning, True))
        self.assertEqual((run.waiting_count, run.wait_until), (1, morning))
        with freeze_time("2026-07-01 06:00:00"):
            self._send()
            self.assertEqual(self._sent(), ["+393331234567"])
            self.assertFalse(action.wait_until)
            self.assertEqual((action.state, run.waiting_count), ("done", 0))

    @freeze_time("2026-06-30 19:00:00")
    def test_the_debt_is_looked_at_in_the_morning(self):
        action = self._execute().action_ids
        self._pay(100, self.bill)
        with freeze_time("2026-07-01 06:00:00"):
            self._send()
        self.assertFalse(self._sent())
        self.assertEqual(action.state, "cancelled")

    @freeze_time("2026-06-30 10:00:00")
    def test_what_was_released_in_time_but_was_not_reached(self):
        """Also a button, or a retry, does not ring in the evening."""
        action = self._execute().action_ids
        with freeze_time("2026-06-30 18:30:00"):
            action.sms_ids._send()
            self.assertFalse(self._sent())
            self.assertEqual(
                action.wait_until, fields.Datetime.to_datetime("2026-07-01 06:00:00")
            )
            self.assertFalse(self._marks(action.sms_ids))
            self.assertFalse(action.sms_ids.creditbox_attempts)

    @freeze_time("2026-06-30 10:00:00")
    def test_a_try_that_failed_is_no_quiet_hour(self):
        action = self._execute().action_ids
        self.gateway.status = 503
        self._send()
        self.assertEqual(
            action.wait_until, fields.Datetime.now() + timedelta(minutes=5)
        )
        self.assertFalse(action.wait_for_hours)

    @freeze_time("2026-06-30 19:00:00")
    def test_a_number_abroad_waits_too(self):
        self.customer.creditbox_mobile = "+12025550123"
        self._execute()
        self._send()
        self.assertFalse(self._sent())

    @freeze_time("2026-06-30 19:00:00")
    def test_by_the_clock_of_the_company(self):
        self.company.partner_id.tz = "America/New_York"
        self._execute()
        self._send()
        self.assertEqual(self._sent(), ["+393331234567"])

    @freeze_time("2026-06-30 19:00:00")
    def test_other_hours_release_what_waits(self):
        self._execute()
        self._send()
        settings = self.env["creditbox.company.settings"].with_user(
            self._user("administrator")
        )
        settings.create({"company_id": self.company.id, "creditbox_sms_weekday_to": 22})
        self._send()
        self.assertEqual(self._sent(), ["+393331234567"])

    @freeze_time("2026-06-30 19:00:00")
    def test_companies_have_their_own_hours(self):
        other = self.setup_other_company()["company"]
        other.creditbox_sms_weekday_to = 22
        self.assertFalse(other._creditbox_sms_opening())
        self.assertTrue(self.company._creditbox_sms_opening())

    @freeze_time("2026-06-30 19:00:00")
    def test_an_operator_sees_what_waits(self):
        run = self._execute()
        operator = self._user("reader")
        self.assertTrue(run.action_ids.with_user(operator).wait_until)
        self.assertEqual(run.with_user(operator).waiting_count, 1)

    def test_hours_are_checked(self):
        for values in (
            {"creditbox_sms_weekday_from": 21},
            {"creditbox_sms_sunday_to": 24.5},
            {"creditbox_sms_saturday_from": -1},
            {"creditbox_sms_weekday_to": 8, "creditbox_sms_saturday_to": 9},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.company.write(values)
