from odoo.tests import tagged

from odoo.addons.creditbox_base.tests.common import CreditboxCommon


@tagged("post_install", "-at_install")
class TestConsole(CreditboxCommon):
    def test_loads(self):
        self.make_bill(self.make_customer(), 100, days=20)
        console = self.env["creditbox.console"].load({})
        self.assertEqual(console["totals"]["amount_overdue"], 100)
