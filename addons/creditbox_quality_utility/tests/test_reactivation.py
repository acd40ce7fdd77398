from datetime import timedelta

from odoo import fields
from odoo.tests import freeze_time, tagged

from odoo.addons.creditbox_utility.tests.common import NOW, UtilityCommon


@tagged("creditbox", "post_install", "-at_install")
@freeze_time(NOW)
class TestReactivation(UtilityCommon):
    """From the payment to the meter."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.heating.reactivation_standard = "react_arrears"

    def _paid(self):
        """:return: the reactivation of a supply that was cut, and paid now"""
        order, bill = self._hand_order()
        self._cut(order)
        self._pay(100, bill)
        return self._reactivations()

    def _clock(self):
        return self.env["creditbox.quality.clock"].search(
            [("supply_id", "=", self.supply.id)]
        )

    def test_from_the_payment_to_the_meter(self):
        order = self._paid()
        clock = self._clock()
        self.assertEqual((clock.state, clock.reference), ("running", order.name))
        self.assertEqual(clock.start_at, fields.Datetime.now())
        self.assertEqual(clock.date_due, order.creditbox_deadline)
        self._bring(order, "on_site").action_done()
        self.assertEqual((clock.state, clock.outcome), ("stopped", "in"))

    def test_too_late_is_an_indemnity(self):
        order = self._paid()
        with freeze_time(fields.Datetime.now() + timedelta(days=7)):
            self._bring(order, "on_site").action_done()
            clock = self._clock()
            self.assertEqual(clock.outcome, "out")
            self.assertEqual(clock.indemnity_ids.partner_id, self.customer)

    def test_not_executable_leaves_it_running(self):
        order = self._paid()
        self._bring(order, "on_site").action_not_executable(self.reason)
        self.assertEqual(self._clock().state, "running")

    def test_the_payment_comes_back(self):
        order = self._paid()
        order._withdraw()
        self.assertEqual(order.creditbox_state, "recalled")
        self.assertEqual(self._clock().state, "cancelled")

    def test_a_service_without_standard(self):
        self.heating.reactivation_standard = False
        self.assertTrue(self._paid())
        self.assertFalse(self._clock())
