"""The ways through the office's screens that people take all day, in Chromium."""

from datetime import timedelta

from openpyxl import load_workbook

from odoo.tests import HttpCase, tagged

from odoo.addons.creditbox_base.tests.browser import InChromium, faults, too_wide

from .common import ConsoleCommon

CONSOLE = "/odoo/creditbox-console"
MY_DAY = "/odoo/creditbox-my-day"
CUSTOMERS = ".o_creditbox_customers tbody tr"
FILTERS = "nav[aria-label=Filters] .btn-primary"
CRUMB = ".o_control_panel .breadcrumb-item a, .o_control_panel .o_back_button"
NAME = ".cbx-name:has-text('{}')"
ROW = ".o_data_row, .o_kanban_record:not(.o_kanban_ghost)"
CODE = "VRDGPP80A01F205X"
WIDTHS = (1280, 390)
# The page below Odoo's bars, and the box of search in them
OURS = (".o_action_manager", ".o_creditbox_search")
# Odoo's own parts of them, and Odoo's own faults in its lists: place, rule
ODOOS = (".o_cp_searchview", ".o_control_panel_navigation")
ODOOS_OWN = (
    (".o_list_table thead", "empty-table-header"),
    (".o_list_actions_header", "button-name"),
    (".o_list_record_selector", "label"),
    (".o_kanban_record", "aria-allowed-role"),
    (".o-mail-Avatar", "image-alt"),
)


@tagged("creditbox", "post_install", "-at_install")
class TestWalk(InChromium, ConsoleCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.compile_assets()
        cls.operator, cls.manager = map(cls.make_user, ("operator", "manager"))
        cls.controller = cls.make_user("controller", cls.companies)
        cls.rossi = cls.make_customer("Rossi")
        cls.verdi = cls.make_customer("Verdi", creditbox_fiscal_code=CODE)
        kind = cls.env.ref("creditbox_base.meter_type_suspendable")
        state = cls.env.ref("creditbox_base.meter_state_active")
        meter = cls.env["creditbox.meter"].create(
            {
                "company_id": cls.company.id,
                "serial": "M-1",
                "service_type_id": cls.water.id,
                "meter_type_id": kind.id,
                "meter_state_id": state.id,
            }
        )
        water = cls.make_supply(cls.rossi, "W1", meter_id=meter.id)
        gas = cls.make_supply(cls.rossi, "G1", service_type_id=cls.gas.id)
        supply = cls.make_supply(cls.verdi, "00881100000077")
        cls.make_bill(cls.rossi, 100, days=40, supply=water)
        cls.make_bill(cls.rossi, 60, days=20, supply=gas)
        cls.make_bill(cls.verdi, 250, days=20, supply=supply, creditbox_ref="F-778")
        cls.make_bill(cls.verdi, 80, days=-10, supply=supply)
        namesake = cls.make_customer(
            "G. Verdi", company=cls.company_b, creditbox_fiscal_code=CODE
        )
        cls.make_bill(namesake, 33, days=5)
        cls.positions = [
            cls.position(cls, cls.rossi, water),
            cls.position(cls, cls.rossi, gas),
            cls.position(cls, cls.verdi, supply),
        ]

    def _plan(self, *positions, user):
        for number, position in enumerate(positions):
            position.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=self.today,
                summary=f"Task {number}",
                user_id=user.id,
            )

    # -- console ---------------------------------------------------------------------

    def _assert_console(self, page, filters, day):
        """The console is there, with what was asked of it before."""
        page.locator("header", has_text=day).wait_for()
        page.locator(CUSTOMERS).first.wait_for()
        found = page.locator(FILTERS).all_inner_texts()
        self.assertEqual([text.split(":")[0] for text in found], filters)

    def _filter(self, page, shown, filters):
        page.locator(shown).first.click()
        page.locator(FILTERS).nth(filters - 1).wait_for()
        page.locator(".o_creditbox_page[aria-busy=false]").wait_for()

    def _open_verdi(self, page):
        page.locator(CUSTOMERS).get_by_role("button", name="Verdi").click()
        page.locator(NAME.format("Verdi")).wait_for()

    def test_console(self):
        """A figure, its due dates, the customer, a past day; always back as left."""
        filters = ["Age", "Service"]
        with self.chromium(self.manager.login) as page:
            self.go(page, CONSOLE, CUSTOMERS)
            total = page.locator(".o_creditbox_tile_danger").first.inner_text()
            self.assertIn("410", total)  # 100 + 60 + 250
            self._filter(page, ".o_creditbox_bar:has-text('16–30')", 1)
            self._filter(page, ".o_creditbox_cut_name:has-text('Water')", 2)
            self._assert_console(page, filters, "Today")

            page.get_by_role("button", name="Due dates: 1").click()
            page.locator(".o_data_row", has_text="Verdi").wait_for()
            page.go_back()
            self._assert_console(page, filters, "Today")

            self._open_verdi(page)
            page.locator("a.cbx-overdue").click()
            page.locator(ROW).first.wait_for()
            page.go_back()
            page.locator(NAME.format("Verdi")).wait_for()
            page.locator(CRUMB).first.click()
            self._assert_console(page, filters, "Today")

            page.get_by_role("button", name="Entries").first.click()
            page.locator(".o_data_row", has_text="250").wait_for()
            page.locator(CRUMB).first.click()
            self._assert_console(page, filters, "Today")
            page.reload()
            self._assert_console(page, filters, "Today")
            self._past_day(page)

    def _past_day(self, page):
        page.get_by_role("button", name="Remove all").click()
        page.locator(FILTERS).first.wait_for(state="detached")
        text = (self.today - timedelta(days=30)).strftime("%m/%d/%Y")
        page.locator(".o_control_panel input.o_datetime_input").fill(text)
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Back to today").wait_for()
        self._assert_console(page, [], "As of")
        self._open_verdi(page)
        page.go_back()
        self._assert_console(page, [], "As of")
        with page.expect_download() as download:
            page.get_by_role("button", name="Export to Excel").click()
        with open(download.value.path(), "rb") as file:
            cells = [
                cell
                for sheet in load_workbook(file)
                for row in sheet.values
                for cell in row
            ]
        self.assertIn("Verdi", cells)
        page.get_by_role("button", name="Back to today").click()
        self._assert_console(page, [], "Today")

    # -- months and group ------------------------------------------------------------

    def _snapshot(self, day):
        self.env["creditbox.snapshot"].create(
            {"company_id": self.company.id, "date": day}
        )

    def test_months_and_group(self):
        """A snapshot is proved, compared and opened; a KPI and a debtor explained."""
        last = self.today.replace(day=1) - timedelta(days=1)
        self._snapshot(last.replace(day=1) - timedelta(days=1))
        with self.chromium(self.manager.login) as page:
            self.go(page, "/odoo/creditbox-snapshots/new", ".o_form_view")
            page.locator(".o_form_button_save").click()
            page.get_by_role("button", name="Verify").click()
            page.locator(".o_notification").first.wait_for()
            page.get_by_role("button", name="Compare").click()
            page.locator("[name=line_ids] .o_data_row").first.wait_for()
            page.locator(".o_back_button a").click()
            page.get_by_role("button", name="Open in the Console").click()
            self._assert_console(page, [], "Snapshot of")

            tile = "article:has-text('DSO') .o_creditbox_kpi_value:enabled"
            self.go(page, "/odoo/creditbox-kpi", tile)
            page.locator(tile).first.click()
            page.locator(ROW, has_text="Verdi").first.wait_for()
            page.locator(CRUMB).first.click()
            page.locator(tile).first.wait_for()
        with self.chromium(self.controller.login) as page:
            page.context.add_cookies([self._ticked(self.companies)])
            self.go(page, "/odoo/creditbox-group-debtors", ROW)
            row = page.locator(ROW, has_text=CODE)
            self.assertIn("283", row.inner_text())  # 250 + 33
            row.locator("td[name=name]").click()
            theirs = page.locator(
                "[name=position_ids] .o_data_row", has_text="G. Verdi"
            )
            theirs.wait_for()
            page.locator("[name=action_open_customers]").click()
            page.locator("[name=action_open_customers]").wait_for(state="detached")
            page.locator(ROW, has_text="G. Verdi").first.wait_for()
            page.go_back()
            theirs.wait_for()
            page.locator(CRUMB).first.click()
            row.wait_for()

    def _ticked(self, companies):
        ids = "-".join(map(str, companies.ids))
        return {"name": "cids", "value": ids, "url": self.base_url()}

    # -- my day ----------------------------------------------------------------------

    def test_my_day(self):
        """Found, looked at one after the other, taken over, put off; back as left."""
        *rossis, verdis = self.positions
        self._plan(verdis, user=self.operator)
        self._plan(*rossis, user=self.manager)
        with self.chromium(self.operator.login) as page:
            self.go(page, MY_DAY, ROW)
            self._search(page, CODE, "F-778", "00881100000077", "Verdi")
            page.go_back()
            page.locator(ROW).first.wait_for()

            # what others have to do, too: next and previous by keyboard
            page.locator(".o_searchview_facet .o_facet_remove").first.click()
            page.locator(ROW, has_text="Rossi").nth(1).wait_for()
            names = page.locator(".o_data_row td[name=partner_id]")
            first, other = names.first.inner_text(), names.last.inner_text()
            names.first.click()
            page.locator(NAME.format(first)).wait_for()
            page.keyboard.press("j")
            page.locator(NAME.format(other)).wait_for()
            page.keyboard.press("k")
            page.locator(NAME.format(first)).wait_for()
            page.keyboard.press("j")
            page.locator(NAME.format(other)).wait_for()
            page.go_back()
            last = page.locator(".o_data_row.o_creditbox_last", has_text=other)
            last.wait_for()
            last.locator("td[name=partner_id]").click()
            page.locator(NAME.format(other)).wait_for()
            page.locator(CRUMB).first.click()
            last.wait_for()
            color = "el => getComputedStyle(el.cells[1]).boxShadow"
            self.assertNotEqual(last.evaluate(color), "none")

            self._with_rows(page, "Rossi", "Take over")
            self._with_rows(page, "Rossi", "Postpone", dialog=True)
            page.locator(".o_data_row", has_text="Rossi").wait_for(state="detached")
        self.env.invalidate_all()
        for activity in (rossis[0] | rossis[1]).activity_ids:
            self.assertEqual(activity.user_id, self.operator)
            self.assertGreater(activity.date_deadline, self.today)
        self.assertEqual(verdis.activity_ids.date_deadline, self.today)

    def _search(self, page, *typed):
        """Each text finds something; the last one is opened."""
        for text in typed:
            page.locator(".o_creditbox_search").click()
            page.locator(".o_command_palette_search input").fill(f"*{text}")
            found = page.locator(".o_command", has_text=text).first
            found.wait_for()
            if text != typed[-1]:
                page.keyboard.press("Escape")
        found.click()
        page.locator(NAME.format("Verdi")).wait_for()

    def _with_rows(self, page, text, button, dialog=False):
        rows = page.locator(".o_data_row", has_text=text)
        for row in rows.all():
            row.locator(".o_list_record_selector input").click()
        page.get_by_role("button", name=button).click()
        if dialog:
            page.locator(".modal footer .btn-primary").click()
            page.locator(".modal").wait_for(state="detached")
        page.locator(".o_data_row_selected").first.wait_for(state="detached")

    # -- axe -------------------------------------------------------------------------

    def test_accessible(self):
        """Clean for axe, and nothing wider than the screen, on a desk and a phone."""
        last = self.today.replace(day=1) - timedelta(days=1)
        self._snapshot(last)
        self._plan(*self.positions, user=self.manager)
        screens = {
            CONSOLE: CUSTOMERS,
            "/odoo/creditbox-kpi": ".o_creditbox_kpi h1",
            f"/odoo/creditbox-customer/{self.rossi.id}": ".cbx-name",
            MY_DAY: ROW,
        }
        found = []
        for width in WIDTHS:
            with self.chromium(self.manager.login, width=width) as page:
                for path, shown in screens.items():
                    self.go(page, path, shown)
                    wrong = faults(page, OURS, ODOOS, ODOOS_OWN)
                    found += [(path, width, *fault) for fault in wrong]
                    if wide := too_wide(page):
                        found.append((path, width, "wide", wide))
        self.assertFalse(found, "\n".join(map(str, found)))
