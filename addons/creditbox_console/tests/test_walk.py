"""The ways through the office's screens that people take all day."""

import io
from datetime import timedelta

from openpyxl import load_workbook

from odoo.fields import Date
from odoo.tests import tagged

from .axe import faults
from .screens import CUSTOMERS, ROW, ScreensCommon

CONSOLE = "/odoo/creditbox-console"
WIDTHS = (1280, 390)
CRUMB = ".o_control_panel .breadcrumb-item a, .o_control_panel .o_back_button"


@tagged("creditbox", "post_install", "-at_install")
class TestWalk(ScreensCommon):
    def _filters(self, page):
        found = page.locator("nav[aria-label=Filters] .btn-primary").all_inner_texts()
        return [text.split(":")[0] for text in found]

    def _assert_back_in_console(self, page, filters, day):
        page.wait_for_selector(CUSTOMERS)
        page.wait_for_selector("nav[aria-label=Filters]")
        self.assertEqual(self._filters(page), filters)
        shown = page.locator(".o_creditbox_console header").inner_text()
        self.assertIn(day, shown)

    def test_console(self):
        """A figure, its due dates, the customer, the entries; always back as left."""
        with self.page(self.manager) as page:
            self.goto(page, CONSOLE, CUSTOMERS)
            total = page.locator(".o_creditbox_tile_danger").inner_text()
            self.assertIn("410", total)  # 100 + 60 + 250
            page.locator(".o_creditbox_bar", has_text="250").click()
            page.wait_for_selector("nav[aria-label=Filters]")
            page.locator(".o_creditbox_cut_name", has_text="Water").click()
            page.wait_for_function(
                "document.querySelectorAll('nav[aria-label=Filters] .btn-primary')"
                ".length == 2"
            )
            filters = self._filters(page)

            page.get_by_role("button", name="Due dates: 1").click()
            page.wait_for_selector(".o_data_row")
            self.assertIn("Verdi", page.locator(".o_data_row").inner_text())
            page.go_back()
            self._assert_back_in_console(page, filters, "Today")

            page.locator(CUSTOMERS).get_by_role("button", name="Verdi").click()
            page.wait_for_selector(".cbx-name:has-text('Verdi')")
            page.locator("a.cbx-overdue").click()
            page.wait_for_selector(ROW)
            page.go_back()
            page.wait_for_selector(".cbx-name:has-text('Verdi')")
            page.locator(CRUMB).first.click()  # over a page that is no longer there
            self._assert_back_in_console(page, filters, "Today")

            page.get_by_role("button", name="Entries").first.click()
            page.wait_for_selector(".o_data_row")
            self.assertIn("250", page.locator(".o_data_row").inner_text())
            page.locator(CRUMB).first.click()
            self._assert_back_in_console(page, filters, "Today")
            page.reload()
            self._assert_back_in_console(page, filters, "Today")

    def test_past_day_and_workbook(self):
        day = Date.to_date(self.today) - timedelta(days=30)
        text = day.strftime("%m/%d/%Y")
        with self.page(self.manager) as page:
            self.goto(page, CONSOLE, CUSTOMERS)
            page.locator(".o_control_panel input.o_datetime_input").fill(text)
            page.keyboard.press("Enter")
            page.get_by_role("button", name="Back to today").wait_for()
            page.locator(CUSTOMERS).get_by_role("button", name="Verdi").click()
            page.wait_for_selector(".cbx-name:has-text('Verdi')")
            page.go_back()
            page.get_by_role("button", name="Back to today").wait_for()
            page.wait_for_selector(CUSTOMERS)
            with page.expect_download() as download:
                page.get_by_role("button", name="Export to Excel").click()
            with open(download.value.path(), "rb") as file:
                workbook = load_workbook(io.BytesIO(file.read()))
            cells = [c for sheet in workbook for r in sheet.values for c in r]
            self.assertIn("Verdi", cells)
            page.get_by_role("button", name="Back to today").click()
            page.get_by_text("Today,").wait_for()

    def test_snapshot_and_kpi(self):
        """A snapshot is made, verified, compared, opened; a KPI leads to records."""
        before = self.env["creditbox.snapshot"].create(
            {"company_id": self.company.id, "date": self.today - timedelta(days=40)}
        )
        self.assertTrue(before.sha256)
        with self.page(self.manager) as page:
            self.goto(page, "/odoo/creditbox-snapshots/new", ".o_form_view")
            page.get_by_role("button", name="Save").click()
            page.get_by_role("button", name="Verify").click()
            page.wait_for_selector(".o_notification")
            page.get_by_role("button", name="Compare").click()
            page.wait_for_selector(".o_form_view .o_data_row")
            page.locator(CRUMB).last.click()
            page.get_by_role("button", name="Open in the Console").click()
            page.wait_for_selector(CUSTOMERS)
            page.get_by_text("Snapshot of").wait_for()

    def test_search_finds_each_kind(self):
        meter = self.verdi_supply.meter_id
        self.verdi_bill.creditbox_ref = "F-2026-778"
        self.verdi.write({"creditbox_mobile": "+393337654321", "street": "Via Po 9"})
        with self.page(self.operator) as page:
            self.goto(page, "/odoo/creditbox-my-day", ".o_main_navbar")
            for typed, found in (
                ("Verdi", "Verdi"),
                ("VRDGPP80A01F205X", "Verdi"),
                ("333 7654321", "Verdi"),
                ("Via Po 9", "Verdi"),
                ("00881100000077", "00881100000077"),
                (meter.serial, meter.serial),
                ("F-2026-778", "F-2026-778"),
            ):
                page.locator(".o_creditbox_search").click()
                page.locator(".o_command_palette_search input").fill(f"*{typed}")
                page.locator(
                    ".o_command .o_command_name", has_text=found
                ).first.wait_for()
                page.keyboard.press("Escape")
            page.locator(".o_creditbox_search").click()
            page.locator(".o_command_palette_search input").fill("*Verdi")
            page.locator(".o_command .o_command_name", has_text="Verdi").first.click()
            page.wait_for_selector(".cbx-name:has-text('Verdi')")

    def _plan(self, *positions, user):
        for number, position in enumerate(positions):
            position.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=self.today,
                summary=f"Task {number}",
                user_id=user.id,
            )

    def test_my_day_in_bulk(self):
        """Rows are held, taken over and put off; back is where one was."""
        verdis = self._position(self.verdi_supply)
        self._plan(self.position, self.gas_position, user=self.operator)
        self._plan(verdis, user=self.supervisor)
        with self.page(self.operator) as page:
            self.goto(page, "/odoo/creditbox-my-day", ".o_data_row")
            rows = page.locator(".o_data_row")
            rows.nth(1).locator("td[name=partner_id]").click()
            page.wait_for_selector(".cbx-name:has-text('Rossi')")
            page.go_back()
            page.wait_for_selector(".o_data_row.o_creditbox_last")

            # all of the customer's rows at once
            page.locator("thead .o_list_record_selector input").click()
            page.get_by_role("button", name="Put on Hold").click()
            reason = page.locator(".modal [name=reason_id] input")
            reason.fill("D")
            page.locator(".o-autocomplete--dropdown-item").first.click()
            page.locator(".modal footer .btn-primary").click()
            page.wait_for_selector(".modal", state="detached")
            # a colleague's rows
            page.locator(".o_searchview_facet .o_facet_remove").first.click()
            row = page.locator(".o_data_row", has_text="Verdi")
            row.locator(".o_list_record_selector input").click()
            page.get_by_role("button", name="Take over").click()
            page.wait_for_function(
                "document.querySelectorAll('.o_list_selection_box').length == 0"
            )
            # put one off
            row.locator(".o_list_record_selector input").click()
            page.get_by_role("button", name="Postpone").click()
            page.locator(".modal footer .btn-primary").click()
            page.wait_for_selector(".modal", state="detached")
        self.env.invalidate_all()
        self.assertTrue(self.position.held_until)
        self.assertTrue(self.gas_position.held_until)
        activity = verdis.activity_ids
        self.assertEqual(activity.user_id, self.operator)
        self.assertGreater(activity.date_deadline, self.today)

    def test_accessible(self):
        """Clean for axe, and nothing wider than the screen, on a desk and a phone."""
        last = self.today.replace(day=1) - timedelta(days=1)
        days = (last, last.replace(day=1) - timedelta(days=1))
        self.env["creditbox.snapshot"].create(
            [{"company_id": self.company.id, "date": day} for day in days]
        )
        self._plan(self.position, user=self.manager)
        self._promise((0, 50), (20, 50), position=self.position)
        screens = (
            (CONSOLE, CUSTOMERS, True),
            ("/odoo/creditbox-kpi", ".o_creditbox_kpi h1", True),
            (f"/odoo/creditbox-customer/{self.customer.id}", ".cbx-name", True),
            ("/odoo/creditbox-my-day", ROW, False),
        )
        found = []
        for width in WIDTHS:
            with self.page(self.manager, width=width) as page:
                for path, shown, ours in screens:
                    self.goto(page, path, shown)
                    page.wait_for_load_state("networkidle")
                    found += [(path, width, *fault) for fault in faults(page, ours)]
                    wide = page.evaluate("document.documentElement.scrollWidth")
                    if wide > width:
                        found.append((path, width, "wide", wide))
        self.assertFalse(found, "\n".join(map(str, found)))
