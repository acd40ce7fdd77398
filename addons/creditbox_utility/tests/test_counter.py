import base64
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import NOW, UtilityCommon

PDF = base64.b64encode(b"%PDF-1.4 a receipt")


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCounter(UtilityCommon):
    """A payment that the customer shows, before the bank's file brings it."""

    def _declare(self, amount=100, user=None, **values):
        supply = values.pop("supply_id", self.supply.id)
        payment = (
            self.env["creditbox.counter.payment"]
            .with_user(user or self.env.user)
            .create({"supply_id": supply, "amount": amount, **values})
        )
        return payment, payment.action_declare()

    def _holds(self):
        return self.env["creditbox.hold"].search(
            [("reason_id.code", "=", "counter"), ("company_id", "=", self.company.id)]
        )

    def test_it_stops_the_order_and_ends_by_itself(self):
        order, bill = self._workflow_order()
        self._bring(order, "sent")
        payment, answer = self._declare(
            user=self._user("operator"),
            reference="VCY 0042",
            receipt=PDF,
            receipt_name="receipt.pdf",
        )
        self.assertEqual(payment.amount_due, 0, "on hold")
        self.assertEqual(order.creditbox_state, "stopped")
        self.assertIn("On hold until", order.creditbox_note)
        self.assertIn(order.name, answer["params"]["message"])
        hold = self._holds()
        self.assertEqual(hold.supply_id, self.supply)
        self.assertEqual(hold.date_to, date(2026, 7, 9), "seven working days")
        self.assertIn("VCY 0042", hold.note)
        self.assertEqual(hold.message_ids.attachment_ids.name, "receipt.pdf")
        with freeze_time("2026-07-10 08:00:00"):
            self.env["creditbox.position"]._refresh(self.customer.ids)
            again = self._ask(order.creditbox_position_id, "check")
            self.assertTrue(again.line_ids.order_id, "the hold is over")
        self.assertEqual(bill.amount_residual, 100)

    def test_a_part_is_noted_and_stops_nothing(self):
        order, _bill = self._workflow_order()
        _payment, answer = self._declare(40)
        self.assertEqual(order.creditbox_state, "requested")
        self.assertFalse(self._holds())
        self.assertEqual(answer["params"]["type"], "warning")
        self.assertTrue(
            self.customer.message_ids.filtered(lambda m: "40" in (m.body or ""))
        )

    def test_half_is_enough_of_a_condominium(self):
        self.supply.condominium = True
        self._condominium_law()
        for amount, state in ((49, "requested"), (50, "stopped")):
            with self.subTest(amount=amount), self._rolled_back():
                order, _bill = self._workflow_order()
                self._declare(amount)
                self.assertEqual(order.creditbox_state, state)

    def test_what_cannot_be(self):
        self._workflow_order()
        for values, why in (
            ({"amount": 0}, "how much"),
            ({"date_paid": "2026-07-01"}, "last year"),
            ({"date_paid": "2025-06-01"}, "last year"),
            ({"receipt": base64.b64encode(b"MZ\x90")}, "PDF"),
        ):
            with self.subTest(values=values), self.assertRaisesRegex(UserError, why):
                self._declare(**values)
        self._declare()
        with self.assertRaisesRegex(UserError, "Told already"):
            self._declare()
        self.assertEqual(len(self._holds()), 1)

    def test_a_reader_may_not(self):
        self._workflow_order()
        with self.assertRaises(AccessError):
            self._declare(user=self._user("reader"))

    def test_it_gives_back_what_was_cut(self):
        order, bill = self._workflow_order()
        self._cut(order)
        self._declare()
        back = self._reactivations()
        self.assertEqual(back.creditbox_state, "requested")
        self._pay(100, bill)
        self.assertEqual(self._reactivations(), back, "one of them is enough")

    def test_refused_it_is_withdrawn(self):
        order, _bill = self._workflow_order()
        self._cut(order)
        self._declare()
        self._holds().action_release()
        self.assertEqual(self._reactivations().creditbox_state, "recalled")
        self.assertEqual(self.supply.meter_state_id, self.suspended)
