"""The screens in which people live, with axe (WCAG 2.1 AA), on a desk and a phone.

What is looked at is ours: the page below Odoo's bars, and the box of search in them.
"""

from datetime import timedelta

from axe_playwright_python.sync_playwright import Axe

from odoo.tests import tagged

from .screens import CUSTOMERS, ROW, ScreensCommon

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
WIDTHS = (1280, 390)
# Parts of Odoo's own lists that its next version has to put right.
ODOOS_OWN = {
    "aria-allowed-role": ".o_kanban_record",
    "button-name": ".o_optional_columns_dropdown",
    "color-contrast": ".o_kanban_record, .o_data_row",
    "empty-table-header": ".o_list_view",
    "label": ".o_list_record_selector",
    "region": ".o_control_panel, .o_list_view",
    "page-has-heading-one": "html",
}


@tagged("creditbox", "post_install", "-at_install")
class TestAccessible(ScreensCommon):
    def test_axe(self):
        """Clean of faults, and nothing cut at the width of a phone."""
        self.env["creditbox.snapshot"].create(
            [
                {"company_id": self.company.id, "date": day, "kind": "month"}
                for day in (
                    self.today.replace(day=1) - timedelta(days=1),
                    (self.today.replace(day=1) - timedelta(days=1)).replace(day=1)
                    - timedelta(days=1),
                )
            ]
        )
        self.position.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self.today,
            summary="Call",
            user_id=self.manager.id,
        )
        self._promise((0, 50), (20, 50), position=self.position)
        screens = (
            ("/odoo/creditbox-console", CUSTOMERS),
            ("/odoo/creditbox-kpi", ".o_creditbox_kpi h1"),
            (f"/odoo/creditbox-customer/{self.customer.id}", ".cbx-name"),
            ("/odoo/creditbox-my-day", ROW),
        )
        faults = []
        for width in WIDTHS:
            with self.page(self.manager, width=width) as page:
                for path, shown in screens:
                    self.goto(page, path, shown)
                    page.wait_for_load_state("networkidle")
                    faults += [(path, width, *fault) for fault in self._faults(page)]
                    wide = page.evaluate("document.documentElement.scrollWidth")
                    if wide > width:
                        faults.append((path, width, "wide", wide))
        self.assertFalse(faults, "\n".join(map(str, faults)))

    def _faults(self, page):
        """Yield rule, place and piece of page of each fault that is ours."""
        found = Axe().run(
            page,
            context={"include": [[".o_action_manager"], [".o_creditbox_search"]]},
            options={"runOnly": {"type": "tag", "values": TAGS}},
        )
        for violation in found.response["violations"]:
            for node in violation["nodes"]:
                rule, target = violation["id"], str(node["target"][0])
                if not self._is_odoos(page, rule, target):
                    yield rule, target, node["html"][:120]

    def _is_odoos(self, page, rule, target):
        place = ODOOS_OWN.get(rule)
        return place and page.locator(target).first.evaluate(
            "(node, place) => !!node.closest(place)", place
        )
