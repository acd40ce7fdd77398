"""A plan from the counter to the customer's acceptance, and back when it is broken, in
Chromium: operator, supervisor, customer."""

from odoo.tests import HttpCase, tagged

from odoo.addons.creditbox_base.tests.browser import InChromium
from odoo.addons.creditbox_portal.tests.common import PortalCommon


@tagged("creditbox", "post_install", "-at_install")
class TestWalk(InChromium, PortalCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.compile_assets()
        cls.bill = cls._bill_now(120, 5)
        cls.position = cls.env["creditbox.position"].search(
            [("supply_id", "=", cls.supply.id)]
        )
        cls.operator = cls._user("operator")
        cls.supervisor = cls._user("supervisor")

    def _plan(self):
        return self.env["creditbox.plan"].search(
            [("position_id", "=", self.position.id)]
        )

    def _exclusion(self):
        return (
            self.env["creditbox.item"]
            .search([("move_line_id.move_id", "=", self.bill.id)])
            .exclusion
        )

    def test_walk(self):
        with self.people(
            operator={"login": self.operator.login},
            supervisor={"login": self.supervisor.login},
            customer={"login": "rossi", "width": 360, "height": 740},
        ) as people:
            self._asked_at_the_counter(people.operator)
            plan = self._approved(people.supervisor)
            self._accepted(people.customer, plan)
            self._paid(people.operator, plan)
            self._broken(people, plan)

    def _asked_at_the_counter(self, page):
        """Six instalments are fewer than the customer has a right to: it says so."""
        position = f"/odoo/creditbox-positions/{self.position.id}"
        self.go(page, position, "button[name=action_plan]")
        self.press(page, "action_plan", state="draft")
        count = page.locator("[name=instalment_count] input")
        count.fill("6")
        page.locator("button[name=action_draw_up]").click()
        page.locator(".alert-warning", has_text="cannot be asked for").wait_for()
        count.fill("12")
        page.locator("button[name=action_draw_up]").click()
        page.locator("[name=line_ids] .o_data_row").nth(11).wait_for()
        self.picture(page, "walk-plan-1-instalments")
        self.press(page, "action_request", state="to_approve")
        self.assertFalse(page.locator("button[name=action_approve]").count())

    def _approved(self, page):
        with self.between_requests():
            plan = self._plan()
            self.assertEqual(len(plan.line_ids), 12)
            self.assertEqual(self._exclusion(), "plan")
        path = f"/odoo/creditbox-plans/{plan.id}"
        self.go(page, path, "button[name=action_approve]")
        self.press(page, "action_approve", state="proposed")
        return plan

    def _accepted(self, page, plan):
        self.go(page, f"/my/plans/{plan.id}", "form[action$='/accept']")
        self.picture(page, "walk-plan-2-offer")
        page.locator("form[action$='/accept'] input[type=checkbox]").check()
        page.locator("form[action$='/accept'] button").click()
        page.locator("text=Running. Next instalment").first.wait_for()
        with self.between_requests():
            self.assertEqual(plan.state, "live")
            self.assertEqual(len(plan.line_ids.move_id), 12)
            self.assertFalse(self.bill.amount_residual)

    def _paid(self, page, plan):
        """The first instalment comes in: the screen says so at once."""
        with self.between_requests():
            first = plan.line_ids[0]
            self._pay(first.amount, first.move_id)
        self.go(page, f"/odoo/creditbox-plans/{plan.id}", "[name=line_ids]")
        page.locator("[name=line_ids] .o_data_row", has_text="Paid").wait_for()
        self.shows(page, "live")

    def _broken(self, people, plan):
        path = f"/odoo/creditbox-plans/{plan.id}"
        self.go(people.supervisor, path, "[name=line_ids]")
        self.press(people.supervisor, "action_break", sure=True, state="broken")
        with self.between_requests():
            self.assertEqual(plan.state, "broken")
            self.assertEqual(self.bill.amount_residual, 110)
            self.assertFalse(self._exclusion())
        self.go(people.customer, f"/my/plans/{plan.id}", "text=Ended, because")
        self.picture(people.customer, "walk-plan-3-broken")
