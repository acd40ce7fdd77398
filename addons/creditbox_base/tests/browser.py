"""Real screens in Chromium, and what axe finds wrong with them (WCAG 2.1 AA)."""

import os
import resource
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from odoo.http import root
from odoo.tests.common import _registry_test_lock

CHROMIUM = "/usr/bin/chromium"
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update"),
    "--disable-sync",
)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
PATIENCE = 60_000
PORTAL_WIDTHS = (360, 1280)
# What is Odoo's own, on each page of its portal, with the reason for leaving it: where
# it is, and the rule.
PORTALS_OWN = {
    ("footer", "color-contrast"): "language and copyright, in the colours of the theme",
    (".col-lg-4", "heading-order"): "the card of the user beside the home page",
}


class InChromium:
    """To be mixed into an HttpCase."""

    @classmethod
    def compile_assets(cls):
        """Once for all tests of a class: each would make them anew, and roll back."""
        bundle = cls.env["ir.qweb"]._get_asset_bundle("web.assets_web")
        bundle.js()
        bundle.css()

    @contextmanager
    def chromium(self, login, width=1280, height=850, **options):
        """A page of Playwright, on no address yet, with the user (login) logged in.

        No script of the page may fail.

        :param options: of the browser's context
        """
        alone = {"login": login, "width": width, "height": height, **options}
        with self.people(alone=alone) as people:
            yield people.alone

    @contextmanager
    def people(self, **people):
        """Several people, each with a page and a session of their own, in one browser.

        :param people: name: arguments of :meth:`chromium`
        :return: types.SimpleNamespace of their pages, by these names
        """
        # Odoo limits the memory of the process; a browser started from it needs more
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_AS, (soft, hard))
        sessions = {name: self._log_in(**options) for name, options in people.items()}
        failed = []
        with self.allow_requests(all_requests=True), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
            pages = {
                name: self._open(browser, sessions[name], failed, **options)
                for name, options in people.items()
            }
            try:
                yield SimpleNamespace(**pages)
                # nothing of the pages still asks the server when the test is over
                for page in pages.values():
                    page.goto("about:blank")
            finally:
                browser.close()
        self.assertFalse(failed)

    def _log_in(self, login, **_options):
        """:return: str, id of a session that other people's do not end"""
        self.session = None
        session = self.authenticate(login, login)
        self.addCleanup(root.session_store.delete, session)
        return session.sid

    def _open(self, browser, sid, failed, login, width=1280, height=850, **options):
        """:return: an empty page of somebody; errors of its scripts go to ``failed``"""
        options["viewport"] = {"width": width, "height": height}
        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        cookie = {"name": "session_id", "value": sid, "url": self.base_url()}
        context.add_cookies([cookie])
        page = context.new_page()
        page.on("pageerror", lambda error: failed.append(f"{login}: {error}"))
        return page

    @contextmanager
    def between_requests(self):
        """The test's own work on the records while pages are open.

        Their requests share its transaction: they wait until it is done.
        """
        if not _registry_test_lock.acquire(timeout=PATIENCE / 1000):
            raise TimeoutError("A request of a page does not come to its end.")
        try:
            self.env.invalidate_all()
            yield
            self.env.flush_all()
        finally:
            _registry_test_lock.release()

    def go(self, page, path, shown):
        """Open the path and wait until what the selector says is there."""
        page.goto(self.base_url() + path)
        page.locator(shown).first.wait_for()

    def press(self, page, name, sure=False, state=None):
        """Press a button of a form, say that one is sure, wait for the state.

        :param name: method of the button
        :param state: value of the status bar that it leads to
        """
        page.locator(f".o_form_statusbar button[name={name}]").first.click()
        if sure:
            page.locator(".modal footer .btn-primary").click()
        if state:
            self.shows(page, state)

    def shows(self, page, state):
        """Wait until the status bar says so."""
        page.locator(f".o_arrow_button_current[data-value={state}]").wait_for()

    def picture(self, page, name):
        """Keep what is seen, for the docs, if CREDITBOX_PICTURES names a folder."""
        if folder := os.environ.get("CREDITBOX_PICTURES"):
            page.wait_for_timeout(800)  # until nothing moves any more
            page.screenshot(path=Path(folder) / f"{name}.png")


class PagesInChromium(InChromium):
    """For pages of the portal, on a phone and at a desk."""

    def assertPages(self, login, paths):
        """Axe finds nothing of ours on them, and nothing is wider than the screen."""
        wrong = []
        for width in PORTAL_WIDTHS:
            with self.chromium(login, width=width) as page:
                for path in paths:
                    page.goto(self.base_url() + path)
                    found = faults(page, but=PORTALS_OWN)
                    wrong += [(path, width, *fault) for fault in found]
                    if by := too_wide(page):
                        wrong.append((path, width, "wider than the screen", by))
        self.assertFalse(wrong, "\n".join(map(str, wrong)))


def faults(page, within=(), without=(), but=()):
    """What axe finds wrong with the page.

    :param within: selectors of the parts to look at; by default all of it
    :param without: selectors of parts in them not to look at
    :param but: {(selector, rule)} of what is not ours
    :return: [(rule, selector, piece of the page)]
    """
    options = {"runOnly": {"type": "tag", "values": TAGS}}
    parts = {"include": within, "exclude": without}
    context = {k: [[place] for place in v] for k, v in parts.items() if v}
    found = Axe().run(page, context=context or None, options=options)
    return [
        (violation["id"], target, node["html"][:120])
        for violation in found.response["violations"]
        for node in violation["nodes"]
        for target in [str(node["target"][0])]
        if not any(
            violation["id"] == rule and _is_in(page, target, place)
            for place, rule in but
        )
    ]


def too_wide(page):
    """:return: by how many pixels the page is wider than the screen, or 0"""
    return page.evaluate(
        "Math.max(document.documentElement.scrollWidth - window.innerWidth, 0)"
    )


def _is_in(page, target, place):
    return page.locator(target).first.evaluate(
        "(node, place) => !!node.closest(place)", place
    )
