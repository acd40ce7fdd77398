"""Each page on a phone, in Chromium, with axe: rules of WCAG 2.1 AA, in Italian."""

from odoo.tests import tagged

from odoo.addons.creditbox_base.tests.browser import PagesInChromium

from .test_pages import LISTS, PagesCommon


@tagged("creditbox", "post_install", "-at_install")
class TestAccessible(PagesInChromium, PagesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("it_IT")
        cls.user.lang = "it_IT"
        cls.bill.creditbox_payment_code = "301000000000000018"
        for number in range(25):
            cls._bill_now(10 + number, 30 + number)
        cls._bill_now(12, -5)
        cls._pay(11, cls._bill_now(11, 5))
        cls._declare(cls, cls._bill_now(13, 6))
        cls.env["creditbox.contact.request"].sudo()._request(
            cls.user, cls.customer, {"phone": "+39 02 1234567"}
        )
        cls.env["creditbox.portal.delegate"].create(
            {
                "user_id": cls.user.id,
                "partner_id": cls.neighbour.id,
                "company_id": cls.company.id,
                "date_to": cls.today,
                "reason": "Mandate",
            }
        )
        cls.paths = (
            "/my",
            *LISTS,
            "/my/bills/page/2",
            "/my/payments?sent=1",
            f"/my/bills/{cls.bill.id}",
            f"/my/supplies/{cls.supply.id}",
        )

    def test_accessible(self):
        """Axe finds nothing of ours, and nothing is wider than the phone."""
        self.assertPages("rossi", self.paths)
