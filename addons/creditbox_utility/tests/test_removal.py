from datetime import date

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools.safe_eval import safe_eval

from odoo.addons.creditbox_dunning.tests.law import NOTICE_DAY

from ..models.creditbox_position_removal import ACTIVITY
from .common import DEADLINE, NOW, PROOF, UtilityCommon

CUT = date(2026, 6, 29)
LATER = "2026-07-31 08:00:00"


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestRemoval(UtilityCommon):
    """Proposed once the last term has passed, ordered by people alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.removable = cls.env.ref("creditbox_base.meter_type_removable")
        cls.supply.meter_id.meter_type_id = cls.removable
        cls.regulation.write(
            {
                "step_ids": [
                    Command.create({"legal_step": "removal", "channel": "technical"})
                ],
                "term_ids": [
                    Command.create(
                        {
                            "legal_step": "removal",
                            "days": 100,
                            "unit": "solar",
                            "event": "delivered",
                            "event_step": "notice",
                        }
                    )
                ],
            }
        )

    def _suspended(self, day=CUT):
        """:return: the position of a supply that was suspended, and its bill"""
        position, bill = self._lawful()
        self._off(position, day)
        return position, bill

    def _off(self, positions, day=CUT):
        meters = positions.supply_id.meter_id
        meters.meter_state_id = self.suspended
        meters.state_history_ids.sudo().date = day

    def _night(self, now=LATER):
        with freeze_time(now), self.enter_registry_test_mode():
            self.env.ref(
                "creditbox_utility.ir_cron_propose_removals"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def _removals(self):
        return self.Order.search([("creditbox_operation", "=", "removal")])

    def test_proposed_then_ordered_by_its_button(self):
        position, _bill = self._suspended()
        clerk = self._user("operator")
        position.user_id = clerk
        for now in ("2026-07-18 08:00:00", "2026-07-28 08:00:00"):
            self._night(now)  # too early: the law; then the company's own days
            self.assertFalse(position.removal_proposed)
        for _night in range(2):
            self._night()
            self.assertEqual(
                position.activity_ids.activity_type_id.res_model, position._name
            )
            self.assertEqual(len(position.activity_ids), 1)
            self.assertEqual(position.activity_ids.user_id, clerk)
            self.assertFalse(self._removals(), "never by a machine")
        window = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_utility.creditbox_position_action_removals"
        )
        listed = position.with_user(clerk).search(safe_eval(window["domain"]))
        self.assertEqual(listed, position)
        with freeze_time(LATER):
            with self.assertRaises(AccessError):
                position.with_user(self._user("reader")).action_order_removal()
            position.with_user(clerk).action_order_removal()
        order = self._removals()
        self.assertEqual(order.creditbox_position_id, position)
        self.assertEqual(order.creditbox_user_id, clerk)
        position.invalidate_recordset()
        self.assertFalse(position.removal_proposed)
        self._night()
        self.assertFalse(position.removal_proposed, "an order is under way")

    def test_not_proposed(self):
        for why, change in (
            ("supplied", lambda p, b: p.supply_id.meter_id.write(
                {"meter_state_id": self.active.id})),
            ("closed", lambda p, b: p.supply_id.meter_id.write(
                {"meter_state_id": self.closed.id})),
            ("not removable", lambda p, b: p.supply_id.meter_id.write(
                {"meter_type_id": self.suspendable.id})),
            ("protected", lambda p, b: (
                self.regulation.step_ids.write({"spares_protected": True}),
                p.supply_id.write({"protected_until": date(2027, 1, 1)}),
            )),
            ("paid", lambda p, b: self._pay(100, b)),
            ("an order is open", lambda p, b: self._ask(p, "check")),
            ("never", lambda p, b: self.company.write({"creditbox_removal_days": 0})),
        ):  # fmt: skip
            with self.subTest(why), self._rolled_back():
                position, bill = self._suspended()
                change(position, bill)
                position.supply_id.meter_id.state_history_ids.sudo().date = CUT
                with freeze_time(LATER):
                    self._propose(self.company)
                self.assertFalse(position.removal_proposed)

    def _propose(self, company):
        positions = self.env["creditbox.position"]
        if company.creditbox_removal_days:
            positions._put_away_removals(company)
            found = positions._for_removal(company, positions)
            found._propose_removal()
        self.env.flush_all()
        self.env.invalidate_all()

    def test_put_away_when_it_may_no_longer_be_done(self):
        position, bill = self._suspended()
        self._night()
        self.assertTrue(position.removal_proposed)
        self._pay(100, bill)
        self._night()
        self.assertFalse(position.removal_proposed)
        self.assertFalse(position.activity_ids)
        self.assertIn("no longer proposed", position.message_ids[0].body)

    def test_answered_it_is_not_asked_the_next_day(self):
        position, _bill = self._suspended()
        self._night()
        with freeze_time(LATER):
            position.activity_feedback([ACTIVITY], feedback="Not yet")
        for now, proposed in (
            ("2026-08-03 08:00:00", False),
            ("2026-09-02 08:00:00", True),
        ):
            self._night(now)
            self.assertEqual(position.removal_proposed, proposed, now)

    def _many(self, count, name):
        """:return: positions suspended, with their notice proved"""
        supplies = self.env["creditbox.supply"]
        for number in range(count):
            supplies |= self._supply(
                self._customer(f"{name} {number}"),
                f"{name}{number}",
                service_type_id=self.heating.id,
                meter_type_id=self.removable.id,
            )
            self._bill(100, due=date(2026, 3, 1), supply=supplies[-1])
        actions = self._run(NOTICE_DAY).action_ids
        self._done(actions, NOTICE_DAY)
        actions.sudo().date_deadline = DEADLINE
        for action in actions:
            action._mark_delivered(PROOF)
        self._off(supplies.position_ids)
        return supplies.position_ids

    def test_queries_do_not_grow(self):
        positions = self._many(16, "A").sorted("id")

        def count(positions):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            positions.with_prefetch()._propose_removal()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        with freeze_time(LATER):
            found = positions._for_removal(self.company, positions[:0])
            self.assertEqual(found, positions)
            count(positions[:2])  # what is read once
            count(positions[2:6])
            self.assertEqual(count(positions[6:7]), count(positions[7:]))
        self.env.invalidate_all()
        self.assertEqual(positions.filtered("removal_proposed"), positions)

    def test_set_by_set(self):
        positions = self._many(5, "C").sorted("id")
        with freeze_time(LATER):
            first = positions._for_removal(self.company, positions[:0], limit=3)
            rest = positions._for_removal(self.company, first, limit=3)
        self.assertEqual((first, rest), (positions[:3], positions[3:]))

    def test_two_companies(self):
        position, _bill = self._suspended()
        other = self.setup_other_company()["company"]
        with freeze_time(LATER):
            self._propose(other)
            self.assertFalse(position.removal_proposed)
            self._propose(self.company)
        self.assertTrue(position.removal_proposed)
        self.assertNotIn(other, position.activity_ids.user_id.company_id)
        stranger = self._user("manager", company=other)
        seen = self.env["creditbox.position"].with_user(stranger)
        self.assertFalse(seen.search(seen._domain_removal_proposed()))
        with freeze_time(LATER), self.assertRaises(AccessError):
            position.with_user(stranger).action_order_removal()
