from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from odoo.addons.creditbox_dunning.tests.common import TODAY

from .common import ArchiveCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestRetention(ArchiveCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.letters.creditbox_years = 10
        # of the ten years the last day is today
        cls.old = cls._add(name="old.txt", content=b"1", day=date(2016, 6, 30))
        cls.over = cls._add(name="over.txt", content=b"2", day=date(2016, 6, 29))

    def _delete(self, files, reason="over", user=None):
        files = files.with_user(user or self.administrator)
        window = files.action_creditbox_delete()
        wizard = self.env[window["res_model"]].with_user(user or self.administrator)
        form = Form(wizard.with_context(**window["context"]))
        form.reason = reason
        form.save().action_delete()

    def test_years_count_from_the_document(self):
        self.assertEqual(self.old.creditbox_keep_until, TODAY)
        self.assertEqual(self.over.creditbox_keep_until, TODAY - timedelta(days=1))
        leap = self._add(name="leap.txt", content=b"3", day=date(2016, 2, 29))
        self.assertEqual(leap.creditbox_keep_until, date(2026, 2, 28))
        self.letters.creditbox_years = 0
        self.assertFalse(self.old.creditbox_keep_until)

    def test_list_of_what_is_over(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_archive.dms_file_action_over"
        )
        domain = [
            ("creditbox_archive", "=", True),
            ("creditbox_keep_until", "<", "today"),
        ]
        self.assertIn("'creditbox_keep_until', '<', 'today'", action["domain"])
        found = self.Files.with_user(self.administrator).search(
            [*domain, ("id", "in", (self.old | self.over).ids)]
        )
        self.assertEqual(found, self.over)

    def test_administrator_deletes_and_it_is_noted(self):
        self._add(name="over.txt", content=b"2b")  # a version before
        versions = self.over.creditbox_version_ids
        stored = self.env["ir.attachment"].search(
            [
                ("res_model", "=", versions._name),
                ("res_id", "in", versions.ids),
                ("res_field", "=", "content"),
            ]
        )
        self.assertTrue(stored)
        self.over.creditbox_date = date(2016, 6, 29)
        self._delete(self.over)
        self.assertFalse(self.over.exists())
        self.assertFalse(stored.exists())
        note = self.env["creditbox.archive.deletion"].search([], limit=1)
        self.assertEqual(
            (note.name, note.partner_id, note.user_id, note.reason, note.early),
            ("over.txt", self.customer, self.administrator, "over", False),
        )
        self.assertEqual((note.category_id, note.version_count), (self.letters, 1))
        with self.assertRaises(UserError):
            note.sudo().unlink()

    def test_before_its_time_only_with_a_reason(self):
        with self.assertRaisesRegex(UserError, "old.txt"):
            self.old.with_user(self.administrator).unlink()
        self._delete(self.old, "of somebody else")
        note = self.env["creditbox.archive.deletion"].search([], limit=1)
        self.assertTrue(note.early)
        self.assertEqual(note.reason, "of somebody else")

    def test_nobody_else(self):
        for role in ("operator", "supervisor", "manager"):
            user = self.env["res.users"].search(
                [("login", "=", f"{role}_{self.company.id}")]
            ) or self._user(role)
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.over.with_user(user).with_context(creditbox_reason="x").unlink()
        with self.assertRaises(AccessError):
            self.over.directory_id.with_user(self.operator).unlink()
        self.assertTrue(self.over.exists())
