import json

from odoo.tests import HttpCase, tagged

from .common import CrewCommon

HEADER = {"X-CreditBox-Crew": "1"}


@tagged("post_install", "-at_install")
class TestPage(CrewCommon, HttpCase):
    """The addresses that the phone asks."""

    def _post(self, entries, files=None, headers=None):
        return self.url_open(
            "/creditbox/crew/send",
            data={"entries": json.dumps(entries)},
            files=files or {"none": b""},
            headers=HEADER if headers is None else headers,
        )

    def test_page(self):
        self.authenticate("squadra", "squadra")
        page = self.url_open("/creditbox/crew")
        self.assertEqual(page.status_code, 200)
        self.assertIn("app.js", page.text)
        script = self.url_open("/creditbox/crew/sw.js")
        self.assertEqual(script.headers["Service-Worker-Allowed"], "/creditbox/crew")

    def test_send(self):
        order, _bill = self._handed()
        self.authenticate("squadra", "squadra")
        day = self.url_open("/creditbox/crew/day").json()
        self.assertEqual([seen["id"] for seen in day["orders"]], [order.id])
        entry, files = self._photo(order, "before")
        for known in (None, True):
            answer = self._post([entry], files).json()
            self.assertTrue(answer["answers"][0]["ok"], answer)
            self.assertEqual(answer["answers"][0].get("known"), known)
        self.assertEqual(len(order.creditbox_photo_ids), 1)

    def test_refused(self):
        self.authenticate("squadra", "squadra")
        self.assertEqual(self._post([], headers={}).status_code, 403)
        self.assertEqual(self._post({}).status_code, 400)
        big = {"big": b"0" * (21 * 1024**2)}
        self.assertEqual(self._post([], big).status_code, 413)

    def test_nobody_else(self):
        self._login("stranger")
        self.authenticate("stranger", "stranger")
        for path in ("/creditbox/crew", "/creditbox/crew/day"):
            self.assertEqual(self.url_open(path).status_code, 404)
        self.assertEqual(self._post([]).status_code, 404)
        self.authenticate(None, None)
        page = self.url_open("/creditbox/crew", allow_redirects=False)
        self.assertEqual(page.status_code, 303)
