from odoo.tests import freeze_time, tagged

from odoo.addons.creditbox_debt_file.tests.common import DebtFileReader
from odoo.addons.creditbox_dunning.tests.common import TODAY

from .common import CessionCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestDebtFile(DebtFileReader, CessionCommon):
    def test_assigned_bills_are_in_the_debt_file(self):
        self.operator = self._user("operator")
        self._bill(100, 60)
        self._assigned()
        text = self._everything(self._make(self._positions()))
        for words in ("Assigned bills", "Factor SpA"):
            self.assertIn(words, text)
