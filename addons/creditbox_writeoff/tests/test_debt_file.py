from odoo.tests import freeze_time, tagged

from odoo.addons.creditbox_debt_file.tests.common import DebtFileReader
from odoo.addons.creditbox_dunning.tests.common import TODAY

from .common import WriteoffCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestDebtFile(DebtFileReader, WriteoffCommon):
    def test_requests_are_in_the_debt_file(self):
        self.operator = self._user("operator")
        request = self._ask(self._bill(100, 60), note="He has moved abroad")
        request.with_user(self._user("manager")).action_approve()
        neighbour = self._supply(self._customer("Verdi"), "W2")
        other = self._ask(self._bill(80, 60, neighbour), note="not his")
        text = self._everything(self._make(self._position_of(self.supply)))
        for words in (request.name, "He has moved abroad", "Approvals"):
            self.assertIn(words, text)
        for words in (other.name, "not his"):
            self.assertNotIn(words, text)
