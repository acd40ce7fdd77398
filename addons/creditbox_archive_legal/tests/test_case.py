from odoo.tests import freeze_time, tagged

from odoo.addons.creditbox_legal.tests.common import NOW, LegalCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCase(LegalCommon):
    def test_a_folder_within_the_customers(self):
        case, _bill = self._hand_case()
        operator = self._user("operator")
        act = self.env.ref("creditbox_archive.category_act")
        [file] = case.with_user(operator)._archive_add([("ricorso.txt", b"x")], act)
        folder = file.sudo().directory_id
        self.assertEqual((folder.res_model, folder.res_id), (case._name, case.id))
        self.assertEqual(folder.parent_id.res_model, "res.partner")
        self.assertEqual(file.creditbox_partner_id, self.customer)
        self.assertEqual(case.creditbox_document_count, 1)
        self.assertEqual(self.customer.creditbox_document_count, 1)
        window = case.with_user(operator).action_open_archive()
        self.assertEqual(window["domain"], [("directory_id", "child_of", folder.id)])
        window = self.customer.with_user(operator).action_open_archive()
        domain = window["domain"]
        self.assertIn(
            file, self.env["dms.file"].search(domain), "with those of its cases"
        )

    def test_a_case_of_another_customer(self):
        case, _bill = self._hand_case()
        operator = self._user("operator")
        act = self.env.ref("creditbox_archive.category_act")
        case.with_user(operator)._archive_add([("ricorso.txt", b"x")], act)
        verdi = self._customer("Verdi")
        self.assertEqual(verdi.creditbox_document_count, 0)
        self.assertFalse(self.env["dms.directory"]._creditbox_folders(verdi))
