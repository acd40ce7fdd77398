"""A sheet made, and its figures opened, in Chromium."""

from odoo.tests import HttpCase, tagged

from odoo.addons.creditbox_base.tests.browser import InChromium
from odoo.addons.creditbox_quality.tests.common import QualityCommon

CELL = "a.o_creditbox_cell"


@tagged("post_install", "-at_install")
class TestWalk(InChromium, QualityCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.compile_assets()
        cls.supervisor = cls.make_user("supervisor")

    def test_walk(self):
        for _number in range(3):
            self.run_to("transfer", "2025-03-03 10:00", "2025-03-06 10:00")
        late = self.run_to("transfer", "2025-03-03 10:00", "2025-03-25 10:00").reference
        sheet = self.env["creditbox.quality.sheet"].create(
            {"company_id": self.company.id, "year": 2025}
        )
        with self.chromium(self.supervisor.login, width=1500) as page:
            path = f"/odoo/creditbox-quality-sheets/{sheet.id}"
            self.go(page, path, "button[name=action_make]")
            page.locator("button[name=action_make]").first.click()
            page.locator("button[name=action_open_lines]").click()
            page.locator(".o_group_header", has_text="Specific").click()
            row = page.locator(".o_data_row", has_text="Transfer of the contract")
            row.locator(f"[name=out_operator] {CELL}").click()
            page.locator(".o_data_row", has_text=late).wait_for()
            self.assertEqual(page.locator(".o_data_row").count(), 1)
        self.assertTrue(sheet.squares)
