import io

from pypdf import PdfReader

from odoo.tests import tagged

from .common import PlanCommon


@tagged("post_install", "-at_install")
class TestAgreement(PlanCommon):
    def test_pages(self):
        self.company.creditbox_payment_qr = "code"
        plan = self._plan(interest_rate=2, guarantee="surety")
        plan.action_request()
        plan.action_approve()
        _name, content = plan.with_user(self.operator)._agreement_file()
        text = "\n".join(
            page.extract_text() for page in PdfReader(io.BytesIO(content)).pages
        )
        for line in plan.line_ids:
            self.assertIn(line.payment_code, text)
        for word in (plan.name, "Surety", "1186", self.customer.name):
            self.assertIn(word, text)

    def test_codes_are_creditor_references(self):
        from stdnum import iso11649

        plan = self._plan()
        plan.action_request()
        plan.action_approve()
        for code in plan.line_ids.mapped("payment_code"):
            self.assertTrue(iso11649.is_valid(code), code)
        self.assertEqual(len(set(plan.line_ids.mapped("payment_code"))), 12)
