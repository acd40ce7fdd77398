import base64
import io
import zipfile

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from odoo.addons.creditbox_dunning.tests.common import TODAY

from .common import ArchiveCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestArchive(ArchiveCommon):
    def test_a_folder_comes_with_the_first_document(self):
        folders = self.env["dms.directory"]
        self.assertFalse(folders._creditbox_folders(self.customer))
        first = self._add()
        folder = folders._creditbox_folders(self.customer)
        self.assertEqual(first.directory_id, folder)
        self.assertEqual(self._add(name="second.txt").directory_id, folder)
        self.assertFalse(folders._creditbox_folders(self.verdi))
        self.assertEqual(folder.storage_id.company_id, self.company)
        self.assertEqual(first.creditbox_partner_id, self.customer)
        self.assertEqual(first.creditbox_date, TODAY)
        self.assertEqual(self.customer.creditbox_document_count, 2)
        self.assertEqual(self.verdi.creditbox_document_count, 0)

    def test_same_names(self):
        double = self._customer("Rossi")
        self.assertNotEqual(self._add().directory_id, self._add(double).directory_id)

    def test_names_that_are_not_safe(self):
        self.customer.name = "Rossi / C. ../x"
        file = self._add(name="../a/b:c.txt")
        self.assertEqual(file.name, "a-b-c.txt")
        self.assertNotIn("/", file.directory_id.name)

    def test_each_company_has_its_own_archive(self):
        other = self.setup_other_company()["company"]
        user = self._user("operator", other)
        stranger = self._customer("Bianchi", company=other)
        ours, theirs = self._add(), self._add(stranger, user=user)
        self.assertEqual(theirs.company_id, other)
        self.assertNotEqual(ours.storage_id, theirs.storage_id)

    def test_said_on_the_chatter(self):
        self._add(name="complaint.txt")
        self.assertIn("complaint.txt", self.customer.message_ids[0].body)

    def test_uploaded_as_documents_does(self):
        """What its own page creates: a name, a folder, the content."""
        folder = self._add().directory_id
        file = self.Files.with_user(self.operator).create(
            {
                "directory_id": folder.id,
                "name": "dropped.txt",
                "content": base64.b64encode(b"dropped"),
            }
        )
        self.assertEqual(
            file.category_id, self.env.ref("creditbox_archive.category_other")
        )
        self.assertEqual(file.creditbox_date, TODAY)
        self.assertEqual(self._raw(file), b"dropped")

    # ------------------------------------------------------------------
    # versions
    # ------------------------------------------------------------------
    def test_same_name_is_a_new_version(self):
        file = self._add(content=b"one")
        again = self._add(content=b"two")
        self.assertEqual(again, file)
        self.assertEqual((file.creditbox_version, self._raw(file)), (2, b"two"))
        [old] = file.creditbox_version_ids
        self.assertEqual((old.number, self._raw(old, "content")), (1, b"one"))
        self.assertEqual(old.user_id, self.operator)
        self.assertEqual(base64.b64decode(old.with_user(self.reader).content), b"one")
        self._add(content=b"three")
        contents = {
            v.number: self._raw(v, "content") for v in file.creditbox_version_ids
        }
        self.assertEqual(contents, {1: b"one", 2: b"two"})

    def test_the_same_content_is_no_version(self):
        file = self._add(content=b"one")
        self._add(content=b"one")
        self.assertEqual(
            (file.creditbox_version, len(file.creditbox_version_ids)), (1, 0)
        )

    def test_content_replaced_on_the_form(self):
        file = self._add(content=b"one").with_user(self.operator)
        file.write({"content": base64.b64encode(b"two"), "name": "renamed.txt"})
        self.assertEqual(file.creditbox_version, 2)
        self.assertEqual(self._raw(file.creditbox_version_ids, "content"), b"one")

    def test_files_of_others_are_left_alone(self):
        """Documents that are not of the archive are as OCA's Documents has them."""
        storage = self.env["dms.storage"].sudo().create({"name": "Plain"})
        root = storage.env["dms.directory"].create(
            {"name": "Root", "is_root_directory": True, "storage_id": storage.id}
        )
        file = self.Files.sudo().create(
            {
                "directory_id": root.id,
                "name": "a.txt",
                "content": base64.b64encode(b"1"),
            }
        )
        file.content = base64.b64encode(b"2")
        self.assertFalse(file.creditbox_version_ids)
        self.assertFalse(file.creditbox_archive or file.creditbox_keep_until)
        file.unlink()
        self.assertFalse(self.env["creditbox.archive.deletion"].search([]))

    # ------------------------------------------------------------------
    # buttons
    # ------------------------------------------------------------------
    def test_button_adds_the_first_then_opens(self):
        customer = self.customer.with_user(self.operator)
        window = customer.action_open_archive()
        self.assertEqual(window["res_model"], "creditbox.archive.upload")
        attachment = (
            self.env["ir.attachment"]
            .with_user(self.operator)
            .create(
                {"name": "scan.txt", "raw": b"scan", "res_model": window["res_model"]}
            )
        )
        wizard = self.env["creditbox.archive.upload"].with_user(self.operator)
        form = Form(wizard.with_context(**window["context"]))
        form.attachment_ids = attachment
        window = form.save().action_add()
        folder = self.env["dms.directory"]._creditbox_folders(self.customer)
        self.assertEqual(window["domain"], [("directory_id", "child_of", folder.id)])
        self.assertEqual(folder.file_ids.name, "scan.txt")
        self.assertEqual(folder.file_ids.category_id, self.letters)

    def test_button_without_files(self):
        window = self.customer.with_user(self.operator).action_open_archive()
        wizard = self.env["creditbox.archive.upload"].with_context(**window["context"])
        with self.assertRaises(UserError):
            wizard.create({}).action_add()

    def test_reader_is_told_that_there_is_nothing(self):
        with self.assertRaisesRegex(UserError, "no document"):
            self.customer.with_user(self.reader).action_open_archive()

    def test_debt_file_into_the_archive(self):
        self._bill(100, 40)
        position = self.env["creditbox.position"].search(
            [("partner_id", "=", self.customer.id)]
        )
        position.with_user(self.operator).action_debt_file()
        debt_file = self.env["creditbox.debt.file"].search([], limit=1)
        debt_file.with_user(self.operator).action_put_into_archive()
        files = self.Files.search([("creditbox_partner_id", "=", self.customer.id)])
        self.assertEqual(
            sorted(files.mapped("name")),
            sorted([debt_file.zip_name, debt_file.pdf_name]),
        )
        content = self._raw(files.filtered(lambda f: f.name.endswith(".zip")))
        self.assertEqual(content, base64.b64decode(debt_file.zip))
        # the next one holds the documents of the archive, and not the former one
        self._add(name="complaint.txt", content=b"I complain")
        self._add(self.verdi, name="neighbour.txt")
        position.with_user(self.operator).action_debt_file()
        file = self.env["creditbox.debt.file"].search([], limit=1)
        with zipfile.ZipFile(io.BytesIO(base64.b64decode(file.zip))) as archive:
            names = archive.namelist()
            [name] = [name for name in names if name.endswith("complaint.txt")]
            self.assertEqual(archive.read(name), b"I complain")
        self.assertFalse([n for n in names if "neighbour" in n or n.endswith(".zip")])

    def test_categories_are_in_the_users_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.env["ir.module.module"].search(
            [("name", "=", "creditbox_archive")]
        )._update_translations(["it_IT"], overwrite=True)
        names = (
            self.env["dms.category"]
            .with_context(lang="it_IT")
            .browse(
                self.env.ref(f"creditbox_archive.category_{name}").id
                for name in (
                    "bill",
                    "reminder",
                    "pec",
                    "receipt",
                    "act",
                    "plan",
                    "letter",
                )
            )
        )
        self.assertEqual(
            names.mapped("display_name"),
            [
                "Bollette",
                "Solleciti",
                "PEC",
                "Ricevute",
                "Atti",
                "Piani",
                "Corrispondenza",
            ],
        )
        found = names.browse(id_ for id_, _name in names.name_search("Bollett"))
        self.assertEqual(found, self.env.ref("creditbox_archive.category_bill"))

    # ------------------------------------------------------------------
    # what happens to customers
    # ------------------------------------------------------------------
    def test_merged_customers_have_one_folder(self):
        double = self._customer("Rosi")
        kept = self._add(content=b"of Rossi")
        moved = self._add(double, content=b"of Rosi")
        alone = self._add(double, name="other.txt")
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (double + self.customer).ids, self.customer
        )
        files = kept | moved | alone
        self.assertEqual(files.exists(), files)
        self.assertEqual(files.directory_id, kept.directory_id)
        self.assertEqual(files.creditbox_partner_id, self.customer)
        self.assertEqual(len(set(files.mapped("name"))), 3)
        self.assertEqual({self._raw(kept), self._raw(moved)}, {b"of Rossi", b"of Rosi"})

    def test_merged_into_one_without_documents(self):
        double = self._customer("Rosi")
        file = self._add(double)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (double + self.customer).ids, self.customer
        )
        self.assertEqual(file.exists().creditbox_partner_id, self.customer)
        self.assertEqual(self._add(name="next.txt").directory_id, file.directory_id)

    def test_customer_with_documents_is_not_deleted(self):
        self._add(self.verdi)
        with self.assertRaises(UserError):
            self.verdi.unlink()

    def test_deleting_other_records_asks_nothing(self):
        """Documents looks for the files of each record that is deleted."""
        self._add()
        groups = self.env["res.partner.category"].create(
            [{"name": f"T{n}"} for n in "ab"]
        )
        groups[0].unlink()
        groups = groups[1:]
        self.env.flush_all()
        self.env.invalidate_all()
        asked = []
        execute = type(self.env.cr).execute

        def spy(cr, query, *args, **kwargs):
            asked.append(str(getattr(query, "code", query)))
            return execute(cr, query, *args, **kwargs)

        self.patch(type(self.env.cr), "execute", spy)
        groups.unlink()
        self.env.flush_all()
        self.assertTrue(asked)
        self.assertFalse([q for q in asked if "dms_file" in q or "dms_directory" in q])
        self.assertIn("res.partner", self.env["dms.directory"]._creditbox_models())

    def test_as_many_queries_for_many_documents(self):
        customer = self.customer.with_user(self.operator)
        self._add()

        def add(count, start):
            documents = [(f"{start + n}.txt", b"x%d" % n) for n in range(count)]
            before = self.env.cr.sql_log_count
            customer._archive_add(documents, self.letters)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        add(2, 0)
        few, more = add(2, 100), add(4, 200)
        most = add(8, 300)
        # OCA's Documents itself asks about each file: no more than in proportion
        self.assertLessEqual(most - more, 2 * (more - few) + 4)

    def test_upload_window_keeps_to_the_record(self):
        wizard = self.env["creditbox.archive.upload"].create(
            {
                "res_model": "res.partner",
                "res_id": self.customer.id,
                "company_id": self.company.id,
                "attachment_ids": [
                    Command.create({"name": "x.txt", "raw": b"x", "type": "binary"})
                ],
            }
        )
        wizard.action_add()
        self.assertEqual(self.customer.creditbox_document_count, 1)
