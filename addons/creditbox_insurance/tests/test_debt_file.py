from odoo.tests import freeze_time, tagged

from odoo.addons.creditbox_debt_file.tests.common import DebtFileReader
from odoo.addons.creditbox_dunning.tests.common import TODAY

from .common import InsuranceCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestDebtFile(DebtFileReader, InsuranceCommon):
    def test_declarations_are_in_the_debt_file(self):
        self.operator = self._user("operator")
        self._declared(self._bill(100, 30))
        other = self._customer("Verdi")
        self._policy(name="P-77")
        self._cover(other, policy="P-77")
        self._declared(self._bill(80, 30, self._supply(other, "W2")))
        position = self.env["creditbox.position"].search(
            [("supply_id", "=", self.supply.id)]
        )
        text = self._everything(self._make(position))
        self.assertIn("Declared bills", text)
        self.assertIn("P-1", text)
        self.assertNotIn("P-77", text)
