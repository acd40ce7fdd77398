from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.creditbox_frontoffice.tests.common import FrontofficeCommon


@tagged("creditbox", "post_install", "-at_install")
class TestPlanRequest(FrontofficeCommon):
    def test_instalments_become_a_plan(self):
        self.make_bill(self.customer, 300, days=20, supply=self.supply)
        ticket = self.ask("instalments", creditbox_instalments=3)
        self.step(ticket)
        self.step(ticket)
        plan = ticket.sudo().creditbox_plan_id
        self.assertEqual(plan.instalment_count, 3)
        self.assertEqual(plan.state, "draft")
        self.assertEqual(plan.position_id.supply_id, self.supply)
        self.assertEqual(ticket.creditbox_next_id.code, "answer")

    def test_nothing_overdue(self):
        ticket = self.ask("instalments")
        self.step(ticket)
        with self.assertRaisesRegex(UserError, "nothing overdue"):
            self.step(ticket)
