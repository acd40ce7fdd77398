"""A loss from the request to the entry, and the money that comes after all, in
Chromium: operator and manager."""

from odoo.tests import HttpCase, tagged

from odoo.addons.creditbox_base.tests.browser import InChromium

from .common import WriteoffCommon

POSITION = "/odoo/creditbox-positions/{}"
WRITEOFF = "/odoo/creditbox-writeoffs/{}"


@tagged("creditbox", "post_install", "-at_install")
class TestWalk(InChromium, WriteoffCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.compile_assets()
        cls.bill = cls._bill(100, 200)
        cls.position = cls._position_of(cls.supply)
        cls.reason_name = cls.reason.name  # read while no page asks the server
        cls.operator = cls._user("operator")
        cls.manager = cls._user("manager")

    def test_walk(self):
        with self.people(
            operator={"login": self.operator.login},
            manager={"login": self.manager.login},
        ) as people:
            writeoff = self._asked(people.operator)
            self._approved(people.manager, writeoff)
            self._recovered(people.manager, writeoff)

    def _asked(self, page):
        path = POSITION.format(self.position.id)
        self.go(page, path, "button[name=action_ask_writeoff]")
        page.locator("button[name=action_ask_writeoff]").click()
        reason = page.locator(".modal [name=reason_id] input")
        reason.fill(self.reason_name)
        page.locator(
            ".o-autocomplete--dropdown-item", has_text=self.reason_name
        ).click()
        page.locator(".modal [name=note] textarea").fill("Moved away, no goods found")
        self.picture(page, "walk-writeoff-1-asked")
        page.locator(".modal button[name=action_ask]").click()
        page.locator(".modal").wait_for(state="detached")
        with self.between_requests():
            writeoff = self.env["creditbox.writeoff"].search(
                [("position_id", "=", self.position.id)]
            )
            self.assertEqual(writeoff.state, "requested")
            self.assertEqual(self._exclusions(self.bill), ["writeoff"])
        self.go(page, WRITEOFF.format(writeoff.id), ".o_arrow_button_current")
        self.assertFalse(page.locator("button[name=action_approve]").count())
        return writeoff

    def _approved(self, page, writeoff):
        self.go(page, WRITEOFF.format(writeoff.id), "button[name=action_approve]")
        self.press(page, "action_approve", state="posted")
        self.picture(page, "walk-writeoff-2-posted")
        with self.between_requests():
            self.assertFalse(self.bill.amount_residual)

    def _recovered(self, page, writeoff):
        """The customer pays after all: an open credit, taken as a recovery."""
        with self.between_requests():
            self._pay(40, customer=self.customer, supply=self.supply)
        self.go(page, WRITEOFF.format(writeoff.id), "button[name=action_recover]")
        self.press(page, "action_recover", sure=True)
        page.locator("button[name=action_recover]").wait_for(state="hidden")
        self.picture(page, "walk-writeoff-3-recovered")
        with self.between_requests():
            self.assertEqual(writeoff.amount_recovered, 40)
