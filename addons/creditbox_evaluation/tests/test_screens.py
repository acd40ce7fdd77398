from odoo import Command
from odoo.tests import HttpCase, tagged

from .common import EvaluationCommon


@tagged("creditbox", "post_install", "-at_install")
class TestScreens(EvaluationCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer(creditbox_code="C1")
        cls.make_history(cls.customer, [0, 0, 50, None, 0, 0])
        cls.limit = cls.env["creditbox.limit"].create(
            {
                "partner_id": cls.customer.id,
                "company_id": cls.company.id,
                "amount": 80,
            }
        )
        cls.ratings._refresh(companies=cls.company)
        cls.reader = cls.make_user("reader")

    def test_every_screen_opens_for_a_reader(self):
        actions = self.env["ir.actions.act_window"].search([])
        ours = actions.filtered(
            lambda action: (
                (action.get_external_id()[action.id] or "").startswith(
                    "creditbox_evaluation."
                )
                and action.target != "new"
            )
        )
        self.assertGreaterEqual(len(ours), 9)
        for action in ours:
            with self.subTest(action=action.name):
                model = self.as_user(self.reader, self.env[action.res_model])
                modes = [(False, mode) for mode in action.view_mode.split(",")]
                for mode, view in model.get_views(modes)["views"].items():
                    self.assertTrue(view["arch"], mode)

    def test_every_field_on_the_screens_can_be_read(self):
        for model in ("creditbox.rating", "creditbox.alert", "creditbox.limit"):
            records = self.as_user(self.reader, self.env[model])
            records = records.search([("partner_id", "=", self.customer.id)])
            with self.subTest(model=model):
                self.assertTrue(records)
                shown = records.get_views([(False, "form"), (False, "list")])
                names = list(shown["models"][model]["fields"])
                self.assertTrue(records.read(names))

    def test_buttons_lead_to_the_right_records(self):
        rating = self.rating(self.customer)
        alert = self.alerts_of(self.customer, ("kind", "=", "limit"))
        position = self.position(self.customer)
        for action, records in (
            (rating.action_open_limit(), self.limit),
            (rating.action_open_positions(), position),
            (rating.action_open_course(), rating.history_ids),
            (alert.action_open_positions(), position),
            (
                self.customer.action_open_creditbox_alerts(),
                self.alerts_of(self.customer),
            ),
            (position.action_open_creditbox_alerts(), self.alerts_of(self.customer)),
        ):
            with self.subTest(action=action["name"]):
                found = self.env[action["res_model"]].search(action["domain"])
                self.assertEqual(found, records)
        self.assertEqual(alert.action_open_rating()["res_id"], rating.id)
        self.assertEqual(position.action_open_creditbox_rating()["res_id"], rating.id)

    def test_lists_cost_the_same_for_few_and_many(self):
        for number in range(9):
            other = self.make_customer(f"C{number}")
            self.make_bill(other, 100, days=40)
            self.limit.copy({"partner_id": other.id})
        self.ratings._refresh(companies=self.company)
        lists = {
            "creditbox.rating": ["score", "band_level", "explanation", "alert_count"],
            "creditbox.alert": ["text", "display_name", "user_id"],
        }
        for model, names in lists.items():
            records = self.env[model].search([("company_id", "=", self.company.id)])
            with self.subTest(model=model):
                self.assertGreater(len(records), 8)
                self.queries(records, names)  # fills the caches of the registry
                few = self.queries(records[:3], names)
                self.assertEqual(self.queries(records, names), few)

    def queries(self, records, names):
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        records.read(names)
        return self.env.cr.sql_log_count - start

    def test_report_is_downloaded(self):
        self.reader.write(
            {"password": "reader-1", "group_ids": [Command.link(self.env.ref(
                "base.group_user").id)]}
        )  # fmt: skip
        rating = self.as_user(self.reader, self.rating(self.customer))
        self.authenticate(self.reader.login, "reader-1")
        for action, start in (
            (rating.action_pdf(), b"%PDF"),
            (rating.action_xlsx(), b"PK"),
        ):
            answer = self.url_open(action["url"])
            self.assertEqual(answer.status_code, 200)
            self.assertTrue(answer.content.startswith(start))

    def test_every_night(self):
        other = self.make_customer(company=self.company_b)
        self.make_history(other, [0] * 5)
        with self.enter_registry_test_mode():
            cron = self.env.ref("creditbox_evaluation.ir_cron_rating")
            cron.method_direct_trigger()
        self.assertEqual(self.rating(other, self.company_b).bill_count, 5)
