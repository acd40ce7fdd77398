from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.creditbox_plan.tests.common import PlanCommon


@tagged("post_install", "-at_install")
class TestPlanBadges(PlanCommon):
    def _badges(self):
        page = self.env["creditbox.customer.page"].with_user(self.operator)
        badges = page.get_page(self.customer.id, self.company.id)["badges"]
        return [badge for badge in badges if badge["label"] == "Repayment plan"]

    def test_plan_on_the_page(self):
        self.assertFalse(self._badges())
        plan = self._live()
        [badge] = self._badges()
        self.assertEqual((badge["value"], badge["style"]), ("Running", "success"))
        self.assertIn("13.34", badge["hint"])
        self.assertEqual(badge["action"]["res_id"], plan.id)

    def _press(self, user=None):
        page = self.env["creditbox.customer.page"].with_user(user or self.operator)
        [button] = page.get_page(self.customer.id, self.company.id)["buttons"]
        return getattr(page, button["method"])(self.customer.id, self.company.id)

    def test_button_simulates_a_plan(self):
        action = self._press()
        self.assertEqual(action["res_model"], "creditbox.plan")
        self.assertEqual(self._press()["res_id"], action["res_id"], "the same one")

    def test_button_leads_to_the_plan_that_runs(self):
        plan = self._live()
        self.assertEqual(self._press()["res_id"], plan.id)

    def test_button_asks_which_supply(self):
        self._bill(100, 30, self._supply(self.customer, "W2"))
        action = self._press()
        self.assertEqual(action["res_model"], "creditbox.position")

    def test_button_without_a_debt(self):
        self._pay(160.01, self.older | self.newer)
        with self.assertRaises(UserError):
            self._press()

    def test_button_is_for_operators(self):
        with self.assertRaises(AccessError):
            self._press(self._user("reader"))
