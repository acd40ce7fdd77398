"""Each page on a phone, in Chromium, with axe: rules of WCAG 2.1 AA, in Italian."""

import resource

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from odoo.tests import tagged

from .test_pages import LISTS, PagesCommon

CHROMIUM = "/usr/bin/chromium"
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update"),
    "--disable-sync",
)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
# What is Odoo's own, on each page of its portal, with the reason for leaving it: where
# it is (the target begins with it), and the rule.
ODOOS_OWN = {
    ("footer", "color-contrast"): "language and copyright, in the colours of the theme",
    (".col-lg-4", "heading-order"): "the card of the user beside the home page",
}
WIDTHS = {"phone": 360, "desktop": 1280}


@tagged("creditbox", "post_install", "-at_install")
class TestAccessible(PagesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("it_IT")
        cls.user.lang = "it_IT"
        cls.bill.creditbox_payment_code = "301000000000000018"
        for number in range(25):
            cls._bill_now(10 + number, 30 + number)
        cls._bill_now(12, -5)
        cls._pay(11, cls._bill_now(11, 5))
        cls._declare(cls, cls._bill_now(13, 6))
        cls.env["creditbox.contact.request"].sudo()._request(
            cls.user, cls.customer, {"phone": "+39 02 1234567"}
        )
        cls.env["creditbox.portal.delegate"].create(
            {
                "user_id": cls.user.id,
                "partner_id": cls.neighbour.id,
                "company_id": cls.company.id,
                "date_to": cls.today,
                "reason": "Mandate",
            }
        )
        cls.paths = (
            "/my",
            *LISTS,
            "/my/bills/page/2",
            "/my/payments?sent=1",
            f"/my/bills/{cls.bill.id}",
            f"/my/supplies/{cls.supply.id}",
        )

    def setUp(self):
        super().setUp()
        # Odoo limits the memory of the process; a browser started from it needs more
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_AS, (soft, hard))
        self.authenticate("rossi", "rossi")

    def _browse(self, work):
        """Open each page at each width and do ``work(page, path)`` there."""
        with self.allow_requests(all_requests=True), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
            for width in WIDTHS.values():
                context = browser.new_context(viewport={"width": width, "height": 780})
                context.add_cookies(
                    [
                        {
                            "name": "session_id",
                            "value": self.session.sid,
                            "url": self.base_url(),
                        }
                    ]
                )
                page = context.new_page()
                for path in self.paths:
                    page.goto(self.base_url() + path)
                    page.wait_for_load_state("load")
                    work(page, path, width)
                context.close()
            browser.close()

    def test_axe(self):
        found = []

        def look(page, path, width):
            options = {"runOnly": {"type": "tag", "values": TAGS}}
            for violation in Axe().run(page, options=options).response["violations"]:
                for node in violation["nodes"]:
                    target = str(node["target"][0])
                    key = (violation["id"], target)
                    if not self._is_odoos(page, *key):
                        found.append((path, width, *key, node["html"][:120]))

        self._browse(look)
        self.assertFalse(found, "\n".join(map(str, found)))

    def _is_odoos(self, page, rule, target):
        return any(
            rule == known and page.locator(target).first.evaluate(
                "(node, place) => !!node.closest(place)", place
            )
            for place, known in ODOOS_OWN
        )  # fmt: skip

    def test_nothing_is_wider_than_the_phone(self):
        wide = []

        def look(page, path, width):
            shown = page.evaluate("document.documentElement.scrollWidth")
            if shown > width:
                wide.append((path, width, shown))

        self._browse(look)
        self.assertFalse(wide)

    def test_forms_by_keyboard_alone(self):
        self.paths = ("/my/contact",)
        reached = set()

        def look(page, path, width):
            for _press in range(60):
                page.keyboard.press("Tab")
                reached.add(page.evaluate("document.activeElement.id"))

        self._browse(look)
        wanted = {"creditbox_email", "creditbox_mobile", "creditbox_channel",
                  "creditbox_reminders"}  # fmt: skip
        self.assertLessEqual(wanted, reached)
