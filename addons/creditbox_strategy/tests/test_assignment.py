from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import NOW, StrategyCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestAssignment(StrategyCommon):
    def _simulated(self, **values):
        assignment = self._assignment(**values)
        assignment.with_user(self.supervisor).action_simulate()
        return assignment

    def _applied(self, **values):
        assignment = self._simulated(**values)
        assignment.with_user(self.supervisor).action_apply()
        return assignment

    # -- simulated -------------------------------------------------------------------

    def test_nothing_changes_hands_on_paper(self):
        positions = self._positions(100, 90, 80, 70)
        positions[0].user_id = self.anna.user_id
        assignment = self._simulated()
        self.assertRecordValues(
            assignment,
            [{"state": "simulated", "position_count": 3, "moved_count": 3}],
        )
        self.assertEqual(positions.user_id, self.anna.user_id)
        loads = {load.user_id: load for load in assignment.load_ids}
        anna, bruno = loads[self.anna.user_id], loads[self.bruno.user_id]
        self.assertEqual((anna.count_before, bruno.count_before), (1, 0))
        self.assertEqual((anna.count_after, bruno.count_after), (2, 2))
        self.assertEqual(anna.amount_after + bruno.amount_after, 340)
        self.assertFalse(positions[1:].assignment_line_ids)

    def test_what_changes_the_question_forgets_the_answer(self):
        self._positions(100)
        assignment = self._simulated()
        assignment.with_user(self.supervisor).scope = "all"
        self.assertEqual(assignment.state, "draft")
        self.assertFalse(assignment.line_ids | assignment.line_ids.search([]))
        with self.assertRaisesRegex(UserError, "Simulate it first"):
            assignment.action_apply()

    def test_without_operators_or_portfolios(self):
        self._positions(100)
        (self.anna | self.bruno).active = False
        with self.assertRaisesRegex(UserError, "No operator"):
            self._simulated()
        self.portfolio.active = False
        with self.assertRaisesRegex(UserError, "no portfolio"):
            self._simulated()

    # -- applied -----------------------------------------------------------------------

    def test_applied_and_logged_once(self):
        positions = self._positions(100, 90, 80, 70)
        assignment = self._applied(reason="A fair <share>")
        by_user = positions.grouped("user_id")
        self.assertEqual({len(group) for group in by_user.values()}, {2})
        self.assertTrue(all(positions.mapped("user_by_rule")))
        for position in positions:
            line = position.assignment_line_ids
            self.assertRecordValues(
                line,
                [{"user_from_id": False, "user_to_id": position.user_id.id,
                  "portfolio_id": self.portfolio.id, "reason": "A fair <share>"}],
            )  # fmt: skip
            message = position.message_ids.filtered(lambda m: "share" in m.body)
            self.assertEqual(len(message), 1)
            self.assertIn(position.user_id.name, message.body)
            self.assertIn("&lt;share&gt;", message.body)
        self.assertEqual((assignment.state, assignment.moved_count), ("applied", 4))
        with self.assertRaisesRegex(UserError, "Simulate it first"):
            assignment.with_user(self.supervisor).action_apply()

    def test_what_somebody_assigned_meanwhile_is_left_out(self):
        positions = self._positions(100, 90)
        assignment = self._simulated()
        other = self._operator("carla").user_id
        positions[0].user_id = other
        assignment.with_user(self.supervisor).action_apply()
        self.assertEqual(positions[0].user_id, other)
        self.assertTrue(positions[1].user_id)
        self.assertEqual((assignment.stale_count, assignment.moved_count), (1, 1))
        self.assertFalse(positions[0].assignment_line_ids)

    # -- what may move -----------------------------------------------------------------

    def test_by_hand_stays_unless_asked(self):
        positions = self._positions(100, 100, 100, 100)
        positions.write({"user_id": self.anna.user_id.id})
        for scope, moved in (("new", 0), ("rule", 0), ("all", 2)):
            with self.subTest(scope):
                self.assertEqual(self._simulated(scope=scope).moved_count, moved)
        positions.write({"user_id": self.anna.user_id.id, "user_by_rule": True})
        self.assertEqual(self._simulated(scope="rule").moved_count, 2)
        positions._assign(self.bruno.user_id)
        self.assertFalse(any(positions.mapped("user_by_rule")), "by hand again")

    def test_a_customer_has_one_operator(self):
        first = self._positions(100)
        self._bill(
            50, 30, supply=self._supply(first.partner_id, "SECOND"),
        )  # fmt: skip
        second = first.search([("partner_id", "=", first.partner_id.id)]) - first
        second.user_id = self.bruno.user_id
        self._positions(40, 41)
        self._applied()
        self.assertEqual(first.user_id, self.bruno.user_id)

    def test_capacity_and_absence(self):
        positions = self._positions(100, 90, 80)
        self.anna.capacity = 1
        self.bruno.write({"away_from": date(2026, 6, 1), "away_to": date(2026, 6, 30)})
        assignment = self._applied()
        self.assertEqual(positions.user_id, self.anna.user_id)
        self.assertEqual((assignment.moved_count, assignment.nobody_count), (1, 2))
        self.bruno.away_to = date(2026, 6, 29)
        self._applied()
        self.assertEqual(self.bruno.position_count, 2)

    def test_operators_of_a_portfolio(self):
        rich = self._portfolio(
            "Rich", sequence=1, amount_from=500, operator_ids=self.bruno.ids
        )
        large = self._positions(600, 700, 800)
        small = self._positions(10, 20, 30)
        self._applied()
        self.assertEqual(large.portfolio_id, rich)
        self.assertEqual(large.user_id, self.bruno.user_id)
        self.assertEqual(small.user_id, self.anna.user_id, "the other has enough")

    # -- by night ----------------------------------------------------------------------

    def _night(self):
        with self.enter_registry_test_mode():
            self.env.ref("creditbox_strategy.ir_cron_nightly").method_direct_trigger()

    def test_new_positions_every_night(self):
        positions = self._positions(100, 90)
        self.portfolio.nightly = False
        self._night()
        self.assertFalse(positions.user_id)
        self.portfolio.nightly = True
        self._night()
        self.assertTrue(all(position.user_id for position in positions))
        done = self.env["creditbox.assignment"].search_count([])
        self._night()
        self.assertEqual(self.env["creditbox.assignment"].search_count([]), done)

    # -- rights ------------------------------------------------------------------------

    def test_rights(self):
        self._positions(100)
        assignment = self._assignment()
        for role in ("reader", "operator"):
            with self.assertRaises(AccessError):
                assignment.with_user(self._user(role)).action_simulate()
        with self.assertRaises(AccessError):
            assignment.with_user(self.supervisor).state = "applied"
        assignment.with_user(self.supervisor).action_simulate()
        with self.assertRaises(AccessError):
            assignment.line_ids.with_user(self.supervisor).unlink()
        assignment.with_user(self.supervisor).action_apply()
        with self.assertRaises(UserError):
            assignment.with_user(self.supervisor).reason = "Other"
        with self.assertRaises(UserError):
            assignment.unlink()
        stranger = self._user("administrator", self.company_b)
        for records in (assignment, assignment.line_ids, assignment.load_ids):
            found = records.with_user(stranger).with_company(self.company_b).search([])
            self.assertFalse(found & records)

    def test_the_other_company_is_left_alone(self):
        position = self._positions(100)
        self._operator("dario", self.company_b)
        theirs = self._assignment(company_id=self.company_b.id)
        with self.assertRaisesRegex(UserError, "no portfolio"):
            theirs.action_simulate()
        self._portfolio("Theirs", company_id=self.company_b.id)
        theirs.action_simulate()
        theirs.action_apply()
        self.assertFalse(position.user_id)

    def test_queries_do_not_grow_with_the_positions(self):
        counts = []
        for amounts in ((100, 90, 80, 70), range(200, 240)):
            self._positions(*amounts)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._applied()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess(counts[1] - counts[0], 6, counts)
