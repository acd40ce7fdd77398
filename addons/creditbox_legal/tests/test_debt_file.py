from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from odoo.addons.creditbox_debt_file.tests.common import DebtFileReader, pdf_of

from .common import NOW, LegalCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestDebtFile(DebtFileReader, LegalCommon):
    def test_the_debt_file_of_a_case(self):
        self.operator = self._user("operator")
        case, bill = self._hand_case()
        case.write({"court": "Tribunale di Lucca", "court_number": "R.G. 77/2026"})
        self.env["ir.attachment"].create(
            {
                "name": "ricorso.pdf",
                "res_model": case._name,
                "res_id": case.id,
                "raw": pdf_of("ricorso per ingiunzione"),
            }
        )
        before = self.env["creditbox.debt.file"].search([])
        case.with_user(self.operator).action_debt_file()
        file = self.env["creditbox.debt.file"].search([]) - before
        self.assertEqual(file.position_ids, case.position_ids)
        self.assertIn(self.operator.name, case.message_ids[0].body)
        text = self._everything(file)
        for words in (
            *(case.name, "Tribunale di Lucca", "R.G. 77/2026", bill.name),
            "ricorso per ingiunzione",
        ):
            self.assertIn(words, text)

    def test_another_customers_case_is_not_in_it(self):
        self.operator = self._user("operator")
        case, _bill = self._hand_case()
        verdi = self._customer("Verdi")
        self._bill(50, 20, self._supply(verdi, "W2"))
        position = self.env["creditbox.position"].search(
            [("partner_id", "=", verdi.id)]
        )
        self.assertNotIn(case.name, self._everything(self._make(position)))

    def test_reader_makes_none(self):
        case, _bill = self._hand_case()
        with self.assertRaises(AccessError):
            case.with_user(self._user("reader")).action_debt_file()
