from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .law import LawCommon


@tagged("post_install", "-at_install")
class TestLegalTable(LawCommon):
    """What the law says to rows and texts before the table is put in force."""

    def _problems(self, *rows):
        rows = [{"service_type_id": self.heating.id, **row} for row in rows]
        return self._table(self.company, rows, publish=False)._legal_problems()

    def test_standard_table_breaks_no_law(self):
        table = self.env.ref("creditbox_dunning.rule_set_standard")
        self.assertEqual(table._legal_problems(), [])
        self.assertEqual(table._missing_contents(), [])

    def test_rows_that_could_break_the_law(self):
        notice = {
            "step": 1,
            "legal_step": "notice",
            "wait_before": 25,
            "wait_after": 40,
            "count_from": "delivery",
        }
        # the last day to pay is 10 days after sending; 3 working days are 7 at most
        cut = {"step": 2, "legal_step": "suspension", "code": "technical"}
        courtesy = {"step": 2, "wait_before": 5, "wait_after": 5}
        late = {**cut, "step": 3}
        for rows, expected in (
            ([notice, cut], None),
            ([{**notice, "wait_before": 24}, cut], "may come after 24 days"),
            ([{**notice, "count_from": "send"}, cut], "counts from sending"),
            ([{**notice, "wait_after": 39}, cut], "may come after 39 days"),
            ([{**notice, "wait_after": 30}, courtesy, late], None),
            ([{**notice, "wait_after": 29}, courtesy, late], "may come after 39 days"),
            ([cut], "no row does a step that must come before"),
            ([notice, {**cut, "code": "email"}], "is not allowed"),
            ([{**cut, "legal_step": False}], "does not say its legal step"),
            # who has another meter does not pass the row in between
            (
                [
                    {**notice, "wait_after": 30},
                    {**courtesy, "meter_type_id": self.suspendable.id},
                    late,
                ],
                "may come after 30 days",
            ),
        ):
            with self.subTest(rows=rows):
                problems = self._problems(*rows)
                if expected:
                    self.assertTrue(problems)
                    self.assertIn(expected, " ".join(problems))
                else:
                    self.assertEqual(problems, [])

    def test_row_that_may_come_for_a_debt_that_is_too_small(self):
        self.regulation.step_ids[0].debt_multiple = 2
        notice = {"step": 1, "legal_step": "notice", "wait_before": 25}
        self.assertEqual(self._problems(notice), [])  # nothing to measure it by
        self.company.creditbox_subsidised_amount = 50
        (problem,) = self._problems(notice)
        self.assertIn("debt of 0.00, the law wants more than 100.00", problem)
        self.assertTrue(self._problems({**notice, "amount_from": 100}))
        self.assertEqual(self._problems({**notice, "amount_from": 100.01}), [])

    def test_report_is_shown_and_kept_when_the_table_is_published(self):
        rows = [
            {
                "step": 1,
                "legal_step": "notice",
                "wait_before": 3,
                "service_type_id": self.heating.id,
            }
        ]
        table = self._table(self.company, rows, publish=False)
        self.assertIn("may come after 3 days", table.legal_report)
        table.action_publish()
        self.assertIn("may come after 3 days", table.message_ids[:1].body)

    def test_text_that_leaves_out_what_the_law_wants_blocks(self):
        self.regulation.step_ids[0].content_ids = [
            Command.create({"name": "Last day to pay", "placeholders": "deadline"}),
            Command.create({"name": "Indemnity", "words": "indemnity, compensation"}),
        ]
        rows = [{"step": 1, "legal_step": "notice", "service_type_id": self.heating.id}]
        table = self._table(self.company, rows, publish=False)
        with self.assertRaisesRegex(ValidationError, "Last day to pay.*Act 1/2020"):
            table.action_publish()
        self.template.body += "<p>By {{ deadline }}; <b>Compensation</b> is due.</p>"
        table.action_publish()
        self.assertEqual(table.state, "published")

    def test_text_of_a_step_is_checked_when_it_is_written(self):
        self.regulation.step_ids[0].content_ids = [
            Command.create({"name": "Last day to pay", "placeholders": "deadline"})
        ]
        values = {"legal_step": "notice", "service_type_id": self.heating.id}
        with self.assertRaisesRegex(ValidationError, "Last day to pay"):
            self.template.write(values)
        self.template.write({**values, "active": False})
        with self.assertRaisesRegex(ValidationError, "Last day to pay"):
            self.template.active = True
        self.template.write({"body": "<p>Pay by {{ deadline }}</p>", "active": True})

    def test_italian_texts_say_it_too(self):
        self.env["res.lang"]._activate_lang("it_IT")
        table = self.env.ref("creditbox_dunning.rule_set_standard")
        self.assertEqual(table._missing_contents(), [])
        notice = self.env.ref("creditbox_dunning.template_registered_notice_gas")
        italian = notice.with_context(lang="it_IT")
        italian.legal_step = False  # else it could not even be written
        italian.body = italian.body.replace("indennizzo", "premio")
        [missing] = table._missing_contents()
        self.assertIn("Right to the indemnity", missing)
        self.assertIn("Italian", missing)
