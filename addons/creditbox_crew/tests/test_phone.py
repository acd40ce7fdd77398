"""The whole way of a crew in Chromium, 360 pixels wide, with and without network."""

from contextlib import contextmanager

from playwright.sync_api import expect

from odoo.tests import HttpCase, tagged

from odoo.addons.creditbox_base.tests.browser import (
    PATIENCE,
    InChromium,
    faults,
    too_wide,
)
from odoo.addons.creditbox_utility.tests.pictures import picture

from .common import CrewCommon


@tagged("creditbox", "post_install", "-at_install")
class TestPhone(InChromium, CrewCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("it_IT")
        cls.crew_user.lang = "it_IT"

    @contextmanager
    def _phone(self):
        expect.set_options(timeout=PATIENCE)
        with self.chromium(
            "squadra",
            width=360,
            height=740,
            geolocation={"latitude": 43.7, "longitude": 10.4, "accuracy": 5},
            permissions=["geolocation"],
        ) as page:
            self.go(page, "/creditbox/crew", ".item")
            yield page

    def _axe(self, page):
        self.assertFalse(faults(page))
        self.assertFalse(too_wide(page))

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
            for kind, color in (
                ("before", "red"),
                ("after", "blue"),
                ("seal", "green"),
            ):
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
            expect(page.locator(".entry")).to_have_count(0)
            # the page's requests and the test share a transaction
            page.context.set_offline(True)
            self._pay(100, bill)
            self.env.flush_all()
            page.context.set_offline(False)
            page.locator(".stop:visible").wait_for()
            self._axe(page)
            expect(page.locator(".work")).to_be_hidden()
            page.locator(".ack").click()
            expect(page.locator(".ack")).to_be_hidden()
        self.assertEqual(self._state(order), "stopped")
        self.assertTrue(order.creditbox_ack_at)
        self.assertEqual(len(order.creditbox_photo_ids), 1)

    def test_another_meter(self):
        order, _bill = self._handed()
        other = self.env.ref("creditbox_utility.order_reason_other_meter")
        with self._phone() as page:
            page.locator(".item a").first.click()
            page.locator(".not-executable").wait_for()
            meter = page.locator("[name=meter]")
            expect(meter).to_be_hidden()
            page.select_option("[name=reason_id]", str(other.id))
            expect(meter).to_be_visible()
            self._axe(page)
            page.locator(".not-executable").click()
            page.locator(".tell:visible").wait_for()
            meter.fill("N-77")
            page.locator(".not-executable").click()
            page.locator("article[data-state=not_executable]").wait_for()
        self.assertEqual(self._state(order), "not_executable")
        self.assertEqual(order.creditbox_found_meter, "N-77")

    def test_refused_is_shown_and_kept(self):
        order, _bill = self._handed()
        with self._phone() as page:
            page.locator(".item a").first.click()
            page.locator(".done").wait_for()
            text = {"name": "a.txt", "mimeType": "text/plain", "buffer": b"no photo"}
            page.locator(".photo[data-kind=before] input").set_input_files(text)
            page.locator(".tell:visible").wait_for()
            # the planning refuses it to people once the crew is on site
            order.sudo().person_id = False
            self.env.flush_all()
            page.select_option("[name=reason_id]", str(self.reason.id))
            page.locator(".not-executable").click()
            page.locator(".entry.is-refused").wait_for()
            page.reload()
            page.locator(".entry.is-refused").wait_for()
        self.assertEqual(self._state(order), "on_site")
