import base64

from odoo.exceptions import AccessError
from odoo.http import Request
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged

from odoo.addons.creditbox_dunning.tests.common import TODAY

from .common import ArchiveCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestAccess(ArchiveCommon):
    def test_reader_reads_and_adds_nothing(self):
        file = self._add().with_user(self.reader)
        self.assertEqual(base64.b64decode(file.content), b"hello")
        for method, args in (
            ("write", [{"name": "x"}]),
            ("write", [{"content": base64.b64encode(b"x")}]),
            ("unlink", []),
        ):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(file, method)(*args)
        with self.assertRaises(AccessError):
            self._add(user=self.reader)
        with self.assertRaises(AccessError):
            file.create(
                {
                    "directory_id": file.directory_id.id,
                    "name": "x.txt",
                    "content": base64.b64encode(b"x"),
                }
            )
        self.assertFalse(file.creditbox_version_ids)

    def test_operator_files_and_deletes_nothing(self):
        file = self._add().with_user(self.operator)
        file.creditbox_date = "2020-01-01"
        with self.assertRaises(AccessError):
            file.unlink()
        with self.assertRaises(AccessError):
            file.creditbox_version_ids.create(
                {
                    "file_id": file.id,
                    "company_id": self.company.id,
                    "number": 9,
                    "name": "x",
                }
            )

    def test_whoever_has_no_role_sees_nothing(self):
        file = self._add()
        plain = new_test_user(self.env, "plain", company_id=self.company.id)
        self.assertFalse(self.Files.with_user(plain).search([("id", "=", file.id)]))
        with self.assertRaises(AccessError):
            file.with_user(plain).read(["name"])

    def test_another_company_sees_nothing(self):
        file = self._add(name="secret.txt", content=b"segretissimo")
        self._add(name="secret.txt", content=b"segretissimo ancora")
        self._read()
        other = self.setup_other_company()["company"]
        user = self._user("administrator", other)
        theirs = self._customer("Bianchi", company=other)
        self._add(theirs, user=user)
        self.assertNotIn(file, self.Files.with_user(user).search([]))
        with self.assertRaises(AccessError):
            file.with_user(user).read(["name"])
        with self.assertRaises(AccessError):
            file.with_user(user).with_context(creditbox_reason="x").unlink()
        self.assertFalse(self._found("segretissimo", user))
        self.assertEqual(self._found("segretissimo"), file)
        for model in ("creditbox.archive.text", "creditbox.archive.version"):
            found = self.env[model].with_user(user).search([])
            self.assertFalse(found.filtered(lambda r: r.file_id == file), model)
        with self.assertRaises(AccessError):
            self.customer.with_user(user)._archive_add([("x", b"x")], self.letters)

    def test_every_role_reads(self):
        file = self._add()
        for role in ("supervisor", "manager", "controller"):
            with self.subTest(role=role):
                self.assertEqual(file.with_user(self._user(role)).name, "letter.txt")

    def test_a_role_that_is_taken_away(self):
        file = self._add()
        self.reader.group_ids -= self.env.ref("creditbox_base.group_reader")
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            file.with_user(self.reader).read(["name"])


@tagged("post_install", "-at_install")
class TestUpload(ArchiveCommon, HttpCase):
    """What is dropped onto the list goes through a route of Documents."""

    def _drop(self, user, folder, name="dropped.txt"):
        user.password = password = f"{user.login}-password"
        self.authenticate(user.login, password)
        return self.url_open(
            "/web/binary/upload_dms_file",
            data={"directory_id": folder.id, "csrf_token": Request.csrf_token(self)},
            files={"ufile": (name, b"dropped")},
        )

    def test_operators_of_the_company_alone(self):
        folder = self._add().directory_id
        self._drop(self.operator, folder)
        file = folder.file_ids.filtered(lambda file: file.name == "dropped.txt")
        self.assertEqual(
            (self._raw(file), file.create_uid), (b"dropped", self.operator)
        )
        self.assertEqual(file.creditbox_partner_id, self.customer)
        other = self.setup_other_company()["company"]
        for user in (self.reader, self._user("operator", other)):
            self._drop(user, folder, f"by {user.id}.txt")
        self.assertEqual(len(folder.file_ids), 2)
