from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .common import NOW, UtilityCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestRequest(UtilityCommon):
    def test_many_each_made_or_refused(self):
        lawful, _bill = self._lawful()
        customer = self._customer("Neri")
        supply = self._supply(customer, "W2", service_type_id=self.heating.id)
        self._bill(80, due=date(2026, 3, 1), supply=supply)
        other = supply.position_ids
        request = self._ask(lawful | other, user=self._user("operator"))
        by_position = request.line_ids.grouped("position_id")
        self.assertTrue(by_position[lawful].order_id)
        self.assertFalse(by_position[lawful].refusal)
        self.assertFalse(by_position[other].order_id)
        self.assertIn("no step of the procedure", by_position[other].refusal)
        self.assertTrue(request.done)

    def test_a_selection_of_supplies_each_made_or_refused(self):
        lawful, _bill = self._lawful()
        refused = self._supply(
            self._customer("Neri"), "W2", service_type_id=self.heating.id
        )
        self._bill(80, due=date(2026, 3, 1), supply=refused)
        new = self._supply(self._customer("Nuovi"), "W3")
        supplies = self.supply | refused | new
        clerk = self._user("operator")
        action = self.env.ref("creditbox_utility.creditbox_supply_action_request")
        window = (
            action.with_user(clerk)
            .with_context(active_model=supplies._name, active_ids=supplies.ids)
            .run()
        )
        request = self.env[window["res_model"]].browse(window["res_id"])
        request = request.with_user(clerk)
        with Form(request) as form:
            form.operation = "suspension"
            self.assertEqual((form.lawful_count, form.refused_count), (1, 2))
        request.action_request()
        rows = request.line_ids.grouped("supply_id")
        self.assertEqual(rows[self.supply].order_id.creditbox_position_id, lawful)
        self.assertFalse(rows[self.supply].refusal)
        for supply, why in ((refused, "no step of the procedure"), (new, "billed")):
            self.assertFalse(rows[supply].order_id)
            self.assertIn(why, rows[supply].refusal)
        self.assertEqual(
            len(self.Order.search(request.action_open_orders()["domain"])), 1
        )
        with self.assertRaises(AccessError):
            supplies.with_user(self._user("reader")).action_request_order()

    def test_nobody_answers_for_a_former_customer(self):
        former, _bill = self._lawful()
        self.supply.partner_id = self._customer("Subentrata")
        window = self.supply.action_request_order()
        request = self.env[window["res_model"]].browse(window["res_id"])
        self.assertNotIn(former, request.position_ids)
        self.assertEqual(request.refused_count, 1)

    def test_the_form_offers_what_is_lawful(self):
        position, _bill = self._lawful()
        action = position.with_user(self._user("operator")).action_request_order()
        request = self.env[action["res_model"]].browse(action["res_id"])
        offers = {o.operation: o.lawful_count for o in request.offer_ids}
        self.assertEqual(
            offers,
            {
                "notice": 1,
                "limitation": 0,
                "power_reduction": 0,
                "suspension": 1,
                "reactivation": 0,
                "removal": 0,
                "check": 1,
            },
        )
        with Form(request) as form:
            form.operation = "limitation"
            self.assertEqual(form.refused_count, 1)
            form.operation = "suspension"
            self.assertEqual(form.refused_count, 0)
            self.assertEqual(form.lawful_count, 1)

    def test_force_only_our_own_rules_and_only_the_manager(self):
        self.company.creditbox_order_threshold = 150
        position, bill = self._lawful()
        why = {"force": True, "forced_reason": "Agreed with the lawyer"}
        with self.assertRaises(AccessError):
            self._ask(position, user=self._user("supervisor"), **why)
        manager = self._user("manager")
        with self.assertRaises(UserError):
            self._ask(position, user=manager, force=True)
        order = self._ask(position, user=manager, **why).line_ids.order_id
        self.assertEqual(order.creditbox_forced_reason, "Agreed with the lawyer")
        self._bring(order, "on_site")
        self._pay(99, bill)
        self.assertEqual(order.creditbox_state, "on_site", "forced: 1 euro is due")
        self._pay(1, bill)
        self.assertEqual(order.creditbox_state, "stopped")
        self.supply.protected_until = date(2026, 12, 31)
        self._bill(100, due=date(2026, 3, 1))
        request = self._ask(position, user=manager, **why)
        self.assertFalse(request.line_ids.order_id, "the law is not forced")

    def test_who_may(self):
        position, _bill = self._lawful()
        for role in ("reader", "controller"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._ask(position, user=self._user(role))
        order = self._ask(position).line_ids.order_id
        reader = self._user("reader")
        self.assertEqual(order.with_user(reader).creditbox_state, "requested")
        for button in ("action_accept", "action_send", "action_done", "action_cancel"):
            with self.subTest(button=button), self.assertRaises(AccessError):
                getattr(order.with_user(reader), button)()

    def test_least_user_from_the_request_to_the_meter(self):
        position, _bill = self._lawful()
        clerk = self._user("operator")
        order = self._ask(position, user=clerk).line_ids.order_id
        self._bring(order.with_user(clerk), "on_site").action_done()
        self.assertEqual(self.supply.meter_state_id, self.suspended)
        self.assertEqual(order.creditbox_user_id, clerk)

    def test_two_companies(self):
        order, _bill = self._hand_order()
        other = self.setup_other_company()["company"]
        stranger = self._user("manager", company=other)
        orders = self.Order.with_user(stranger)
        self.assertNotIn(order, orders.search([]))
        locations = self.env["fsm.location"].with_user(stranger)
        self.assertNotIn(order.location_id, locations.search([]))
        with self.assertRaises(AccessError):
            order.with_user(stranger).action_accept()
        customer = self._customer("Altrove", company=other)
        supply = self._supply(customer, "X1")
        location = self.env["fsm.location"]._creditbox_of(supply)[supply]
        self.assertEqual(location.company_id, other)
        team = self.Order._creditbox_team(other)
        self.assertIn(team.company_id, (other, self.env["res.company"]))

    def test_places_are_made_once_and_follow_the_address(self):
        self.supply.write(
            {"street": "Via Verdi 3", "city": "Milano", "latitude": 45.4642035}
        )
        places = self.env["fsm.location"]
        place = places._creditbox_of(self.supply)[self.supply]
        self.assertEqual(place.street, "Via Verdi 3")
        self.assertAlmostEqual(place.partner_latitude, 45.4642035)
        self.supply.street = "Via Verdi 5"
        self.assertEqual(places._creditbox_of(self.supply)[self.supply], place)
        self.assertEqual(place.street, "Via Verdi 5")

    def test_queries_do_not_grow_with_the_orders(self):
        supplies = self.env["creditbox.supply"]
        for number in range(20):
            customer = self._customer(f"Gialli {number}")
            supply = self._supply(
                customer, f"N{number}", service_type_id=self.heating.id
            )
            self._bill(100, due=date(2026, 3, 1), supply=supply)
            supplies |= supply
        positions = supplies.position_ids

        def count(chosen):
            demands = self.Order._demands_by_hand(chosen, "check")
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.Order._request(demands, "operator")
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(positions[:1])  # what is read once
        few, many = count(positions[1:4]), count(positions[4:20])
        self.assertLess(many, few + 16, (few, many))

    def test_the_screens_open(self):
        order, _bill = self._hand_order()
        clerk = self._user("operator")
        form = self.env.ref("creditbox_utility.fsm_order_view_form")
        with Form(order.with_user(clerk), view=form) as screen:
            screen.scheduled_date_start = "2026-07-01 08:00:00"
        order.with_user(clerk).action_plan()
        self.assertEqual(order.creditbox_state, "planned")
        self.assertEqual(self.supply.order_count, 1)
        self.assertEqual(order.creditbox_position_id.order_count, 1)
        action = self.supply.action_open_orders()
        self.assertEqual(self.Order.search(action["domain"]), order)
