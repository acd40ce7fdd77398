"""An injunction from the position to its end, in Chromium: operator, supervisor."""

from odoo.tests import HttpCase, tagged

from odoo.addons.creditbox_base.tests.browser import InChromium

from .common import LegalCommon

CASE = "/odoo/creditbox-cases/{}"
OPTION = ".o-autocomplete--dropdown-item"


@tagged("creditbox", "post_install", "-at_install")
class TestWalk(InChromium, LegalCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.compile_assets()
        cls.bill = cls._bill(900, 60)
        cls.position = cls.env["creditbox.position"].search(
            [("supply_id", "=", cls.supply.id)]
        )
        cls.operator = cls._user("operator")
        cls.supervisor = cls._user("supervisor")
        cls.rule = cls.env["creditbox.term.rule"].search(
            [("kind", "=", "injunction")], limit=1
        )
        cls.rule_name = cls.rule.name  # read while no page asks the server

    def test_walk(self):
        with self.people(
            operator={"login": self.operator.login},
            supervisor={"login": self.supervisor.login},
        ) as people:
            case = self._opened(people.operator)
            self._handed_over(people.supervisor, case)
            self._worked_on(people.operator, case)
            self._closed(people.supervisor, case)

    def _exclusion(self):
        return self.env["creditbox.item"].search(
            [("move_line_id.move_id", "=", self.bill.id)]
        )

    def _opened(self, page):
        path = f"/odoo/creditbox-positions/{self.position.id}"
        self.go(page, path, "button[name=action_open_case]")
        page.locator("button[name=action_open_case]").first.click()
        page.locator(".modal [name=kind] input[data-value=injunction]").check()
        page.locator(".modal button[name=action_open]").click()
        page.locator("button[name=action_package]").wait_for()
        with self.between_requests():
            case = self.Case.search([("partner_id", "=", self.customer.id)])
            self.assertEqual((case.kind, case.state), ("injunction", "open"))
            self.assertEqual(self._exclusion().exclusion, "litigation")
        return case

    def _handed_over(self, page, case):
        self.go(page, CASE.format(case.id), "button[name=action_assign]")
        self.press(page, "action_assign")
        page.locator(".modal [name=method] input[data-value=hand]").check()
        page.locator(".modal [name=provider_id] input").first.fill("Studio")
        page.locator(OPTION, has_text="Studio Due").click()
        page.locator(".modal button[name=action_assign]").click()
        self.shows(page, "assigned")

    def _worked_on(self, page, case):
        """Accepted; a term from the day of service; an activity that is done."""
        self.go(page, CASE.format(case.id), "button[name=action_accept]")
        self.press(page, "action_accept", state="accepted")
        page.locator(".nav-link[name=terms]").click()
        terms = page.locator("[name=term_ids]")
        terms.locator(".o_field_x2many_list_row_add a").click()
        terms.locator("[name=rule_id] input").fill(self.rule_name)
        page.locator(OPTION, has_text=self.rule_name).first.click()
        terms.locator("td[name=date_event]").click()
        terms.locator("td[name=date_event] input").fill("11/03/2026")
        page.keyboard.press("Tab")
        page.locator(".o_form_button_save").click()
        terms.locator("button[name=action_met]").first.wait_for()
        self.picture(page, "walk-case-1-terms")
        with self.between_requests():
            term = case.term_ids.filtered(lambda term: term.rule_id == self.rule)[:1]
            self.assertEqual(term.date_due, self.rule._end(term.date_event).day)

    def _closed(self, page, case):
        with self.between_requests():
            self._pay(400, self.bill)
            self.assertEqual(case.amount_collected, 400)
            self.assertEqual(case.state, "accepted")
        self.go(page, CASE.format(case.id), "button[name=action_close]")
        self.press(page, "action_close")
        page.locator(".modal [name=outcome] input[data-value=no_result]").check()
        page.locator(".modal [name=reason] input, .modal [name=reason] textarea").fill(
            "No goods found"
        )
        page.locator(".modal button[name=action_close]").click()
        self.shows(page, "closed")
        self.picture(page, "walk-case-2-closed")
        with self.between_requests():
            self.assertFalse(self._exclusion().exclusion)
