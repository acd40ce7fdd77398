from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import DunningCommon


@tagged("post_install", "-at_install")
class TestSettings(DunningCommon):
    """The administrator of CreditBox need not be the one of the whole system."""

    def _settings(self, role, company=None):
        user = self._user(role, company)
        return self.env["creditbox.company.settings"].with_user(user)

    def test_administrator_changes_the_settings_of_the_company(self):
        settings = self._settings("administrator").with_company(self.company)
        with Form(settings) as form:
            self.assertEqual(form.company_id, self.company)
            self.assertEqual(form.creditbox_contact_delay, 5)
            form.creditbox_contact_delay = 9
        self.assertEqual(self.company.creditbox_contact_delay, 9)
        with Form(form.record) as form:
            form.creditbox_reply_to = "credit@acque.example"
        self.assertEqual(self.company.creditbox_reply_to, "credit@acque.example")

    def test_nobody_else_does_and_no_other_company(self):
        values = {"company_id": self.company.id, "creditbox_contact_delay": 1}
        with self.assertRaises(AccessError):
            self._settings("manager").create(values)
        other = self.setup_other_company()["company"]
        with self.assertRaises(AccessError):
            self._settings("administrator", other).create(values)
        self.assertEqual(self.company.creditbox_contact_delay, 5)
