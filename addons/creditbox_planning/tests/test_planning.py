from odoo.tests import freeze_time, tagged

from .common import (
    FRIDAY,
    MONDAY,
    NOW,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    PlanningCommon,
)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestPlanning(PlanningCommon):
    """Plan in one press: what goes where, and why the rest does not."""

    def _reason(self, order, **values):
        planning = self._preview(order, **values)
        self.assertFalse(planning.planned_ids)
        return planning.unplanned_ids.reason

    def test_planned_in_one_press(self):
        orders = self._order() | self._order() | self._order("check")
        planning = self._preview(orders)
        self.assertEqual(planning.planned_count, 3)
        self.assertFalse(orders.person_id, "nothing is planned by a preview")
        planning.action_confirm()
        self.assertEqual(set(orders.mapped("creditbox_state")), {"planned"})
        self.assertEqual(len(orders.person_id), 1, "neighbours go to one crew")
        self.assertEqual(set(orders.mapped("creditbox_route_sequence")), {1, 2, 3})
        self.assertEqual(
            orders.sorted("scheduled_date_start"),
            orders.sorted("creditbox_route_sequence"),
        )
        self.assertIn("Crew", orders[0].message_ids[0].body)
        self.assertEqual(planning.state, "done")
        planning.action_confirm()  # pressed twice

    def test_terms_first(self):
        self.crew.creditbox_day_orders = 1
        self.second.active = False
        plain = self._order("check", priority="3")
        bound = self._order("reactivation", creditbox_deadline=WEDNESDAY)
        self._plan(plain | bound, first=WEDNESDAY)
        self.assertEqual(self._day(bound), WEDNESDAY)
        self.assertEqual(self._day(plain), THURSDAY)

    def test_room_is_made_for_terms(self):
        """Crew 1 alone may do the second; the first moves to crew 2."""
        checks = self.env.ref("creditbox_planning.work_reactivation")
        self.second.creditbox_work_ids = checks
        both = self.crew | self.second
        both.creditbox_day_orders = 1
        first = self._order("reactivation", creditbox_deadline=TUESDAY)
        other = self._order("check", creditbox_deadline=TUESDAY)
        planning = self._plan(first | other)
        self.assertEqual(planning.late_count, 0)
        self.assertEqual(other.person_id, self.crew)
        self.assertEqual(first.person_id, self.second)

    def test_late_where_nobody_is_free(self):
        self.second.active = False
        self.crew.creditbox_absence_ids = [(0, 0, {"date_from": WEDNESDAY})]
        order = self._order("reactivation", creditbox_deadline=WEDNESDAY)
        planning = self._plan(order, first=WEDNESDAY)
        self.assertEqual(self._day(order), THURSDAY)
        self.assertEqual(planning.late_count, 1)

    def test_forbidden_days(self):
        order = self._order()
        self.assertIn("Fridays", self._reason(order, first=FRIDAY, days=3))
        self._plan(order, first=FRIDAY, days=4)
        self.assertEqual(self._day(order), MONDAY)

    def test_reasons(self):
        works = self.env.ref("creditbox_planning.work_check")
        area = self.env["creditbox.area"].create(
            {"name": "Pisa", "cities": "Pisa", "company_id": self.company.id}
        )
        crews = self.crew | self.second
        order = self._order()
        crews.creditbox_work_ids = works
        self.assertIn("No crew has the skill: Suspension", self._reason(order))
        crews.write({"creditbox_work_ids": False, "creditbox_area_ids": area.ids})
        self.assertIn("works in 56025 Pontedera", self._reason(order))
        area.zips = "560"
        crews.creditbox_absence_ids = False
        self.env["creditbox.absence"].create(
            [
                {"crew_id": crew.id, "date_from": TUESDAY, "date_to": FRIDAY}
                for crew in crews
            ]
        )
        self.assertIn("nobody works", self._reason(order))
        self.env["creditbox.absence"].search([]).unlink()
        crews.creditbox_day_orders = 1
        six = [self._order() for _number in range(7)]
        planning = self._preview(order.union(*six))
        self.assertEqual(planning.planned_count, 6)
        self.assertIn("Crew 1, Crew 2: full until", planning.unplanned_ids[0].reason)
        crews.active = False
        self.assertEqual(self._reason(order), "The company has no crew.")
        done = self._order(state="done")
        self.assertIn("Done", self._reason(done))

    def test_changed_meanwhile(self):
        one, other, third = self._order(), self._order(), self._order()
        (self.crew | self.second).creditbox_day_orders = 1
        mine = self._preview(one | other)
        yours = self._plan(third)
        self.env.cr.execute(
            "UPDATE fsm_order SET write_date = now() + interval '1 hour' WHERE id = %s",
            [other.id],
        )
        self.env.invalidate_all()
        mine.action_confirm()
        reasons = {line.order_id: line for line in mine.unplanned_ids}
        self.assertIn("Changed", reasons[other].reason)
        self.assertIn("Somebody else", reasons[one].reason)
        self.assertEqual(yours.planned_count, 1)

    def test_queries_do_not_grow(self):
        few = self._order() | self._order()
        many = few.union(*(self._order() for _number in range(20)))
        planner = self.env["creditbox.planner"].with_user(self.operator)

        def queries(orders):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            proposals = planner._plan(orders, self.company, TUESDAY, FRIDAY)
            self.assertEqual(len(proposals), len(orders))
            return self.env.cr.sql_log_count - before

        queries(few)  # what is read once stays in the caches
        self.assertLessEqual(queries(many), queries(few))
