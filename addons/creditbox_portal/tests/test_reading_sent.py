from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from ..models.creditbox_supply import DoubtfulReading
from .common import PortalCommon, png, receipt


@tagged("creditbox", "post_install", "-at_install")
class TestReadingSent(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supply.date_start = cls.today - timedelta(days=300)
        cls.meter = cls.supply.meter_id
        for days, value in ((200, 1000), (100, 1100)):  # 1 a day
            cls._read(days, value)

    @classmethod
    def _read(cls, days, value, source="operator"):
        return cls.env["creditbox.meter.reading"].create(
            {
                "meter_id": cls.meter.id,
                "date": cls.today - timedelta(days=days),
                "value": value,
                "source": source,
            }
        )

    def _send(self, value, **options):
        return self.supply._creditbox_self_reading(self.user, value, **options)

    def test_taken(self):
        photo = receipt(png(), "foto.png")
        reading = self._send(1200, photo=photo)
        self.assertEqual(
            (reading.value, reading.source, reading.date, reading.user_id),
            (1200, "customer", self.today, self.user),
        )
        self.assertTrue(reading.photo)
        self.assertFalse(reading.doubtful)

    def test_not_lower_than_what_was_read(self):
        with self.assertRaisesRegex(UserError, "cannot be lower"):
            self._send(1099, confirmed=True)

    def test_an_estimate_may_have_been_too_high(self):
        self._read(30, 1300, "estimate")
        self.assertEqual(self._send(1180).value, 1180)

    def test_much_more_is_to_be_confirmed(self):
        with self.assertRaisesRegex(DoubtfulReading, "more than usual"):
            self._send(11800)
        self.assertTrue(self._send(11800, confirmed=True).doubtful)

    def test_one_a_day(self):
        self._send(1200)
        with self.assertRaisesRegex(UserError, "already sent"):
            self._send(1201)
        with freeze_time(self.today + timedelta(days=1)):
            self.assertEqual(self._send(1201).value, 1201)

    def test_no_figure(self):
        for value in (-1, float("nan"), float("inf"), 10**9):
            with self.subTest(value=value), self.assertRaises(UserError):
                self._send(value)

    def test_the_first_reading(self):
        self.meter.reading_ids.unlink()
        self.assertEqual(self._send(0).value, 0)

    def test_not_after_the_end(self):
        removed = self.env["creditbox.meter.state"].search([("final", "=", True)])[:1]
        for vals in (
            {"date_end": self.today - timedelta(days=1)},
            {"meter_id": False},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                with self.env.cr.savepoint():
                    self.supply.write(vals)
                    self._send(1200)
        self.meter.meter_state_id = removed
        with self.assertRaises(UserError):
            self._send(1200)

    def test_readings_of_who_was_there_before_are_not_shown(self):
        self.supply.date_start = self.today - timedelta(days=150)
        self.assertEqual(self.supply._creditbox_readings().mapped("value"), [1100])
        self.supply.date_start = False
        self.assertFalse(self.supply._creditbox_readings())
        self._bill_now(50, 60)  # issued 80 days ago
        self.assertFalse(self.supply._creditbox_readings())
        self._bill_now(50, 100)  # issued 120 days ago
        self.assertEqual(self.supply._creditbox_readings().mapped("value"), [1100])
