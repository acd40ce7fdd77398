"""From what is about to fail to the indemnity and its credit note, in Chromium."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.creditbox_base.tests.browser import InChromium

from .common import QualityCommon

ROW = ".o_data_row"


@tagged("post_install", "-at_install")
class TestScreens(QualityCommon):
    def test_every_action_opens_for_a_reader(self):
        reader = self.make_user("reader")
        actions = self.env["ir.actions.act_window"].search(
            [("path", "=like", "creditbox-%")]
        )
        ours = actions.filtered(
            lambda action: action.get_external_id()[action.id].startswith(
                "creditbox_quality."
            )
        )
        self.assertGreaterEqual(len(ours), 9)
        for action in ours:
            with self.subTest(action=action.path):
                model = self.as_user(reader, self.env[action.res_model])
                views = [(False, mode) for mode in action.view_mode.split(",")]
                for view in model.get_views(views)["views"].values():
                    self.assertTrue(view["arch"])


@tagged("post_install", "-at_install")
class TestWalk(InChromium, QualityCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.compile_assets()
        cls.operator = cls.make_user("operator")
        # long out of time, whatever the day
        cls.clock = cls.Clock._start(
            "transfer",
            cls.company,
            fields.Datetime.now() - timedelta(days=90),
            supply=cls.supply,
        )

    def test_walk(self):
        with self.chromium(self.operator.login, width=1400) as page:
            self.go(page, "/odoo/creditbox-quality-exposure", ROW)
            self.assertIn("Out of time", page.locator(ROW).first.inner_text())
            page.locator(f"{ROW} [name=reference]").first.click()
            page.get_by_role("button", name="Done").first.click()
            page.locator(".modal button[name=action_confirm]").click()
            page.get_by_role("button", name="Indemnity").click()
            page.locator(".o_field_widget[name=amount]", has_text="90").wait_for()
            page.get_by_role("button", name="Credit note").click()
            page.locator(
                "[name=invoice_line_ids]", has_text="Automatic indemnity"
            ).wait_for()
        self.assertEqual(self.clock.state, "stopped")
        self.assertEqual(self.clock.indemnity_ids.state, "paid")
