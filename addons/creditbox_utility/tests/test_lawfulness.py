from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import DEADLINE, NOW, PROOF, UtilityCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestLawfulness(UtilityCommon):
    def _rules(self, position, operation):
        """:return: {rule: sentence} of the refusals"""
        demands = self.Order._demands_by_hand(position, operation)
        [refusals] = self.env["creditbox.lawfulness"]._refusals(demands)
        return {refusal.rule: refusal.sentence for refusal in refusals}

    def test_lawful(self):
        position, _bill = self._lawful()
        for operation in ("suspension", "check", "notice"):
            with self.subTest(operation=operation):
                self.assertEqual(self._rules(position, operation), {})

    def test_each_reason_names_its_rule(self):
        position, bill = self._lawful()
        meter, supply = self.supply.meter_id, self.supply
        fixed = self.env.ref("creditbox_base.meter_type_not_suspendable")
        hold = {
            "level": "supply",
            "supply_id": supply.id,
            "company_id": self.company.id,
            "reason_id": self.env.ref("creditbox_base.hold_reason_complaint").id,
            "date_to": date(2026, 7, 20),
        }
        cases = [
            (
                "suspension",
                "meter_type",
                "M-W1",
                lambda: meter.write({"meter_type_id": fixed.id}),
            ),
            ("removal", "meter_type", "removed", lambda: None),
            (
                "suspension",
                "meter_state",
                "Suspended",
                lambda: meter.write({"meter_state_id": self.suspended.id}),
            ),
            (
                "suspension",
                "meter_state",
                "Closed",
                lambda: meter.write({"meter_state_id": self.closed.id}),
            ),
            ("reactivation", "meter_state", "nothing to reactivate", lambda: None),
            (
                "reactivation",
                "still_due",
                "100",
                lambda: meter.write({"meter_state_id": self.suspended.id}),
            ),
            (
                "suspension",
                "protected",
                "Act 1/2020",
                lambda: supply.write(
                    {
                        "protected_until": date(2026, 12, 31),
                        "protected_reason": "Dialysis",
                    }
                ),
            ),
            (
                "suspension",
                "hold",
                "Complaint under examination",
                lambda: self.env["creditbox.hold"].create(hold),
            ),
            (
                "suspension",
                "nothing_due",
                "Nothing is due",
                lambda: self._pay(100, bill),
            ),
            (
                "suspension",
                "threshold",
                "150",
                lambda: self.company.write({"creditbox_order_threshold": 150}),
            ),
            ("suspension", "no_meter", "W1", lambda: supply.write({"meter_id": False})),
            ("limitation", "no_step", "Heating", lambda: None),
            ("power_reduction", "operation", "another way", lambda: None),
        ]
        for operation, rule, words, change in cases:
            with self.subTest(operation=operation, rule=rule), self._rolled_back():
                change()
                rules = self._rules(position, operation)
                self.assertIn(rule, rules)
                self.assertIn(words, rules[rule])

    def test_the_chain_names_what_is_missing(self):
        cases = [
            ({}, "chain", "missing, or not proved"),
            ({"proof": PROOF}, "chain", "missing, or not proved"),
            (
                {"proof": date(2026, 6, 1), "deadline": DEADLINE},
                "too_early",
                "07/11/2026",
            ),
            (
                {"proof": PROOF, "deadline": date(2026, 6, 29)},
                "too_early",
                "07/02/2026",
            ),
            (
                {"proof": PROOF, "deadline": DEADLINE, "day": date(2026, 3, 10)},
                "chain",
                "too early",
            ),
        ]
        for values, rule, words in cases:
            with self.subTest(**values), self._rolled_back():
                position = self._notice(**values).position_id
                rules = self._rules(position, "suspension")
                self.assertIn(rule, rules)
                self.assertIn(words, rules[rule])
                self.assertIn("Act 1/2020", rules[rule])

    def test_no_notice_at_all(self):
        self._bill(100, due=date(2026, 3, 1))
        position = self.supply.position_ids
        self.assertIn(
            "no step of the procedure", self._rules(position, "suspension")["chain"]
        )

    def test_residents_are_limited_before_they_are_suspended(self):
        self.regulation.step_ids = [
            Command.create({"legal_step": "limitation", "channel": "technical"})
        ]
        other = self.env.ref("creditbox_base.customer_type_non_domestic")
        self.regulation.term_ids = [
            Command.create(
                {
                    "legal_step": "suspension",
                    "days": 25,
                    "unit": "solar",
                    "event": "sent",
                    "event_step": "limitation",
                    "customer_type_ids": [Command.set(other.ids)],
                }
            )
        ]
        position, _bill = self._lawful()
        self.assertEqual(self._rules(position, "suspension"), {})
        self.supply.residential = True
        self.assertIn("limitation", self._rules(position, "suspension")["chain"])
        # by hand: the law counts it as well
        order = self._ask(position, "limitation").line_ids.order_id
        self._cut(order)
        self.assertEqual(self.supply.meter_id.limited_since, date(2026, 6, 30))
        self.assertIn("07/25/2026", self._rules(position, "suspension")["too_early"])
        with freeze_time("2026-07-27 08:00:00"):
            self.assertEqual(self._rules(position, "suspension"), {})

    def test_one_order_against_a_customer_at_a_time(self):
        order, _bill = self._hand_order()
        rules = self._rules(order.creditbox_position_id, "suspension")
        self.assertIn(order.name, rules["under_way"])

    def test_queries_do_not_grow_with_the_positions(self):
        self._lawful()
        positions = self.supply.position_ids
        for number in range(8):
            customer = self._customer(f"Bianchi {number}")
            supply = self._supply(
                customer, f"Q{number}", service_type_id=self.heating.id
            )
            self._bill(100, due=date(2026, 3, 1), supply=supply)
            positions |= supply.position_ids

        def count(chosen):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            demands = self.Order._demands_by_hand(chosen, "suspension")
            self.env["creditbox.lawfulness"]._refusals(demands)
            return self.env.cr.sql_log_count - before

        count(positions)
        self.assertLessEqual(count(positions), count(positions[:2]) + 2)
