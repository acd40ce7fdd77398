import hashlib
import io
from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.http import Request
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import SQL

from .common import ConsoleCommon


@tagged("post_install", "-at_install")
class TestSnapshot(ConsoleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer(
            "Rossi", creditbox_fiscal_code="RSSMRA80A01G702X"
        )
        cls.bill = cls.bill_on(cls.customer, 100, "2026-01-10", "2026-02-10")
        cls.manager = cls.make_user("manager")

    def _make(self, date="2026-03-31", company=None):
        return self.snapshots.create(
            {"company_id": (company or self.company).id, "date": date}
        )

    def test_keeps_what_was_open(self):
        snapshot = self._make()
        self.assertEqual(snapshot.kind, "month")
        self.assertEqual(snapshot.amount_overdue, 100)
        self.assertEqual((snapshot.bill_count, snapshot.customer_count), (1, 1))
        line = self.env["creditbox.snapshot.line"].search(
            [("snapshot_id", "=", snapshot.id)]
        )
        self.assertEqual(
            (line.customer, line.tax_code, line.days_overdue),
            ("Rossi", "RSSMRA80A01G702X", 49),
        )
        row = self.env["creditbox.snapshot.row"].search(
            [("snapshot_id", "=", snapshot.id)]
        )
        self.assertEqual((row.amount_overdue, row.bill_count), (100, 1))

    def test_stays_when_the_past_is_changed(self):
        snapshot = self._make()
        self.pay_on(self.bill, "2026-03-15")  # entered later, dated before
        self.assertEqual(snapshot.amount_overdue, 100)
        self.assertEqual(snapshot._hash(), snapshot.sha256)
        again = self._make()
        self.assertEqual(again.kind, "manual")
        self.assertEqual(again.amount_overdue, 0)
        figures = self.console.load({"snapshot": snapshot.id})
        self.assertEqual(figures["totals"]["amount_overdue"], 100)

    def test_same_rows_same_hash(self):
        self.assertEqual(self._make().sha256, self._make().sha256)

    def test_hash_is_that_of_the_file(self):
        snapshot = self._make()
        file = io.BytesIO()
        snapshot._write_rows(file)
        self.assertEqual(hashlib.sha256(file.getvalue()).hexdigest(), snapshot.sha256)
        self.assertIn(b"Rossi", file.getvalue())

    def test_a_changed_row_is_noticed(self):
        snapshot = self._make()
        notice = snapshot.action_verify()["params"]
        self.assertEqual(notice["type"], "success")
        self.env.cr.execute(
            SQL(
                "UPDATE creditbox_snapshot_line SET amount_overdue = 99"
                " WHERE snapshot_id = %s",
                snapshot.id,
            )
        )
        self.assertEqual(snapshot.action_verify()["params"]["type"], "danger")

    def test_nobody_changes_or_deletes_it(self):
        snapshot = self._make()
        with self.assertRaises(UserError):
            snapshot.sudo().write({"date": "2026-02-28"})
        with self.assertRaises(UserError):
            snapshot.sudo().unlink()
        kpis = snapshot.kpi_ids
        self.assertTrue(kpis)
        with self.assertRaises(UserError):
            kpis.sudo().write({"numerator": 0})
        with self.assertRaises(UserError):
            kpis.sudo().unlink()
        administrator = self.make_user("administrator")
        for model in ("creditbox.snapshot.line", "creditbox.snapshot.row"):
            record = self.as_user(administrator, self.env[model]).search([], limit=1)
            self.assertTrue(record)
            with self.assertRaises(AccessError):
                record.write({"amount_overdue": 1})

    def test_only_company_and_day_are_taken(self):
        made = self.as_user(self.manager, self.snapshots).create(
            {
                "company_id": self.company.id,
                "date": "2026-03-30",
                "kind": "month",
                "sha256": "x",
                "amount_overdue": 5,
            }
        )
        self.assertEqual((made.kind, made.amount_overdue), ("manual", 100))
        self.assertNotEqual(made.sha256, "x")

    def test_not_of_the_future(self):
        with self.assertRaises(ValidationError):
            self._make(str(self.today + timedelta(days=2)))

    def test_who_may(self):
        with self.assertRaises(AccessError):
            self.as_user(self.make_user("supervisor"), self.snapshots).create(
                {"company_id": self.company.id, "date": "2026-03-31"}
            )
        other = self._make(company=self.company_b)
        with self.assertRaises(AccessError):
            self.as_user(self.manager, other).read(["amount_overdue"])
        with self.assertRaises(UserError):
            self.as_user(self.manager, self.console).load({"snapshot": other.id})

    def test_every_month_once(self):
        cron = self.env.ref("creditbox_console.ir_cron_snapshot")
        with freeze_time("2026-04-01 05:00:00"), self.enter_registry_test_mode():
            cron.method_direct_trigger()
            cron.method_direct_trigger()
        made = self.snapshots.search([("company_id", "=", self.company.id)])
        self.assertEqual(made.mapped("date"), [self.day("2026-03-31")])
        self.assertEqual(made.kind, "month")

    def test_compare(self):
        before = self._make("2026-02-28")
        self.pay_on(self.bill, "2026-03-15", 40)
        self.bill_on(self.customer, 7, "2026-03-01", "2026-03-25")
        after = self._make("2026-03-31")
        action = self.as_user(self.manager, after).action_compare()
        compare = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual((compare.first_id, compare.second_id), (before, after))
        found = {
            line.label: (line.amount_overdue_before, line.amount_overdue)
            for line in compare.line_ids
        }
        self.assertEqual(
            found, {"16–30 days": (100, 0), "31–60 days": (0, 60), "1–15 days": (0, 7)}
        )
        self.assertEqual(sum(compare.line_ids.mapped("amount_overdue_change")), -33)
        compare.by = "city"
        [line] = compare.line_ids
        self.assertEqual((line.amount_overdue_before, line.amount_overdue), (100, 67))

    def test_nothing_to_compare_with(self):
        with self.assertRaises(UserError):
            self._make().action_compare()

    def test_buckets_as_they_were(self):
        snapshot = self._make()
        self.bucket(True, 31).name = "Renamed"
        self.env["creditbox.age.bucket"].create({"name": "New", "day_from": 45})
        names = [
            b["name"] for b in self.console.load({"snapshot": snapshot.id})["buckets"]
        ]
        self.assertIn("31–60 days", names)
        self.assertNotIn("New", names)


@tagged("post_install", "-at_install")
class TestRoutes(ConsoleCommon, HttpCase):
    def test_rows_and_workbook(self):
        customer = self.make_customer("Rossi")
        self.make_bill(customer, 100, days=40)
        snapshot = self.snapshots.create(
            {"company_id": self.company.id, "date": self.days_ago(1)}
        )
        reader = self.make_user("reader")
        stranger = self.make_user("reader", self.company_b)
        url = f"/creditbox/snapshot/{snapshot.id}.csv"
        self.authenticate(reader.login, reader.login)
        response = self.url_open(url)
        self.assertEqual(hashlib.sha256(response.content).hexdigest(), snapshot.sha256)
        asked = '{"params": {}, "order": "amount_overdue desc", "companies": [%s]}'
        without_token = self.url_open(
            "/creditbox/console.xlsx", data={"data": asked % self.company.id}
        )
        self.assertEqual(without_token.status_code, 400)
        self.authenticate(stranger.login, stranger.login)
        self.assertEqual(self.url_open(url).status_code, 404)
        token = Request.csrf_token(self)
        for company, status in ((self.company_b, 200), (self.company, 403)):
            response = self.url_open(
                "/creditbox/console.xlsx",
                data={"data": asked % company.id, "csrf_token": token},
            )
            self.assertEqual(response.status_code, status)
