"""Another table on today's portfolio: what changes, for whom, at what cost."""

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tests import Form, freeze_time, tagged

from odoo.addons.queue_job.tests.common import trap_jobs

from .common import TODAY, DunningCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestWhatif(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("letter", "registered"):
            cls.env["creditbox.template"].create(cls._template_values(code))
        cls.env["creditbox.provider"].search([("kind", "=", "postal")]).active = False
        cls.env["creditbox.provider"].create(
            {
                "name": "Post",
                "kind": "postal",
                "company_id": cls.company.id,
                "postal_price_ids": [
                    Command.create({"product": "letter", "sheets": 3, "cost": 1.5}),
                    Command.create({"product": "registered", "sheets": 3, "cost": 6}),
                ],
            }
        )
        cls.supervisor = cls._user("supervisor")
        cls.manager = cls._user("manager")
        # 50 on W1, 200 on W2, both ripe for step 1; W3 not yet
        cls._bill(50, 30)
        cls.second = cls._supply(cls._customer("Bianchi"), "W2")
        cls._bill(200, 30, cls.second)
        cls.third = cls._supply(cls._customer("Verdi"), "W3")
        cls._bill(80, 5, cls.third)

    def _draft(self, **changes):
        """A copy of the table in force, with its first row changed."""
        action = self.table.with_user(self.manager).action_new_version()
        draft = self.env["creditbox.rule.set"].browse(action["res_id"])
        draft.rule_ids[0].write(changes)
        return draft

    def _try(self, draft, user=None, **values):
        whatif = self.env["creditbox.whatif"].with_user(user or self.supervisor)
        whatif = whatif.create({"rule_set_id": draft.id, **values})
        whatif.action_evaluate()
        return whatif

    def _moves(self, whatif):
        """:return: {code of the supply: (kind, row before, row after)}"""
        positions = self.env["creditbox.whatif.position"].search(
            [("change_id.whatif_id", "=", whatif.id)]
        )
        return {
            p.supply_id.code: (p.kind, p.rule_before_id.name, p.rule_after_id.name)
            for p in positions
        }

    # ------------------------------------------------------------------
    # what changes
    # ------------------------------------------------------------------
    def test_the_same_table_changes_nothing(self):
        whatif = self._try(self._draft())
        self.assertEqual(whatif.state, "done")
        self.assertEqual(whatif.baseline_id, self.table)
        same = ("same", "Row 1", "Row 1")
        self.assertEqual(self._moves(whatif), {"W1": same, "W2": same})
        self.assertEqual((whatif.action_before, whatif.action_after), (2, 2))
        self.assertEqual((whatif.amount_before, whatif.amount_after), (250, 250))
        self.assertEqual((whatif.bill_count, whatif.position_count), (3, 3))
        self.assertEqual(whatif.amount, 330)

    def test_what_each_change_does(self):
        changed = ("changed", "Row 1", "Row 1")
        same = ("same", "Row 1", "Row 1")
        gone = ("removed", "Row 1", False)
        new = ("added", False, "Row 1")
        for values, expected in (
            ({"wait_before": 40}, {"W1": gone, "W2": gone}),
            ({"wait_before": 3}, {"W1": same, "W2": same, "W3": new}),
            ({"amount_from": 100}, {"W1": gone, "W2": same}),
            ({"code": "letter", "template_id": False}, {"W1": changed, "W2": changed}),
            ({"wait_after": 99, "name": "Other words"}, None),
        ):
            with self.subTest(values=values):
                whatif = self._try(self._draft(**values))
                if expected is None:
                    self.assertEqual(whatif.same_count, 2)
                    continue
                self.assertEqual(self._moves(whatif), expected)
                kinds = [kind for kind, _before, _after in expected.values()]
                self.assertEqual(
                    (whatif.added_count, whatif.removed_count, whatif.changed_count),
                    tuple(kinds.count(k) for k in ("added", "removed", "changed")),
                )

    def test_a_bill_fewer_is_a_change(self):
        self._bill(20, 30)
        whatif = self._try(self._draft(threshold=30))
        self.assertEqual(self._moves(whatif)["W1"][0], "changed")
        self.assertEqual((whatif.amount_before, whatif.amount_after), (270, 250))

    def test_new_row(self):
        draft = self._draft()
        draft.rule_ids = [
            Command.create(
                {
                    "name": "For large debts",
                    "step": 1,
                    "code": "registered",
                    "service_type_id": self.water.id,
                    "amount_from": 100,
                    "wait_before": 10,
                }
            )
        ]
        whatif = self._try(draft)
        self.assertEqual(
            self._moves(whatif)["W2"], ("changed", "Row 1", "For large debts")
        )
        figures = {row.rule_id.name: row for row in whatif.row_ids}
        self.assertEqual(figures["Row 1"].rule_id, draft.rule_ids[0])
        self.assertEqual(
            [
                (f.action_before, f.action_after, f.action_more)
                for f in figures.values()
            ],
            [(2, 1, -1), (0, 1, 1)],
        )
        codes = {figure.code: figure for figure in whatif.code_ids}
        self.assertEqual(codes["email"].amount_before, 250)
        self.assertEqual(codes["email"].amount_after, 50)
        self.assertEqual(codes["registered"].cost_after, 6)
        self.assertEqual((whatif.cost_before, whatif.cost_after), (0, 6))

    def test_letters_of_the_past_tell_the_pages(self):
        provider = self.env["creditbox.provider"]._of_company(
            "postal", self.company, Domain.TRUE
        )
        provider.postal_price_ids[0].write(
            {"sheets": 1, "cost": 1, "cost_further": 0.5}
        )
        lots = self.env["creditbox.letter.lot"].sudo()
        lot = lots._make(self.company, self._run(propose=False))
        run = self._run()
        run.action_ids.sudo().write(
            {"code": "letter", "letter_lot_id": lot.id, "letter_page_count": 3}
        )
        run.action_cancel()
        whatif = self._try(self._draft(code="letter", template_id=False))
        self.assertEqual(whatif.cost_after, 4)

    def test_exceptions_are_no_actions(self):
        self.customer.email = False
        draft = self._draft(fallback_code="letter")
        whatif = self._try(draft)
        self.assertEqual(self._moves(whatif)["W1"][0], "added")
        self.assertEqual((whatif.exception_before, whatif.exception_after), (1, 0))
        self.assertEqual((whatif.amount_before, whatif.amount_after), (200, 250))
        self.customer.street = False
        whatif = self._try(draft)
        self.assertEqual(self._moves(whatif)["W1"][0], "held")
        change = whatif.change_ids.filtered(lambda change: change.kind == "held")
        self.assertEqual(change.exception_after, "no_address")

    def test_proposals_that_wait_are_looked_past_but_not_approved_ones(self):
        run = self._run()
        self.assertEqual(self._try(self._draft()).action_before, 2)
        run.action_approve()
        self.assertEqual(self._try(self._draft()).action_before, 0)

    def test_a_day_to_come(self):
        whatif = self._try(self._draft(), as_of=TODAY + timedelta(days=10))
        self.assertEqual(whatif.same_count, 3)

    def test_a_day_that_is_no_longer_known(self):
        self.company.creditbox_keep_months = 12
        with self.assertRaisesRegex(UserError, "no longer kept"):
            self._try(self._draft(), as_of=TODAY - timedelta(days=400))

    def test_it_leaves_no_trace(self):
        before = self._trace()
        self._try(self._draft(wait_before=3))
        self.assertEqual(self._trace(), before)

    def _trace(self):
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT (SELECT count(*) FROM creditbox_item),
                   (SELECT count(*) FROM creditbox_action),
                   (SELECT count(*) FROM creditbox_action_line),
                   (SELECT count(*) FROM creditbox_run),
                   (SELECT last_value FROM creditbox_action_id_seq),
                   (SELECT last_value FROM creditbox_item_id_seq)
            """
        )
        return self.env.cr.fetchone()

    def test_same_as_two_simulated_runs(self):
        draft = self._draft(amount_from=100, wait_before=3)
        whatif = self._try(draft)
        runs = self.env["creditbox.run"]
        for table, side in ((self.table, "before"), (draft, "after")):
            run = runs.create(
                {"company_id": self.company.id, "as_of": TODAY, "rule_set_id": table.id}
            )
            run.action_simulate()
            self.assertEqual(whatif[f"action_{side}"], run.action_count)
            self.assertEqual(whatif[f"amount_{side}"], run.amount)

    # ------------------------------------------------------------------
    # click through, publish, end
    # ------------------------------------------------------------------
    def test_positions_behind_the_figures(self):
        whatif = self._try(self._draft(amount_from=100))

        def behind(action):
            return self.env[action["res_model"]].search(action["domain"])

        [gone] = behind(whatif.action_open_removed())
        self.assertEqual(gone.partner_id, self.customer)
        self.assertEqual(gone.action_open_position()["res_id"], gone.position_id.id)
        self.assertEqual(len(behind(whatif.action_open_same())), 1)
        self.assertFalse(behind(whatif.action_open_added()))
        [row] = whatif.row_ids
        self.assertEqual(len(behind(row.action_open_before())), row.action_before)
        self.assertEqual(len(behind(row.action_open_after())), row.action_after)
        [code] = whatif.code_ids
        self.assertEqual(len(behind(code.action_open_before())), 2)
        action = gone.with_user(self.supervisor).action_why()
        why = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(why.rule_set_id, whatif.rule_set_id)
        self.assertIn("No row of the next step", why.verdict)

    def test_publish_from_there(self):
        draft = self._draft(amount_from=100)
        whatif = self._try(draft)
        with self.assertRaises(AccessError):
            whatif.action_publish()  # a supervisor
        draft.rule_ids[0].amount_from = 90
        self.assertTrue(whatif.is_outdated)
        whatif = whatif.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "try again"):
            whatif.action_publish()
        whatif.action_evaluate()
        self.assertFalse(whatif.is_outdated)
        whatif.action_publish()
        self.assertEqual((draft.state, self.table.state), ("published", "retired"))
        self.assertIn("1 fewer", draft.message_ids[0].body)

    def test_a_row_taken_out_afterwards(self):
        draft = self._draft()
        whatif = self._try(draft)
        draft.rule_ids[0].unlink()
        self.assertTrue(whatif.is_outdated)
        self.assertEqual(self._moves(whatif)["W1"], ("same", "Row 1", False))
        self.assertTrue(whatif.row_ids)

    def test_another_choice_forgets_the_result(self):
        whatif = self._try(self._draft())
        with Form(whatif) as form:
            form.as_of = TODAY + timedelta(days=1)
        self.assertEqual(whatif.state, "draft")
        self.assertFalse(whatif.change_ids)

    def test_results_are_not_entered(self):
        whatif = self._try(self._draft())
        with self.assertRaises(AccessError):
            whatif.state = "draft"
        with self.assertRaises(AccessError):
            self._try(self._draft(), fingerprint="x")
        reader = self._user("reader")
        with self.assertRaises(AccessError):
            whatif.with_user(reader).action_evaluate()
        self.assertEqual(whatif.with_user(reader).same_count, 2)
        with self.assertRaises(AccessError):
            whatif.change_ids[:1].write({"position_count": 7})

    def test_it_ends_by_itself(self):
        whatif = self._try(self._draft())
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE creditbox_whatif SET create_date = %s WHERE id = %s",
            (TODAY - timedelta(days=31), whatif.id),
        )
        self.env["creditbox.whatif"].invalidate_model()
        kept = self._try(self._draft())
        self.env["creditbox.whatif"]._gc_whatif()
        self.assertFalse(whatif.exists())
        self.assertTrue(kept.exists())
        self.assertFalse(
            self.env["creditbox.whatif.position"].search(
                [("change_id.whatif_id", "!=", kept.id)]
            )
        )

    # ------------------------------------------------------------------
    # large portfolios
    # ------------------------------------------------------------------
    def _large(self):
        return patch("odoo.addons.creditbox_dunning.models.creditbox_study.AT_ONCE", 1)

    def test_large_portfolios_in_the_background(self):
        draft = self._draft()
        with self._large(), trap_jobs() as trap:
            whatif = self._try(draft)
            self.assertEqual(whatif.state, "waiting")
            trap.assert_jobs_count(1)
            trap.perform_enqueued_jobs()
        self.assertEqual(whatif.state, "done")
        self.assertEqual(whatif.same_count, 2)
        self.assertEqual(whatif.user_id, self.supervisor)

    def test_a_failure_is_seen(self):
        draft = self._draft()
        trial = self.registry["creditbox.whatif.trial"]
        with self._large(), trap_jobs() as trap:
            whatif = self._try(draft)
            with (
                patch.object(trial, "_compare", side_effect=ValueError("broken")),
                self.assertLogs("odoo.addons.creditbox_dunning", "ERROR"),
            ):
                trap.perform_enqueued_jobs()
        self.assertEqual((whatif.state, whatif.error), ("failed", "broken"))
        whatif.action_evaluate()
        self.assertEqual(whatif.state, "done")

    def test_queries_do_not_grow_with_the_portfolio(self):
        draft = self._draft()
        self._try(draft)
        counts = []
        for _size in range(2):
            before = self.env.cr.sql_log_count
            self._try(draft)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            for number in range(10):
                supply = self._supply(
                    self._customer(f"C{number}{_size}"), f"C{number}{_size}"
                )
                self._bill(30, 30, supply)
        self.assertLessEqual(counts[1], counts[0] + 2)
        self.assertLess(counts[0], 150)
