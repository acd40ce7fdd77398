from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged

from odoo.addons.creditbox_dunning.tests.common import TODAY

from .common import DebtFileCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestAccess(DebtFileCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._bill(100, 40)
        cls.reader = cls._user("reader")

    def test_reader_reads_and_makes_none(self):
        file = self._make(self._positions(self.customer)).with_user(self.reader)
        self.assertTrue(file.zip)
        with self.assertRaises(AccessError):
            self._positions(self.customer).with_user(self.reader).action_debt_file()
        for method, args in (("write", {"name": "x"}), ("unlink", None)):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(file, method)(*([args] if args else []))

    def test_operator_neither_writes_nor_deletes(self):
        file = self._make(self._positions(self.customer)).with_user(self.operator)
        with self.assertRaises(AccessError):
            file.write({"sha256": "0"})
        with self.assertRaises(AccessError):
            file.unlink()
        with self.assertRaises(AccessError):
            self.Files.with_user(self.operator).create(
                {"company_id": self.company.id, "partner_id": self.customer.id}
            )

    def test_another_company_sees_and_makes_nothing(self):
        other = self.setup_other_company()["company"]
        user = self._user("administrator", other)
        file = self._make(self._positions(self.customer))
        self.assertFalse(self.Files.with_user(user).search([]))
        with self.assertRaises(AccessError):
            file.with_user(user).read(["zip"])
        with self.assertRaises(AccessError):
            self._positions(self.customer).with_user(user).action_debt_file()
        attachments = self.env["ir.attachment"].search(
            [("res_model", "=", file._name), ("res_field", "=", "zip")]
        )
        with self.assertRaises(AccessError):
            attachments.with_user(user).read(["raw"])

    def test_whoever_has_no_role(self):
        plain = new_test_user(self.env, "plain", company_id=self.company.id)
        file = self._make(self._positions(self.customer))
        with self.assertRaises(AccessError):
            file.with_user(plain).read(["name"])


@tagged("post_install", "-at_install")
class TestRoute(DebtFileCommon, HttpCase):
    def test_only_of_the_own_company(self):
        self._bill(100, 40)
        self._bill(70, 40, self.other_supply)
        positions = self._positions(self.customer | self.verdi)
        files = self._make(positions)
        lot = (
            self.env["creditbox.debt.file.lot"]
            .sudo()
            .create(
                {
                    "name": "DFL/1",
                    "company_id": self.company.id,
                    "file_ids": [Command.set(files.ids)],
                }
            )
        )
        for role, password in (("operator", "operator_pw_1"),):
            user = self.env["res.users"].search(
                [("login", "=", f"{role}_{self.company.id}")]
            )
            user.password = password
        other = self.setup_other_company()["company"]
        stranger = self._user("administrator", other)
        stranger.password = "stranger_pw_1"
        self.authenticate(self.operator.login, "operator_pw_1")
        answer = self.url_open(f"/creditbox/debt-files/{lot.id}")
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.headers["Content-Type"], "application/zip")
        self.assertEqual(int(answer.headers["Content-Length"]), len(answer.content))
        self.assertEqual(answer.content[:2], b"PK")
        self.authenticate(stranger.login, "stranger_pw_1")
        answer = self.url_open(f"/creditbox/debt-files/{lot.id}")
        self.assertEqual(answer.status_code, 404)
