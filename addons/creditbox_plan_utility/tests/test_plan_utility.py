from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time, tagged

from odoo.addons.creditbox_utility.tests.common import NOW, UtilityCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestPlanUtility(UtilityCommon):
    """What a plan stops at the meter, what it gives back, and when."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._user("operator")
        cls.supervisor = cls._user("supervisor")

    def _plan(self, position, state="live"):
        """:return: a plan, brought as far by those who may"""
        plans = self.env["creditbox.plan"].with_user(self.clerk)
        plan = plans.create(plans._prepare(position.with_user(self.clerk)))
        for button, user, reached in (
            ("action_request", self.clerk, "to_approve"),
            ("action_approve", self.supervisor, "proposed"),
            ("action_accept", self.clerk, "live"),
        ):
            if plan.state != state:
                getattr(plan.with_user(user), button)()
                self.assertEqual(plan.state, reached)
        return plan.with_env(self.env)

    def _cut_in_plan(self, when, state="live"):
        """:return: the order that has cut, and the plan since"""
        self.company.creditbox_plan_gives_back = when
        order, _bill = self._hand_order()
        self._cut(order)
        return order, self._plan(order.creditbox_position_id, state)

    def _pay_line(self, line):
        self._pay(line.amount, line.move_id, self.customer)

    # -- given back ----------------------------------------------------------------

    def test_given_back_when_the_company_says(self):
        for when, event, words in (
            ("agreed", "agreed", "agreed"),
            ("first", "first", "First instalment"),
            ("all", "all", "All is paid"),
        ):
            with self.subTest(when=when), self._rolled_back():
                order, plan = self._cut_in_plan(when)
                seen = {"agreed": len(self._reactivations())}
                self._pay_line(plan.line_ids[0])
                seen["first"] = len(self._reactivations())
                for line in plan.line_ids[1:]:
                    self._pay_line(line)
                seen["all"] = len(self._reactivations())
                events = list(seen)
                after = events.index(event)
                self.assertEqual(
                    seen, {e: int(events.index(e) >= after) for e in events}
                )
                self.assertEqual(plan.state, "kept")
                back = self._reactivations()
                self.assertIn(words, back.creditbox_note)
                self.assertEqual(back.creditbox_origin, "payment")
                self.assertTrue(back.creditbox_deadline)
                self.assertEqual(self.supply.meter_state_id, self.to_reactivate)
                self._cut(back)
                self.assertEqual(self.supply.meter_state_id, self.active)
                self.assertFalse(order.creditbox_cuts)

    def test_not_before_it_is_agreed(self):
        for state in ("to_approve", "proposed"):
            with self.subTest(state=state), self._rolled_back():
                self._cut_in_plan("agreed", state)
                self.assertFalse(self._reactivations())

    def test_accepted_by_paying_the_first(self):
        for when, made in (("first", 1), ("all", 0)):
            with self.subTest(when=when), self._rolled_back():
                order, plan = self._cut_in_plan(when, "proposed")
                bill = order.creditbox_move_line_ids.move_id
                self._pay(plan.line_ids[0].amount, bill)
                self.assertEqual(plan.state, "live")
                self.assertEqual(len(self._reactivations()), made)

    def test_a_part_of_the_first_is_not_enough(self):
        _order, plan = self._cut_in_plan("first")
        first = plan.line_ids[0]
        self._pay(first.amount / 2, first.move_id, self.customer)
        self.assertFalse(self._reactivations())

    def test_a_plan_of_other_bills_does_not_matter(self):
        order, bill = self._hand_order()
        self._cut(order)
        self.company.creditbox_plan_gives_back = "all"
        self.env["creditbox.item"]._exclude(
            bill.line_ids.filtered("date_maturity"), "litigation"
        )
        self._bill(60, 40)
        # later than the payment, which the plan would take else
        with freeze_time("2026-07-01 08:00:00"):
            self._plan(order.creditbox_position_id)
        self.assertFalse(self._reactivations())
        self._pay(100, bill)
        self.assertEqual(len(self._reactivations()), 1)

    def test_by_hand_only_when_forced(self):
        order, _plan = self._cut_in_plan("first")
        position = order.creditbox_position_id
        (line,) = self._ask(position, "reactivation").line_ids
        self.assertIn("first instalment is paid", line.refusal)
        self.assertFalse(line.order_id)
        forced = self._ask(
            position,
            "reactivation",
            user=self._user("manager"),
            force=True,
            forced_reason="A newborn at home",
        )
        self.assertTrue(forced.line_ids.order_id)

    # -- stopped, and come back ----------------------------------------------------

    def test_a_plan_stops_and_its_end_lets_go_on(self):
        order, _bill = self._hand_order()
        self._bring(order, "sent")
        position = order.creditbox_position_id
        plan = self._plan(position, "to_approve")
        self.assertEqual(order.creditbox_state, "stopped")
        self.assertIn(plan.name, order.creditbox_note)
        for button, user in (
            (None, None),
            ("action_approve", self.supervisor),
            ("action_accept", self.clerk),
        ):
            if button:
                getattr(plan.with_user(user), button)()
            (line,) = self._ask(position).line_ids
            self.assertFalse(line.order_id)
            self.assertIn(plan.name, line.refusal)
        plan.with_user(self.supervisor).action_break()
        again = self._ask(position).line_ids.order_id
        self.assertEqual(again.creditbox_state, "requested")
        self.assertEqual(self._cut(again).creditbox_state, "done")

    def test_the_table_comes_back(self):
        order, _bill = self._workflow_order()
        plan = self._plan(order.creditbox_position_id, "to_approve")
        self.assertEqual(order.creditbox_state, "stopped")
        self.assertFalse(self._run().action_ids)
        plan.with_user(self.supervisor).action_refuse()
        self.assertEqual(self._run().action_ids.code, "technical")

    def test_broken_before_the_crew_was_there(self):
        for state, after, alarm in (
            ("requested", "recalled", False),
            ("sent", "sent", True),
        ):
            with self.subTest(state=state), self._rolled_back():
                order, plan = self._cut_in_plan("agreed")
                back = self._bring(self._reactivations(), state)
                plan.with_user(self.supervisor).action_break()
                self.assertEqual(back.creditbox_state, after)
                self.assertEqual(back.creditbox_alarm, alarm)
                self.assertTrue(order.creditbox_cuts)
                if not alarm:
                    self.assertIn(plan.name, back.creditbox_note)
                    self.assertEqual(self.supply.meter_state_id, self.suspended)

    def test_late_is_not_broken(self):
        _order, plan = self._cut_in_plan("first")
        self._pay_line(plan.line_ids[0])
        back = self._reactivations()
        with freeze_time("2026-08-28 08:00:00"):
            plan._value_sets(self.company)
            self.assertEqual(plan.state, "late")
            self._pay(1, plan.line_ids[1].move_id, self.customer)
        self.assertEqual(back.creditbox_state, "requested")

    # -- settings, companies, queries ----------------------------------------------

    def test_settings(self):
        settings = self.env["creditbox.company.settings"].with_company(self.company)
        with Form(settings.with_user(self._user("administrator"))) as form:
            self.assertEqual(form.creditbox_plan_gives_back, "first")
            form.creditbox_plan_gives_back = "all"
        self.assertEqual(self.company.creditbox_plan_gives_back, "all")
        other = self.setup_other_company()["company"]
        self.assertEqual(other.creditbox_plan_gives_back, "first")
        with self.assertRaises(AccessError):
            settings.with_user(self.clerk).create(
                {"company_id": self.company.id, "creditbox_plan_gives_back": "all"}
            )

    def test_queries_do_not_grow(self):
        _order, _plan = self._cut_in_plan("first")
        customers = [self._customer(f"Verdi {number}") for number in range(9)]
        supplies = self.env["creditbox.supply"].union(
            *(
                self._supply(
                    customer, f"V{customer.id}", service_type_id=self.heating.id
                )
                for customer in customers
            )
        )
        for supply in supplies:
            self._bill(100, 60, supply)
        demands = self.Order._demands_by_hand(supplies.position_ids, "suspension")
        orders = self.Order._request(demands, "operator")
        for state in ("accepted", "sent", "on_site"):
            orders._enter(state)
        orders._carry_out()
        for position in supplies.position_ids:
            self._plan(position)
        self.env.flush_all()

        def count(those):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertFalse(those._entitled())
            return self.env.cr.sql_log_count - before

        count(orders)
        self.assertEqual(count(orders[:2]), count(orders))
