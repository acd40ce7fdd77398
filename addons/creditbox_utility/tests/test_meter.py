from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .common import NOW, UtilityCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestMeter(UtilityCommon):
    """Another meter than expected is found: the supply is corrected, nothing lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env.ref("creditbox_utility.order_reason_other_meter")
        cls.meter = cls.supply.meter_id

    def _found(self, serial, order=None, user=None):
        order = order or self._bring(self._hand_order()[0], "sent")
        order = order.with_user(user or self.env.user)
        order.action_not_executable(self.other, "Cellar", serial)
        return order

    def test_office(self):
        order = self._bring(self._hand_order()[0], "sent")
        clerk = self._user("operator")
        window = order.with_user(clerk).action_open_close()
        closing = self.env[window["res_model"]].with_user(clerk)
        form = Form(closing.with_context(**window["context"]))
        form.reason_id = self.other
        with self.assertRaises(AssertionError, msg="the serial number is required"):
            form.save()
        form.meter = " N-77 "
        form.save().action_close()
        self.assertEqual(order.creditbox_state, "not_executable")
        self.assertRecordValues(
            order,
            [{"creditbox_expected_meter": "M-W1", "creditbox_found_meter": "N-77"}],
        )
        new = self.supply.meter_id
        self.assertEqual((new.serial, new.meter_state_id), ("N-77", self.active))
        self.assertEqual(new.meter_type_id, self.suspendable)
        self.assertEqual(new.service_type_id, self.supply.service_type_id)
        self.assertFalse(self.meter.active)
        self.assertEqual(self.meter.meter_state_id, self.closed)
        for record in (new, self.meter, self.supply):
            self.assertIn(
                "M-W1 was expected, N-77 was found", record.message_ids[0].body
            )
        self.assertIn("order again", order.activity_ids.summary)

    def test_history_is_kept(self):
        self.env["creditbox.meter.reading"].create(
            {"meter_id": self.meter.id, "value": 12.5, "date": "2026-06-01"}
        )
        self._found("N-77")
        new = self.supply.meter_id
        self.env["creditbox.meter.reading"].create(
            {"meter_id": new.id, "value": 3, "date": "2026-07-01"}
        )
        self.env.flush_all()
        window = self.supply.with_user(self._user("reader")).action_open_history()
        events = self.env[window["res_model"]].search(window["domain"])
        of = events.grouped("kind")
        self.assertEqual(of["exchange"].what.split(" – ")[0], "M-W1 → N-77")
        self.assertEqual(of["exchange"].action_open()["res_id"], new.id)
        self.assertEqual(set(of["reading"].meter_id), {self.meter, new})
        self.assertIn(self.closed, of["state"].state_id.meter_state_id)
        self.assertEqual(len(events), len(set(events.ids)))

    def test_a_meter_of_the_store(self):
        """One that was taken away elsewhere and is known already."""
        known = self.env["creditbox.meter"].create(
            {"serial": "n-77", "meter_state_id": self.closed.id, "active": False}
        )
        self._found("N-77")
        self.assertEqual(self.supply.meter_id, known)
        self.assertTrue(known.active)
        self.assertEqual(known.meter_state_id, self.active)

    def test_the_state_goes_over(self):
        order, bill = self._hand_order()
        self._cut(order)
        self._pay(100, bill)
        back = self._bring(self._reactivations(), "sent")
        self._found("N-77", back)
        self.assertEqual(self.supply.meter_state_id, self.to_reactivate)
        self.assertTrue(order.creditbox_cuts, "it is still to be given back")

    def test_the_meter_of_a_neighbour_stays_there(self):
        neighbour = self._supply(self._customer("Vicini"), "W2")
        order = self._found("M-W2")
        self.assertEqual(self.supply.meter_id, self.meter)
        self.assertEqual(neighbour.meter_id.serial, "M-W2")
        self.assertTrue(self.meter.active)
        for record in (self.supply, neighbour, neighbour.meter_id):
            self.assertIn("is that of W2", record.message_ids[0].body)
        self.assertIn("see which one is wrong", order.activity_ids.summary)
        self.assertFalse(self.env["creditbox.meter.exchange"].search([]))

    def test_a_shared_meter_does_not_end(self):
        twin = self.env["creditbox.supply"].create(
            {
                "code": "W9",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "service_type_id": self.heating.id,
                "meter_id": self.meter.id,
            }
        )
        self._found("N-77")
        self.assertEqual(twin.meter_id, self.meter)
        self.assertTrue(self.meter.active)
        self.assertEqual(self.meter.meter_state_id, self.active)

    def test_what_is_not_taken(self):
        order = self._bring(self._hand_order()[0], "sent")
        for serial in (None, "  ", "m-w1", "x" * 65):
            with self.subTest(serial), self.assertRaises(UserError):
                self._found(serial, order)
        check = self._bring(
            self._ask(order.creditbox_position_id, "check").line_ids.order_id, "sent"
        )
        with self.assertRaisesRegex(UserError, "one by one"):
            self._found("N-77", order | check)
        self.assertEqual(order.creditbox_state, "sent")
        order.action_not_executable(self.reason, None, "N-77")
        self.assertEqual(self.supply.meter_id, self.meter, "for this reason alone")

    def test_who_may(self):
        order = self._bring(self._hand_order()[0], "sent")
        with self.assertRaises(AccessError):
            self._found("N-77", order, self._user("reader"))
        clerk = self._user("operator")
        self._found("N-77", order, clerk)
        exchange = self.env["creditbox.meter.exchange"].search([])
        self.assertEqual(exchange.order_id, order)
        self.assertEqual(exchange.user_id, clerk)
        with self.assertRaises(AccessError):
            exchange.with_user(clerk).date = "2020-01-01"

    def test_two_companies(self):
        other = self.setup_other_company()["company"]
        abroad = self.env["creditbox.meter"].create(
            {"serial": "N-77", "company_id": other.id}
        )
        self._found("N-77")
        self.assertNotEqual(self.supply.meter_id, abroad)
        self.assertEqual(self.supply.meter_id.company_id, self.company)
        stranger = self._user("manager", company=other)
        exchanges = self.env["creditbox.meter.exchange"]
        self.assertTrue(exchanges.search([]))
        self.assertFalse(exchanges.with_user(stranger).search([]))

    def test_the_table_may_ask_again(self):
        order, _bill = self._workflow_order()
        self._found("N-77", self._bring(order, "sent"))
        self.assertEqual(order.creditbox_action_id.state, "failed")
        again = self._ask(order.creditbox_position_id).line_ids.order_id
        self.assertEqual(again.creditbox_meter_id.serial, "N-77")

    def test_a_company_has_its_own_reasons(self):
        own = self.env["creditbox.order.reason"].create(
            {"code": "swap", "name": "Swapped", "asks_meter": True}
        )
        closing = self.env["creditbox.order.close"].create(
            {
                "order_ids": [Command.set(self._hand_order()[0].ids)],
                "reason_id": own.id,
                "meter": "N-78",
            }
        )
        closing.action_close()
        self.assertEqual(self.supply.meter_id.serial, "N-78")
