from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from odoo.addons.creditbox_debt_file.tests.common import DebtFileReader

from .common import TODAY, DeskCommon


@tagged("creditbox", "post_install", "-at_install")
@freeze_time(TODAY)
class TestDebtFile(DebtFileReader, DeskCommon):
    def test_what_was_said_is_in_it(self):
        self._promise((5, 60), note="with the thirteenth salary")
        page = self.env["creditbox.customer.page"].with_user(self.operator)
        page.add_note(self.customer.id, self.company.id, "Has found work again")
        self.env["creditbox.call"].with_user(self.operator).create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "outcome": "spoken",
                "note": "asks for the bill",
            }
        )
        verdi = self._customer("Verdi")
        supply = self._supply(verdi, "W2")
        self._bill(30, 20, supply)
        page.add_note(verdi.id, self.company.id, "note of the neighbour")
        window = page.open_debt_file(self.customer.id, self.company.id)
        file = self.env["creditbox.debt.file"].browse(window["res_id"])
        self.assertEqual((file.state, file.whole), ("made", True), file.error)
        text = self._everything(file)
        for words in (
            "with the thirteenth salary",
            "Has found work again",
            "asks for the bill",
        ):
            self.assertIn(words, text)
        self.assertNotIn("neighbour", text)

    def test_promise_for_another_supply_is_not_in_it(self):
        self._promise((5, 60), position=self.gas_position, note="about the gas")
        self._promise((6, 60), position=self.position, note="about the water")
        text = self._everything(self._make(self.position))
        self.assertIn("about the water", text)
        self.assertNotIn("about the gas", text)

    def test_reader_makes_none(self):
        page = self.env["creditbox.customer.page"].with_user(self.reader)
        with self.assertRaises(AccessError):
            page.open_debt_file(self.customer.id, self.company.id)
