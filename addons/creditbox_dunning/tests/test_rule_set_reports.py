"""What a version of the table says of itself, and beside another version."""

from lxml import html

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import DunningCommon, OwnChannelsOnly


@tagged("post_install", "-at_install")
class TestTableReport(OwnChannelsOnly, DunningCommon):
    """tests/test_table_check.py knows every case; here are the words."""

    def _report(self, *rows):
        table = self._table(self.company, list(rows), publish=False)
        return table.check_report, table.check_minimums

    def test_in_plain_words(self):
        domestic = {"customer_type_id": self.domestic.id}
        water = {"service_type_id": self.water.id}
        everybody = {"sequence": 90}
        fifty, sixty, hundred = map(self.company.currency_id.format, (50, 60, 100))
        for rows, expected in (
            ([{"step": 1}], ""),
            (
                [
                    {"step": 1, **domestic},
                    {"step": 1, **water},
                    {"step": 1, **everybody},
                ],
                "«1. Row 1» and «1. Row 2» fit the same customers (Domestic, Water)"
                " and have the same sequence: the first goes because it was entered"
                " first",
            ),
            (
                [
                    {"step": 1, "sequence": 20, "amount_from": 50},
                    {"step": 1, "sequence": 10, "amount_to": 100},
                ],
                "«1. Row 2» and «1. Row 1» fit the same customers (all), from"
                f" {fifty} to under {hundred}: only the sequence makes the first go",
            ),
            (
                [{"step": 1}, {"step": 1, "sequence": 20, **domestic, "threshold": 5}],
                "",
            ),
            (
                [
                    {"step": 1, "amount_to": 50, "threshold": 60},
                    {"step": 1, **everybody},
                ],
                "«1. Row 1» can never be used: its minimum bill is not under its upper"
                " limit",
            ),
            (
                [{"step": 1}, {"step": 1, "sequence": 20}],
                "«1. Row 2» can never be used: others always go first: «1. Row 1»",
            ),
            (
                [
                    {"step": 1},
                    {"step": 2, "amount_to": 50},
                    {"step": 2, "amount_from": 60},
                ],
                f"Step 2, whoever the step is for: who owes from {fifty} to under"
                f" {sixty} finds no row, the bills wait for ever",
            ),
            (
                [{"step": 1}, {"step": 1, "amount_to": 50, **water}, {"step": 2}],
                "",
            ),
            (
                [{"step": 1}, {"step": 2, "amount_to": 50, **water}],
                f"Step 2, whoever the step is for: who owes {fifty} or more finds no"
                " row, the bills wait for ever",
            ),
            (
                [{"step": 1}, {"step": 2, "code": "agency"}],
                f"{self.company.name} has no way to carry out «Recovery agency», and"
                " these rows have no other channel: «2. Row 2»",
            ),
            ([{"step": 1, "code": "agency", "fallback_code": "email"}], ""),
        ):
            with self.subTest(rows=rows):
                report = self._report(*rows)[0]
                if expected:
                    self.assertIn(expected, report)
                else:
                    self.assertEqual(report, "")

    def test_minimums_are_told_apart(self):
        report, minimums = self._report({"step": 1, "amount_from": 10, "threshold": 5})
        self.assertEqual(report, "")
        self.assertIn("finds no row; the bills wait until the debt grows", minimums)
        self.assertIn("wait for ever", minimums)

    def test_hole_of_some_customers_names_the_row(self):
        report = self._report(
            {"step": 1, "customer_type_id": self.domestic.id, "amount_to": 50},
            {"step": 1, "service_type_id": self.gas.id},
        )[0]
        self.assertIn("Step 1, Domestic («1. Row 1»): who owes", report)

    def test_customers_without_any_row(self):
        rows = [{"step": 1, "service_type_id": self.water.id}]
        report = self._report(*rows)[0]
        self.assertIn(
            "No row of the table is for these customers: Gas; Electricity; Telephone;"
            " without «Service Type»",
            report,
        )

    def test_other_channel_without_text(self):
        rows = [{"step": 1, "fallback_code": "sms"}]
        self.env["creditbox.template"].search([("code", "=", "sms")]).active = False
        self.assertIn("There is no text for «SMS»", self._report(*rows)[0])

    def test_kept_when_it_is_published(self):
        table = self._table(
            self.company, [{"step": 1}, {"step": 1, "sequence": 20}], publish=False
        )
        table.action_publish()
        self.assertIn("can never be used", table.message_ids[:1].body)

    def test_standard_table_has_neither_overlaps_nor_holes(self):
        table = self.env.ref("creditbox_dunning.rule_set_standard")
        problems, minimums = table._check_table()
        faults = [line for line in problems if "no way to carry out" not in line]
        self.assertEqual(faults, [])
        self.assertTrue(minimums)

    def test_rows_that_are_not_saved_yet(self):
        table = self._table(self.company, [{"step": 1}, {"step": 1}], publish=False)
        with Form(table) as form, form.rule_ids.new() as row:
            row.name, row.code, row.step = "Third", "email", 1
        self.assertIn("Third", table.check_report)


@tagged("post_install", "-at_install")
class TestCompareVersions(DunningCommon):
    def _compare(self, table, user=None):
        action = table.with_user(user or self._user("reader")).action_compare()
        return self.env[action["res_model"]].browse(action["res_id"])

    def _draft(self):
        return self.env["creditbox.rule.set"].browse(
            self.table.action_new_version()["res_id"]
        )

    def _said(self, compare):
        """:return: {(kind, name of the row): {label: (before, after)}}"""
        return {
            (row["kind"], row["rule"].name): {
                label: (before, after) for label, before, after in row["columns"]
            }
            for row in compare._differences()
        }

    def test_with_the_version_it_was_copied_from(self):
        draft = self._draft()
        compare = self._compare(draft)
        self.assertEqual(compare.before_id, self.table)
        self.assertEqual(self._said(compare), {})
        self.assertIn("say the same", compare.comparison)

    def test_row_by_row_and_column_by_column(self):
        draft = self._draft()
        first, second = draft.rule_ids
        first.write({"wait_before": 15, "amount_to": 100, "code": "letter"})
        second.unlink()
        draft.rule_ids = [Command.create({"name": "New row", "step": 4, "code": "sms"})]
        compare = self._compare(draft)
        said = self._said(compare)
        changed = said["changed", "Row 1"]
        self.assertEqual(changed["Wait before (days)"], ("10", "15"))
        self.assertEqual(changed["Code"], ("E-mail", "Ordinary letter"))
        self.assertEqual(changed["To amount"][0], "")
        self.assertIn("100", changed["To amount"][1])
        self.assertEqual(len(changed), 3)
        self.assertEqual(said["added", "New row"]["Code"], (None, "SMS"))
        self.assertEqual(said["removed", "Row 2"]["Code"], ("E-mail", None))
        self.assertEqual(len(said), 3)
        text = html.fromstring(compare.comparison).text_content()
        for word in ("New row", "Ordinary letter", "Gone", "Row 2"):
            self.assertIn(word, text)

    def test_in_the_users_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        draft = self._draft()
        draft.rule_ids[0].wait_before = 15
        compare = self._compare(draft).with_context(lang="it_IT")
        self.assertIn("Attesa prima (giorni)", compare.comparison)

    def test_with_another_version(self):
        draft = self._draft()
        draft.rule_ids[0].wait_before = 15
        draft.action_publish()
        third = self.env["creditbox.rule.set"].browse(
            draft.action_new_version()["res_id"]
        )
        third.rule_ids[0].wait_before = 20
        compare = self._compare(third)
        [columns] = self._said(compare).values()
        self.assertEqual(list(columns.values()), [("15", "20")])
        # the copy of a copy is still known
        with Form(compare) as form:
            form.before_id = self.table
        [columns] = self._said(compare).values()
        self.assertEqual(list(columns.values()), [("10", "20")])

    def test_without_origin_the_version_before(self):
        newer = self._table(self.company, [{"step": 1, "wait_before": 3}])
        self.assertFalse(newer.origin_id)
        compare = self._compare(newer)
        self.assertEqual(compare.before_id, self.table)
        kinds = [kind for kind, _name in self._said(compare)]
        self.assertEqual(kinds, ["changed", "removed"])

    def test_tables_of_another_company_are_not_read(self):
        other = self.setup_other_company()["company"]
        table = self._table(other)
        with self.assertRaises(AccessError):
            self._compare(table)
