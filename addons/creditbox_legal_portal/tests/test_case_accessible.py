"""The pages of lawyers and agencies in Chromium: axe, and a phone's width."""

from odoo.tests import tagged

from odoo.addons.creditbox_base.tests.browser import PagesInChromium

from .test_case_pages import CasePagesCommon


@tagged("post_install", "-at_install")
class TestCaseAccessible(PagesInChromium, CasePagesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("it_IT")
        cls.agent.lang = "it_IT"
        cls.waiting, _bill = cls._case_of(cls.agency, accepted=False, number=3)
        own = cls._own(cls.agent, cls.case)
        own._case_write(cls.agent, "Buongiorno")
        call = cls.env.ref("creditbox_legal.activity_type_call")
        cls.env["creditbox.case.activity"].create(
            {"case_id": cls.case.id, "type_id": call.id, "provider_id": cls.agency.id}
        )
        rows = f"case;amount;date\n{cls.case.name};x;x\n".encode()
        uploads = cls.env["creditbox.case.upload"].with_user(cls.agent).sudo()
        cls.upload = uploads._take(cls.agent, "a.csv", rows)

    def test_pages(self):
        self.assertPages(
            "agenzia",
            (
                *("/my/cases", "/my/cases/upload"),
                *(f"/my/cases/{case.id}" for case in (self.case, self.waiting)),
                f"/my/cases/upload?upload={self.upload.id}",
            ),
        )
