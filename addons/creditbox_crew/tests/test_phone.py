"""The whole way of a crew in Chromium, 360 pixels wide, with and without network."""

import resource
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from odoo.tests import HttpCase, tagged

from odoo.addons.creditbox_utility.tests.pictures import picture

from .common import CrewCommon

CHROMIUM = "/usr/bin/chromium"
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update"),
    "--disable-sync",
)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
PATIENCE = 60_000


@tagged("creditbox", "post_install", "-at_install")
class TestPhone(CrewCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("it_IT")
        cls.crew_user.lang = "it_IT"

    def setUp(self):
        super().setUp()
        # Odoo limits the memory of the process; a browser started from it needs more
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_AS, (soft, hard))
        self.authenticate("squadra", "squadra")

    @contextmanager
    def _phone(self):
        with self.allow_requests(all_requests=True), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
            context = browser.new_context(
                viewport={"width": 360, "height": 740},
                geolocation={"latitude": 43.7, "longitude": 10.4, "accuracy": 5},
                permissions=["geolocation"],
            )
            context.set_default_timeout(PATIENCE)
            expect.set_options(timeout=PATIENCE)
            cookie = {"name": "session_id", "value": self.session.sid}
            context.add_cookies([{**cookie, "url": self.base_url()}])
            page = context.new_page()
            page.goto(self.base_url() + "/creditbox/crew")
            page.locator(".item").first.wait_for()
            yield page
            context.close()
            browser.close()

    def _axe(self, page):
        found = Axe().run(page, options={"runOnly": TAGS}).response["violations"]
        self.assertFalse([(rule["id"], rule["nodes"][0]["target"]) for rule in found])
        width = page.evaluate("document.documentElement.scrollWidth")
        self.assertLessEqual(width, 360)

    def _take(self, page, kind, color):
        photo = {"name": "a.png", "mimeType": "image/png"}
        photo["buffer"] = picture(color, (640, 480), "PNG")
        button = page.locator(f".photo[data-kind={kind}]")
        button.locator("input").set_input_files(photo)
        page.locator(f".photo[data-kind={kind}].taken").wait_for()

    def _state(self, order):
        order.invalidate_recordset()
        return order.creditbox_state

    def test_without_network(self):
        order, _bill = self._handed()
        with self._phone() as page:
            self._axe(page)
            page.evaluate("navigator.serviceWorker.ready")
            page.wait_for_function(
                "async () => Boolean(await caches.match('/creditbox/crew'))"
            )
            page.locator(".item a").first.click()
            page.locator(".done").wait_for()
            self._axe(page)
            page.context.set_offline(True)
            for kind, color in (("before", "red"), ("after", "blue"), ("seal", "green")):
                self._take(page, kind, color)
            page.fill("[name=reading]", "4321,5")
            page.fill("[name=seal]", "SIG-9")
            page.locator(".done").click()
            page.locator(".ending:visible").wait_for()
            self.assertEqual(self._state(order), "on_site")
            page.reload()  # closed and opened again, still without network
            page.locator(".ending:visible").wait_for()
            expect(page.locator(".entry")).to_have_count(4)
            page.context.set_offline(False)
            page.locator("article[data-state=done]").wait_for()
            expect(page.locator(".entry")).to_have_count(0)
        self.assertEqual(self._state(order), "done")
        self.assertEqual(order.creditbox_seal, "SIG-9")
        self.assertEqual(order.creditbox_reading, 4321.5)
        photos = order.creditbox_photo_ids
        self.assertEqual(len(photos), 3)
        self.assertTrue(all(photos.mapped("located")))
        done = order.creditbox_event_ids.filtered(lambda e: e.what == "done")
        self.assertEqual(len(done), 1)

    def test_paid_while_the_page_is_open(self):
        order, bill = self._handed()
        with self._phone() as page:
            page.locator(".item a").first.click()
            self._take(page, "before", "red")
            self._pay(100, bill)
            self.env.flush_all()
            page.evaluate("window.dispatchEvent(new Event('online'))")
            page.locator(".stop:visible").wait_for()
            self._axe(page)
            expect(page.locator(".work")).to_be_hidden()
            page.locator(".ack").click()
            expect(page.locator(".ack")).to_be_hidden()
        self.assertEqual(self._state(order), "stopped")
        self.assertTrue(order.creditbox_ack_at)
        self.assertEqual(len(order.creditbox_photo_ids), 1)

    def test_refused_is_shown_and_kept(self):
        order, _bill = self._handed()
        with self._phone() as page:
            page.locator(".item a").first.click()
            page.locator(".done").wait_for()
            text = {"name": "a.txt", "mimeType": "text/plain", "buffer": b"no photo"}
            page.locator(".photo[data-kind=before] input").set_input_files(text)
            page.locator(".tell:visible").wait_for()
            order.person_id = False
            self.env.flush_all()
            page.select_option("[name=reason_id]", str(self.reason.id))
            page.locator(".not-executable").click()
            page.locator(".entry.is-refused").wait_for()
            page.reload()
            page.locator(".entry.is-refused").wait_for()
        self.assertEqual(self._state(order), "on_site")
