from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import NOW, UtilityCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestPayment(UtilityCommon):
    # -- stop ------------------------------------------------------------------

    def test_a_payment_stops_the_order_wherever_it_is(self):
        for state in ("requested", "accepted", "sent", "on_site"):
            with self.subTest(state=state), self._rolled_back():
                order, bill = self._workflow_order()
                self._bring(order, state)
                with self._heard() as heard:
                    self._pay(100, bill)
                self.assertEqual(order.creditbox_state, "stopped")
                self.assertEqual(order.creditbox_note, "Paid")
                self.assertEqual(order.creditbox_board, "stopped")
                self.assertEqual(order.creditbox_action_id.state, "cancelled")
                self.assertEqual(order.creditbox_alarm, state == "on_site")
                self.assertEqual(bool(order.activity_ids), state in ("sent", "on_site"))
                self.assertIn((order, "creditbox_order_stopped", "Paid"), heard)
                self.assertEqual(self.supply.meter_state_id, self.active)
                with self.assertRaises(UserError):
                    order.action_done()

    def _heard(self):
        """What Odoo's bus was told: [(channel, event, reason)]."""
        heard = []

        def sendone(_bus, target, event, message):
            heard.append((target, event, message.get("reason")))

        class Heard:
            def __enter__(heard_self):
                heard_self.patch = patch.object(
                    self.env.registry["bus.bus"], "_sendone", sendone
                )
                heard_self.patch.start()
                return heard

            def __exit__(heard_self, *_args):
                heard_self.patch.stop()

        return Heard()

    def test_by_hand_it_stops_too(self):
        order, bill = self._hand_order()
        self._bring(order, "sent")
        self._pay(100, bill)
        self.assertEqual(order.creditbox_state, "stopped")

    def test_bills_that_somebody_else_has_stop_it(self):
        """With a lawyer, in a plan, proposed for write-off: nothing is cut for them."""
        order, bill = self._hand_order()
        self._bring(order, "sent")
        line = bill.line_ids.filtered("date_maturity")
        self.env["creditbox.item"]._exclude(line, "litigation")
        self.assertEqual(order.creditbox_state, "stopped")

    def test_what_was_cut_stays_cut_with_a_lawyer(self):
        order, bill = self._hand_order()
        self._bring(order, "on_site")
        order.action_check_debt()
        order.action_done()
        line = bill.line_ids.filtered("date_maturity")
        self.env["creditbox.item"]._exclude(line, "litigation")
        reactivations = self.Order.search(
            [
                ("creditbox_supply_id", "=", self.supply.id),
                ("creditbox_operation", "=", "reactivation"),
            ]
        )
        self.assertFalse(reactivations)
        self.assertEqual(self.supply.meter_state_id, self.suspended)

    def test_a_part_stops_only_under_the_limits(self):
        for limits, paid, state in (
            ({}, 99, "requested"),
            ({"creditbox_order_threshold": 30}, 60, "requested"),
            ({"creditbox_order_threshold": 30}, 75, "stopped"),
        ):
            with self.subTest(limits=limits, paid=paid), self._rolled_back():
                self.company.write(limits)
                order, bill = self._hand_order()
                self._pay(paid, bill)
                self.assertEqual(order.creditbox_state, state)
                if state == "stopped":
                    self.assertIn("under the limits", order.creditbox_note)
                else:
                    self.assertAlmostEqual(order.creditbox_amount_due, 100 - paid)

    def test_the_limits_of_the_row(self):
        row = {"step": 2, "legal_step": "suspension", "code": "technical"}
        self._table(
            self.company,
            [self._procedure()[0], {**row, "threshold": 40, "amount_from": 50}],
        )
        order, bill = self._workflow_order()
        self._pay(45, bill)
        self.assertEqual(order.creditbox_state, "requested", "55 are left")
        self._pay(10, bill)
        self.assertEqual(order.creditbox_state, "stopped", "45: under the row's 50")
        self.assertEqual(order.creditbox_action_id.state, "cancelled")

    def test_a_hold_stops_and_says_until_when(self):
        order, _bill = self._workflow_order()
        self.env["creditbox.hold"].create(
            {
                "level": "supply",
                "supply_id": self.supply.id,
                "company_id": self.company.id,
                "reason_id": self.env.ref("creditbox_base.hold_reason_check").id,
                "date_to": date(2026, 7, 10),
            }
        )
        self.assertEqual(order.creditbox_state, "stopped")
        self.assertIn("On hold until 07/10/2026", order.creditbox_note)

    def test_another_customer_pays(self):
        order, _bill = self._workflow_order()
        customer = self._customer("Verdi")
        supply = self._supply(customer, "W9", service_type_id=self.heating.id)
        self._pay(50, self._bill(50, 30, supply=supply))
        self.assertEqual(order.creditbox_state, "requested")

    def test_a_bookkeeper_without_rights_here_stops_too(self):
        order, bill = self._hand_order()
        clerk = self.env["res.users"].create(
            {
                "name": "Cashier",
                "login": "cashier",
                "group_ids": [
                    (4, self.env.ref("account.group_account_invoice").id),
                ],
                "company_id": self.company.id,
                "company_ids": [(6, 0, self.company.ids)],
            }
        )
        self.assertFalse(self.Order.with_user(clerk).has_access("read"))
        payment = self._pay(100, customer=self.customer)
        lines = (payment.move_id | bill).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        lines.with_user(clerk).reconcile()
        self.assertEqual(order.creditbox_state, "stopped")

    # -- the look at the debt ----------------------------------------------------

    def test_no_done_without_a_fresh_look_at_the_debt(self):
        order, _bill = self._hand_order()
        self._bring(order, "on_site")
        with freeze_time("2026-06-30 08:16:00"):
            with self.assertRaisesRegex(UserError, "15 minutes"):
                order.action_done()
            order.action_check_debt()
            order.action_done()
        self.assertEqual(order.creditbox_state, "done")

    def test_paid_at_the_last_second_is_stopped_not_done(self):
        order, bill = self._hand_order()
        self._bring(order, "on_site")
        position = type(self.env["creditbox.position"])
        with patch.object(position, "_on_debt_changed", lambda *args: None):
            self._pay(100, bill)  # the hook has not seen it
        result = order.action_done()
        self.assertEqual(order.creditbox_state, "stopped")
        self.assertEqual(result["params"]["type"], "danger")
        self.assertEqual(self.supply.meter_state_id, self.active)

    def test_carried_out_though_paid_is_an_alarm_of_a_supervisor(self):
        order, bill = self._workflow_order()
        self._bring(order, "on_site")
        self._pay(100, bill)
        with self.assertRaises(AccessError):
            order.with_user(self._user("operator")).action_done_though_paid("x")
        order.with_user(self._user("supervisor")).action_done_though_paid("No signal")
        self.assertEqual(order.creditbox_state, "done")
        self.assertTrue(order.creditbox_alarm)
        self.assertIn("No signal", order.creditbox_note)
        reactivation = self._reactivations()
        self.assertEqual(reactivation.priority, "3")
        self.assertEqual(self.supply.meter_state_id, self.to_reactivate)
        self.assertEqual(order.creditbox_action_id.state, "cancelled")

    # -- reactivation ---------------------------------------------------------------

    def test_a_payment_gives_the_supply_back(self):
        order, bill = self._workflow_order()
        self._cut(order)
        self.assertTrue(order.creditbox_cuts)
        self._pay(60, bill)
        self.assertFalse(self._reactivations(), "not all is paid")
        self._pay(40, bill)
        reactivation = self._reactivations()
        self.assertRecordValues(
            reactivation,
            [
                {
                    "creditbox_state": "requested",
                    "creditbox_origin": "payment",
                    "priority": "2",
                    "creditbox_board": "to_reactivate",
                    "creditbox_deadline": date(2026, 7, 2),
                }
            ],
        )
        self.assertEqual(self.supply.meter_state_id, self.to_reactivate)
        self._pay(5)  # again: one reactivation only
        self.assertEqual(self._reactivations(), reactivation)
        self._bring(reactivation, "on_site").action_done()
        self.assertEqual(self.supply.meter_state_id, self.active)
        self.assertFalse(order.creditbox_cuts)

    def test_the_regulated_term(self):
        order, _bill = self._hand_order()
        for moment, deadline in (
            ("2026-06-30 08:00:00", date(2026, 7, 2)),
            ("2026-06-30 16:30:00", date(2026, 7, 3)),  # after 18 in Italy
            ("2026-07-03 08:00:00", date(2026, 7, 6)),  # Friday: Saturday counts
            ("2026-12-24 08:00:00", date(2026, 12, 29)),  # Christmas does not
        ):
            with self.subTest(moment=moment), freeze_time(moment):
                self.assertEqual(order._reactivation_deadline(), deadline)

    def test_water_electricity_and_gas_have_their_terms(self):
        power = self.env.ref("creditbox_base.service_type_electricity")
        order, _bill = self._hand_order()
        for service, operation, deadline in (
            (self.water, "suspension", date(2026, 7, 2)),
            (self.gas, "suspension", date(2026, 7, 2)),
            (power, "suspension", date(2026, 7, 1)),
            (power, "power_reduction", date(2026, 7, 1)),
        ):
            with self.subTest(service=service.name, operation=operation):
                self.supply.service_type_id = service
                order.sudo().creditbox_operation = operation
                self.assertEqual(order._reactivation_deadline(), deadline)

    def test_late(self):
        order, bill = self._hand_order()
        self._cut(order)
        self._pay(100, bill)
        reactivation = self._reactivations()
        self.assertFalse(reactivation.creditbox_late)
        with freeze_time("2026-07-03 08:00:00"):
            reactivation.invalidate_recordset()
            self.assertTrue(reactivation.creditbox_late)
            found = self.Order.search([("creditbox_late", "=", True)])
            self.assertIn(reactivation, found)

    def test_its_cost_as_the_regulation_says(self):
        for allowed, state, charged in (
            (False, "pending", True),
            ("no", "refused", False),
        ):
            with self.subTest(allowed=allowed), self._rolled_back():
                self.company.creditbox_reactivation_cost = 35
                if allowed:
                    self.regulation.cost_ids = [
                        (0, 0, {"cost": "reactivation", "allowed": allowed})
                    ]
                order, bill = self._hand_order()
                self._cut(order)
                self._pay(100, bill)
                reactivation = self._reactivations()
                self._bring(reactivation, "on_site").action_done()
                charge = reactivation.creditbox_charge_ids
                self.assertEqual(charge.amount, 35)
                self.assertEqual(charge.state, state)
                self.assertEqual(reactivation.creditbox_charged, charged)

    def test_removal_closes_the_meter(self):
        self.supply.meter_id.meter_type_id = self.env.ref(
            "creditbox_base.meter_type_removable"
        )
        self.regulation.step_ids = [
            (0, 0, {"legal_step": "removal", "channel": "technical"})
        ]
        order, bill = self._hand_order()
        self._cut(order)
        removal = self._ask(order.creditbox_position_id, "removal").line_ids.order_id
        self._cut(removal)
        self.assertEqual(self.supply.meter_state_id, self.closed)
        self.assertFalse(order.creditbox_cuts)
        self._pay(100, bill)
        self.assertFalse(self._reactivations(), "there is no meter any more")
