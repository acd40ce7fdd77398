"""Real data of one company on real screens, in Chromium."""

import resource
from contextlib import contextmanager
from datetime import timedelta

from playwright.sync_api import sync_playwright

from odoo.fields import Command
from odoo.tests import HttpCase

from odoo.addons.creditbox_desk.tests.common import DeskCommon

CHROMIUM = "/usr/bin/chromium"
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update"),
    "--disable-sync",
)
CUSTOMERS = ".o_creditbox_customers tbody tr"
ROW = ".o_data_row, .o_kanban_record:not(.o_kanban_ghost)"


class ScreensCommon(DeskCommon, HttpCase):
    """Two customers, what they owe, and a manager; dates follow the real today."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # once for all tests of the class: each would make them anew, and roll them back
        bundle = cls.env["ir.qweb"]._get_asset_bundle("web.assets_web")
        bundle.js()
        bundle.css()
        cls.manager = cls._user("manager")
        cls.today = cls.company._creditbox_today()
        cls.verdi = cls._customer("Verdi", creditbox_fiscal_code="VRDGPP80A01F205X")
        cls.verdi_supply = cls._supply(cls.verdi, "00881100000077")
        cls.verdi_bill = cls._bill_due(250, 120, cls.verdi_supply)
        cls._bill_due(80, -10, cls.verdi_supply)

    @classmethod
    def _bill_due(cls, amount, days, supply):
        return cls._bill(amount, cls.today - timedelta(days), supply)

    @contextmanager
    def page(self, user, width=1280, height=850):
        """A browser in which the user is logged in.

        :return: page of Playwright, on no address yet
        """
        # Odoo limits the memory of the process; a browser started from it needs more
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_AS, (soft, hard))
        self.authenticate(user.login, user.login)
        cookie = {"name": "session_id", "value": self.session.sid}
        with self.allow_requests(all_requests=True), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
            context = browser.new_context(viewport={"width": width, "height": height})
            context.add_cookies([{**cookie, "url": self.base_url()}])
            page = context.new_page()
            page.set_default_timeout(60_000)
            faults = []
            page.on("pageerror", lambda error: faults.append(str(error)))
            try:
                yield page
                # nothing of the page still asks the server when the test is over
                page.goto("about:blank")
            finally:
                browser.close()
            self.assertFalse(faults)

    def goto(self, page, path, shown):
        page.goto(self.base_url() + path)
        page.wait_for_selector(shown)

    def let_see(self, user, *companies):
        user.company_ids = [Command.link(company.id) for company in companies]
