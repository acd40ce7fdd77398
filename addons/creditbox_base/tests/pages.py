"""Pages of the portal in Chromium, on a phone and a desk: axe's rules, and widths."""

import resource

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

CHROMIUM = "/usr/bin/chromium"
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update"),
    "--disable-sync",
)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
# What is Odoo's own, on each page of its portal, with the reason for leaving it: where
# it is, and the rule.
ODOOS_OWN = {
    ("footer", "color-contrast"): "language and copyright, in the colours of the theme",
    (".col-lg-4", "heading-order"): "the card of the user beside the home page",
}
WIDTHS = {"phone": 360, "desktop": 1280}


class PagesInChromium:
    """For HttpCase: whoever is authenticated opens pages, at each width."""

    def _free_memory(self):
        """Odoo limits the memory of the process; a browser needs more."""
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_AS, (soft, hard))

    def _browse(self, paths, work):
        """Open each page at each width and do ``work(page, path, width)`` there."""
        self._free_memory()
        with self.allow_requests(all_requests=True), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
            for width in WIDTHS.values():
                context = browser.new_context(viewport={"width": width, "height": 780})
                session = {"name": "session_id", "value": self.session.sid}
                context.add_cookies([{**session, "url": self.base_url()}])
                page = context.new_page()
                for path in paths:
                    page.goto(self.base_url() + path)
                    page.wait_for_load_state("load")
                    work(page, path, width)
                context.close()
            browser.close()

    def _found_by_axe(self, page):
        """:return: list of (rule, target, html) that are not Odoo's own"""
        options = {"runOnly": {"type": "tag", "values": TAGS}}
        return [
            (violation["id"], str(node["target"][0]), node["html"][:120])
            for violation in Axe().run(page, options=options).response["violations"]
            for node in violation["nodes"]
            if not self._is_odoos(page, violation["id"], str(node["target"][0]))
        ]

    def _is_odoos(self, page, rule, target):
        return any(
            rule == known
            and page.locator(target).first.evaluate(
                "(node, place) => !!node.closest(place)", place
            )
            for place, known in ODOOS_OWN
        )

    def _too_wide(self, page, width):
        """:return: int, by how much a page is wider than the screen"""
        shown = page.evaluate("document.documentElement.scrollWidth")
        return max(0, shown - width)
