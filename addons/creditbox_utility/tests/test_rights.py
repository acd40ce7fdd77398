from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import NOW, UtilityCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestRights(UtilityCommon):
    """Credits, part payments, deposits, payments that come back; indicators."""

    # -- credits that are not matched --------------------

    def _other_supply(self):
        return self._supply(self.customer, "W7")

    def test_a_payment_of_another_supply_stops_nothing(self):
        order, _bill = self._hand_order()
        other = self._other_supply()
        self._bill(100, 200, supply=other)
        self._pay(100, supply=other)
        self.assertEqual(order.creditbox_state, "requested")

    def test_a_payment_of_this_supply_stops_and_says_why(self):
        order, _bill = self._hand_order()
        self._pay(100, supply=self.supply)
        self.assertEqual(order.creditbox_state, "stopped")
        self.assertRegex(order.creditbox_note, "Paid: .*100.00.* not yet matched")

    def test_a_payment_of_no_supply_pays_the_oldest_bill(self):
        for older, state in ((True, "requested"), (False, "stopped")):
            with self.subTest(older=older), self._rolled_back():
                order, _bill = self._hand_order()
                self._bill(
                    100,
                    date(2026, 2, 1) if older else date(2026, 4, 1),
                    supply=self._other_supply(),
                )
                self._pay(100)
                self.assertEqual(order.creditbox_state, state)

    def test_a_payment_may_name_its_supply(self):
        payment = self.env["account.payment"].create(
            {
                "partner_id": self.customer.id,
                "amount": 10,
                "journal_id": self.company_data["default_journal_bank"].id,
                "creditbox_supply_id": self.supply.id,
            }
        )
        payment.outstanding_account_id = self.company_data[
            "default_journal_bank"
        ].default_account_id
        payment.action_post()
        self.assertEqual(payment.move_id.creditbox_supply_id, self.supply)

    def test_the_reason_of_many_stops_takes_no_more_queries(self):
        order, bill = self._hand_order()
        self._pay(100, bill)
        order._reasons_of_stop()
        with self.assertQueryCount(6):
            (order | order.copy())._reasons_of_stop()

    # -- condominium --------------------

    def test_half_of_a_condominium_in_time_and_in_one_go(self):
        self._condominium_law()
        for condominium, day, parts, state in (
            (True, "2026-05-15", (50,), "stopped"),
            (True, "2026-05-21", (50,), "requested"),  # a day too late
            (True, "2026-05-15", (25, 25), "requested"),  # not in one go
            (True, "2026-05-15", (49,), "requested"),
            (False, "2026-05-15", (50,), "requested"),
        ):
            with (
                self.subTest(condominium=condominium, day=day, parts=parts),
                self._rolled_back(),
            ):
                self.supply.condominium = condominium
                order, bill = self._hand_order()
                for part in parts:
                    self._pay_on(day, part, bill)
                self.assertEqual(order.creditbox_state, state)
                if state == "stopped":
                    self.assertIn("11/15/2026", order.creditbox_note)

    def test_the_balance_must_come(self):
        self._condominium_law()
        self.supply.condominium = True
        order, bill = self._hand_order()
        self._pay_on("2026-05-15", 50, bill)
        position = order.creditbox_position_id
        refused = self._ask(position).line_ids.refusal
        self.assertIn("Part payment of a condominium", refused)
        half = self.env["creditbox.half.payment"]
        self.assertTrue(half._until(position))
        with freeze_time("2026-11-16 10:00:00"):
            self.assertFalse(half._until(position), "the procedure goes on")

    def _pay_on(self, day, amount, bill):
        with freeze_time(f"{day} 10:00:00"):
            payment = self.env["account.payment"].create(
                {
                    "partner_id": bill.partner_id.id,
                    "amount": amount,
                    "journal_id": self.company_data["default_journal_bank"].id,
                    "date": day,
                }
            )
            if not payment.outstanding_account_id:
                payment.outstanding_account_id = self.company_data[
                    "default_journal_bank"
                ].default_account_id
            payment.action_post()
        lines = (payment.move_id | bill).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        lines.reconcile()

    # -- deposit --------------------

    def test_the_debt_is_compared_with_the_deposit(self):
        position, _bill = self._lawful()
        for share, deposit, refused in (
            (100, 100, True),
            (100, 99, False),
            (0, 100, False),
        ):
            with self.subTest(share=share, deposit=deposit), self._rolled_back():
                self._figures(deposit_share=share)
                self.supply.deposit = deposit
                sentence = self._ask(position).line_ids.refusal or ""
                self.assertEqual("security deposit" in sentence, refused, sentence)

    # -- a payment that comes back --------------------

    def _given_back(self, state):
        order, bill = self._workflow_order()
        self._cut(order)
        self._pay(100, bill)
        back = self._reactivations()
        self._bring(back, state)
        return back, bill

    def test_a_payment_that_comes_back(self):
        for state, after, alarm in (
            ("requested", "recalled", False),
            ("accepted", "recalled", False),
            ("sent", "sent", True),
            ("on_site", "on_site", True),
        ):
            with self.subTest(state=state), self._rolled_back():
                back, bill = self._given_back(state)
                self._unpay(bill)
                self.assertEqual(back.creditbox_state, after)
                self.assertEqual(back.creditbox_alarm, alarm)
                self.assertEqual(bool(back.activity_ids), alarm)
                if not alarm:
                    self.assertEqual(self.supply.meter_state_id, self.suspended)
                    self._pay(100, bill)
                    again = self._reactivations() - back
                    self.assertEqual(again.creditbox_state, "requested")

    def _unpay(self, bill):
        bill.line_ids.remove_move_reconcile()
        # the money is gone too, else it still counts as a credit
        self.env["account.payment"].search(
            [("partner_id", "=", bill.partner_id.id)]
        ).action_draft()

    # -- the run --------------------

    def test_a_run_is_done_when_its_orders_are_handed_over(self):
        order, _bill = self._workflow_order()
        run = order.creditbox_action_id.run_id
        run._finish_if_over()
        self.assertEqual(run.state, "done")
        self.assertEqual(run.order_open_count, 1)
        self.assertEqual(self.Order.search(run.action_open_orders()["domain"]), order)
        self.assertFalse(self._run().action_ids, "the action is under way")
        self._cut(order)
        self.assertEqual(order.creditbox_action_id.state, "done")
        run.invalidate_recordset()
        self.assertEqual(run.order_open_count, 0)

    # -- the chain --------------------

    def test_the_evaluation_knows_orders_by_hand(self):
        self.regulation.step_ids = [
            Command.create({"legal_step": "limitation", "channel": "technical"})
        ]
        self.regulation.term_ids = [
            Command.create(
                {
                    "legal_step": "suspension",
                    "event": "sent",
                    "event_step": "limitation",
                    "days": 10,
                }
            )
        ]
        position, _bill = self._lawful()
        for cut, day, exception in (
            (False, "2026-07-14 08:00:00", "no_chain"),
            (True, "2026-07-07 08:00:00", "too_early"),
            (True, "2026-07-14 08:00:00", False),
        ):
            with self.subTest(cut=cut, day=day), self._rolled_back():
                if cut:
                    self._cut(self._ask(position, "limitation").line_ids.order_id)
                with freeze_time(day):
                    action = self._run().action_ids
                    self.assertEqual(action.exception, exception)

    # -- indicators --------------------

    def _rows(self, orders):
        self.env.flush_all()
        return self.env["creditbox.order.report"].search(
            [("order_id", "in", orders.ids)], order="id"
        )

    def test_indicators(self):
        prices = self.env["creditbox.order.price"]
        for operation, day, price, wasted in (
            ("suspension", "2026-01-01", 20, 8),
            ("suspension", "2026-06-30", 25, 9),
            ("suspension", "2026-07-15", 99, 99),
        ):
            prices.create(
                {
                    "operation": operation,
                    "company_id": self.company.id,
                    "date_from": day,
                    "price": price,
                    "price_wasted": wasted,
                }
            )
        for end, values in (
            ("done", {"done": 1, "stopped": 0, "wasted": 0, "cost": 25}),
            ("stopped", {"done": 0, "stopped": 1, "wasted": 1, "cost": 9}),
            ("not_executable", {"done": 0, "stopped": 0, "wasted": 1, "cost": 9}),
        ):
            with self.subTest(end=end), self._rolled_back():
                order, bill = self._hand_order()
                self._bring(order, "on_site")
                if end == "done":
                    with freeze_time("2026-06-30 08:12:00"):
                        order.action_done()
                elif end == "stopped":
                    self._pay(100, bill)
                else:
                    order.action_not_executable(self.reason)
                row = self._rows(order)
                self.assertRecordValues(row, [values])
                self.assertAlmostEqual(row.days, (end == "done") * 12 / 60 / 24, 4)
                self.assertEqual(row.action_open_order()["res_id"], order.id)

    def test_the_history_of_a_supply(self):
        order, bill = self._hand_order()
        self._cut(order)
        self.env["creditbox.meter.reading"].create(
            {"meter_id": self.supply.meter_id.id, "value": 12.5}
        )
        self.env.flush_all()
        window = self.supply.with_user(self._user("reader")).action_open_history()
        events = self.env[window["res_model"]].search(window["domain"])
        of = events.grouped("kind")
        self.assertEqual(of["order"].order_id, order)
        self.assertIn("Suspension", of["order"].what)
        self.assertEqual(of["order"].action_open()["res_id"], order.id)
        self.assertEqual(of["bill"].move_id, bill)
        self.assertIn("12.5", of["reading"].what)
        self.assertIn(self.suspended.name, of["state"][0].what)

    def test_late_reactivations(self):
        back, _bill = self._given_back("requested")
        for now, late in (("2026-07-02 20:00:00", 0), ("2026-07-03 06:00:00", 1)):
            with self.subTest(now=now), freeze_time(now):
                self.env.invalidate_all()
                self.assertEqual(self._rows(back).late, late)

    def test_indicators_of_another_company(self):
        order, _bill = self._hand_order()
        other = self.env["res.company"].create({"name": "Other"})
        reader = self._user("reader", other)
        rows = self._rows(order).with_user(reader)
        self.assertFalse(rows.search([("order_id", "=", order.id)]))
