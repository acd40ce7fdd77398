from datetime import datetime

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from .common import FRIDAY, NOW, THURSDAY, WEDNESDAY, PlanningCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestMove(PlanningCommon):
    """Moved by hand: in the calendar, on the board, on the map; fallen out."""

    def setUp(self):
        super().setUp()
        self.second.creditbox_day_orders = 2
        self.orders = self._order() | self._order() | self._order()
        self.second.active = False
        self._plan(self.orders, first=WEDNESDAY)
        self.second.active = True
        self.orders = self.orders.sorted("scheduled_date_start").with_user(
            self.operator
        )
        self.first, self.middle, self.last = self.orders

    def _moment(self, day, hour):
        return self.company._creditbox_moment(day, hour)

    def test_board_by_crew(self):
        """Dragged to another crew it keeps day and hour; numbers follow."""
        start = self.first.scheduled_date_start
        self.first.write({"person_id": self.second.id})
        self.assertEqual(self.first.scheduled_date_start, start)
        self.assertEqual(self.first.creditbox_route_sequence, 1)
        self.assertEqual(self.middle.creditbox_route_sequence, 1)
        self.assertEqual(self.last.creditbox_route_sequence, 2)
        self.assertIn("Crew 2", self.first.message_ids[0].body)

    def test_board_by_day(self):
        self.first.write({"creditbox_day": THURSDAY.isoformat()})
        self.assertEqual(self._day(self.first), THURSDAY)
        self.assertEqual(self.first.creditbox_day, THURSDAY.isoformat())
        with self.assertRaisesRegex(UserError, "Fridays"):
            self.first.write({"creditbox_day": FRIDAY.isoformat()})

    def test_calendar(self):
        free = self._moment(WEDNESDAY, 15)
        self.first.write({"scheduled_date_start": free, "scheduled_duration": 0.5})
        self.assertEqual(self.first.scheduled_date_start, free)
        self.assertEqual(self.first.creditbox_route_sequence, 3)
        taken = self.middle.scheduled_date_start
        with self.assertRaisesRegex(UserError, self.middle.name):
            self.first.write({"scheduled_date_start": taken})
        with self.assertRaisesRegex(UserError, "not free"):
            self.first.write({"scheduled_date_start": self._moment(WEDNESDAY, 12.5)})
        with self.assertRaisesRegex(UserError, "forbidden|Fridays"):
            self.first.write({"scheduled_date_start": self._moment(FRIDAY, 10)})

    def test_refused(self):
        two = self._order(), self._order()
        for order in two:
            order.with_user(self.operator).action_assign(
                self.second.id, WEDNESDAY.isoformat()
            )
        with self.assertRaisesRegex(UserError, "2 orders on"):
            self.first.write({"person_id": self.second.id})
        self.second.creditbox_day_orders = 0
        self.second.creditbox_work_ids = self.env.ref("creditbox_planning.work_check")
        with self.assertRaisesRegex(UserError, "has not the skill"):
            self.first.write({"person_id": self.second.id})
        self.second.creditbox_work_ids = False
        self.second.creditbox_area_ids = self.env["creditbox.area"].create(
            {"name": "Lucca", "cities": "Lucca", "company_id": self.company.id}
        )
        with self.assertRaisesRegex(UserError, "does not work in 56025 Pontedera"):
            self.first.write({"person_id": self.second.id})
        self.second.creditbox_area_ids = False
        self.second.creditbox_absence_ids = [Command.create({"date_from": WEDNESDAY})]
        with self.assertRaisesRegex(UserError, "does not work on"):
            self.first.write({"person_id": self.second.id})
        self.first.sudo().creditbox_state = "done"
        with self.assertRaisesRegex(UserError, "does not change"):
            self.first.write({"person_id": self.second.id})

    def test_taken_from_the_crew(self):
        self.first.action_assign(False)
        self.assertEqual(self.first.creditbox_state, "accepted")
        self.assertEqual(self.middle.creditbox_route_sequence, 1)
        self.last.action_send()
        with self.assertRaisesRegex(UserError, "call it back"):
            self.last.action_assign(False)

    def test_sent_tells_the_crews(self):
        user = new_test_user(self.env, "crew", groups="base.group_portal")
        self.crew.partner_id.user_ids = user
        self.first.action_send()
        self.env["bus.bus"].sudo().search([]).unlink()
        self.first.write({"person_id": self.second.id})
        self.env.cr.precommit.run()
        sent = self.env["bus.bus"].sudo().search([]).mapped("message")
        self.assertTrue(any("creditbox_order_replanned" in text for text in sent))
        self.assertEqual(sum("creditbox_crew_replanned" in text for text in sent), 2)
        self.assertEqual(self.first.creditbox_state, "sent")
        self.assertIn("Planned anew", self.first.message_ids[0].body)

    def test_fallen_out(self):
        """The others keep their hours, or move up, as the company says."""
        hours = self.orders.mapped("scheduled_date_start")
        self.first.action_cancel()
        self.assertEqual(self.middle.scheduled_date_start, hours[1])
        self.assertEqual(self.middle.creditbox_route_sequence, 1)
        self.assertEqual(self.first.creditbox_route_sequence, 0)
        self.company.creditbox_fall_out = "up"
        self.middle.action_recall("Later")
        self.assertEqual(self.last.scheduled_date_start, hours[1])
        self.assertEqual(self.last.creditbox_route_sequence, 1)
        self.assertIn("Planned anew", self.last.message_ids[0].body)

    def test_a_payment_closes_the_day_up(self):
        order, bill = self._hand_order()
        order.with_user(self.operator).write(
            {
                "person_id": self.crew.id,
                "scheduled_date_start": self._moment(WEDNESDAY, 15),
            }
        )
        self.assertEqual(order.creditbox_state, "planned")
        self.last.write({"scheduled_date_start": self._moment(WEDNESDAY, 16)})
        self.assertEqual(order.creditbox_route_sequence, 3)
        self.assertEqual(self.last.creditbox_route_sequence, 4)
        self._pay(100, bill)
        self.assertEqual(order.creditbox_state, "stopped")
        self.assertEqual(order.creditbox_route_sequence, 0)
        self.assertEqual(self.last.creditbox_route_sequence, 3)

    def test_map(self):
        waiting = self._order()
        nowhere = self._order(latitude=0, longitude=0)
        shown = self.env["fsm.order"].with_user(self.operator)
        shown = shown.with_company(self.company).get_map(WEDNESDAY.isoformat())
        self.assertEqual([o["id"] for o in shown["orders"]], self.orders.ids)
        self.assertEqual([o["sequence"] for o in shown["orders"]], [1, 2, 3])
        values = {order["id"]: order for order in shown["waiting"]}
        self.assertTrue(values[waiting.id]["position"])
        self.assertIsNone(values[nowhere.id]["position"])
        self.assertTrue(shown["may_plan"])

    def test_rights(self):
        reader = new_test_user(
            self.env,
            "looker",
            groups="creditbox_base.group_reader",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        with self.assertRaises(AccessError):
            self.first.with_user(reader).action_assign(self.second.id)
        with self.assertRaises(AccessError):
            self.env["creditbox.planning"].with_user(reader).create({})

    def test_companies(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "stranger",
            groups="creditbox_base.group_supervisor",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        with self.assertRaises(AccessError):
            self.first.with_user(stranger).action_assign(self.second.id)
        planner = self.env["creditbox.planning"].with_user(stranger)
        planning = planner.create({"company_id": other.id})
        planning.action_preview()
        self.assertFalse(planning.planned_count + planning.unplanned_count)
        area = self.env["creditbox.area"].create(
            {"name": "Pisa", "cities": "Pisa", "company_id": self.company.id}
        )
        self.assertNotIn(
            area, self.env["creditbox.area"].with_user(stranger).search([])
        )
        foreign = self._crew("Foreign", company_id=other.id)
        with self.assertRaises(UserError):
            self.first.write({"person_id": foreign.id})

    def test_moment_is_local(self):
        self.first.action_assign(self.crew.id, THURSDAY.isoformat())
        local = self.company._creditbox_local(self.first.scheduled_date_start)
        self.assertGreaterEqual(local.hour, 8)
        self.assertIsInstance(self.first.scheduled_date_start, datetime)
