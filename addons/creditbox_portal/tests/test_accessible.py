"""Each page on a phone, in Chromium, with axe: rules of WCAG 2.1 AA, in Italian."""

from odoo.tests import tagged

from odoo.addons.creditbox_base.tests.browser import InChromium, faults, too_wide

from .test_pages import LISTS, PagesCommon

# What is Odoo's own, on each page of its portal, with the reason for leaving it: where
# it is (the target begins with it), and the rule.
ODOOS_OWN = {
    ("footer", "color-contrast"): "language and copyright, in the colours of the theme",
    (".col-lg-4", "heading-order"): "the card of the user beside the home page",
}
WIDTHS = {"phone": 360, "desktop": 1280}


@tagged("creditbox", "post_install", "-at_install")
class TestAccessible(InChromium, PagesCommon):
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

    def _browse(self, work):
        """Open each page at each width and do ``work(page, path, width)`` there."""
        for width in WIDTHS.values():
            with self.chromium("rossi", width=width) as page:
                for path in self.paths:
                    page.goto(self.base_url() + path)
                    work(page, path, width)

    def test_axe(self):
        found = []

        def look(page, path, width):
            wrong = faults(page, but=ODOOS_OWN)
            found.extend((path, width, *fault) for fault in wrong)

        self._browse(look)
        self.assertFalse(found, "\n".join(map(str, found)))

    def test_nothing_is_wider_than_the_phone(self):
        wide = []

        def look(page, path, width):
            if by := too_wide(page):
                wide.append((path, width, by))

        self._browse(look)
        self.assertFalse(wide)

    def test_forms_by_keyboard_alone(self):
        self.paths = ("/my/contact",)
        reached = set()

        def look(page, path, width):
            for _press in range(60):
                page.keyboard.press("Tab")
                reached.add(page.evaluate("document.activeElement.id"))

        self._browse(look)
        wanted = {"creditbox_email", "creditbox_mobile", "creditbox_channel",
                  "creditbox_reminders"}  # fmt: skip
        self.assertLessEqual(wanted, reached)
