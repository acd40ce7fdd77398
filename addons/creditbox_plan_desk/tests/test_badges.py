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
