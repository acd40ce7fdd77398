import base64

from odoo.tests import tagged

from odoo.addons.creditbox_debt_file.tests.common import DebtFileReader, pdf_of

from .common import PlanCommon


@tagged("post_install", "-at_install")
class TestDebtFile(DebtFileReader, PlanCommon):
    def test_plans_are_in_the_debt_file(self):
        plan = self._live()
        plan.sudo().write(
            {
                "signed_file": base64.b64encode(pdf_of("signed by hand")),
                "signed_name": "signed.pdf",
            }
        )
        verdi = self._customer("Verdi")
        supply = self._supply(verdi, "W2")
        self._bill(90, 60, supply)
        other = self._plan(self._position(supply))
        text = self._everything(self._make(self.position))
        for words in (plan.name, "signed by hand", "Plans and instalments"):
            self.assertIn(words, text)
        self.assertIn(plan.line_ids[0].payment_code, text)
        self.assertNotIn(other.name, text)
