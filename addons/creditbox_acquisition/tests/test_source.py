import os
import tempfile
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import HEADINGS, AcquisitionCase, make_xlsx


@tagged("post_install", "-at_install")
class TestSource(AcquisitionCase):
    """How the data comes: folder, database; mappings; who may do what."""

    def _write(self, folder, name, content):
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, name), "wb") as stream:
            stream.write(content)

    def _folder_source(self):
        root = tempfile.mkdtemp()
        storage = self.env["fs.storage"].create(
            {
                "name": "Local",
                "code": f"test_{os.path.basename(root)}",
                "protocol": "file",
                "directory_path": root,
            }
        )
        self.source.write(
            {
                "delivery": "folder",
                "fs_storage_id": storage.id,
                "file_pattern": "*.csv",
                "settle_seconds": 0,
            }
        )
        return root

    def test_folder(self):
        root = self._folder_source()
        good = b"Codice;Nominativo\nC1;Rossi\n"
        self._write(f"{root}/in", "a.csv", good)
        self._write(f"{root}/in", "b.csv", good)
        self._write(f"{root}/in", "c.csv", b"foo;bar\n1;2\n")
        self._write(f"{root}/in", "other.txt", b"no")
        taken = self.source._run()
        self.env.cr.postcommit.run()
        states = {a.filename: a.state for a in taken}
        self.assertEqual(states["a.csv"], "done")
        self.assertEqual(states["c.csv"], "failed")
        self.assertEqual(os.listdir(f"{root}/in"), ["other.txt"])
        moved = os.listdir(f"{root}/done") + os.listdir(f"{root}/failed")
        self.assertEqual(len(moved), 3)
        self.assertFalse(self.source._run())

    def test_folder_waits_for_files_being_written(self):
        root = self._folder_source()
        self.source.settle_seconds = 3600
        self._write(f"{root}/in", "a.csv", b"Codice;Nominativo\nC1;Rossi\n")
        self.assertFalse(self.source._run())

    def test_cron(self):
        root = self._folder_source()
        self._write(f"{root}/in", "a.csv", b"Codice;Nominativo\nC1;Rossi\n")
        broken = self.make_source(self.company, name="Broken", delivery="folder")
        with self.enter_registry_test_mode():
            self.env.ref(
                "creditbox_acquisition.ir_cron_run_sources"
            ).method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.source.acquisition_ids.state, "done")
        self.assertGreater(self.source.next_run, fields.Datetime.now())
        self.assertIn("No storage", broken.message_ids[0].body)

    def test_database(self):
        self.source.write(
            {
                "delivery": "sql",
                "dbsource_id": self.env["base.external.dbsource"]
                .create(
                    {
                        "name": "Gestionale",
                        "connector": "postgresql",
                        "conn_string": "dbname=x",
                    }
                )
                .id,
            }
        )
        mapping = self.env["creditbox.mapping"].create(
            {
                "source_id": self.source.id,
                "kind": "customers",
                "query": "SELECT code, name FROM customer WHERE changed > %(since)s",
            }
        )
        asked = []

        def execute(model, query=None, execute_params=None, metadata=False, **kwargs):
            asked.append((query, execute_params))
            return {"cols": ["code", "name"], "rows": [("C1", "Rossi"), ("C2", None)]}

        self.patch(type(self.env["base.external.dbsource"]), "execute", execute)
        taken = self.source._run()
        self.assertEqual((taken.created_count, taken.error_count), (1, 1))
        self.assertIn("since", asked[0][1])
        self.assertTrue(mapping.last_pull)

    def test_nothing_new(self):
        self._folder_source()
        with self.assertRaises(UserError):
            self.source.action_run()

    def test_late(self):
        self.assertFalse(self.source.is_late)
        self.source.expected_hours = 24
        self.assertTrue(self.source.is_late)
        late = self.env["creditbox.source"].search([("is_late", "=", True)])
        self.assertIn(self.source, late)
        self.acquire({"customers": [self.customer()]})
        self.assertFalse(self.source.is_late)
        self.source.last_success -= timedelta(days=2)
        self.assertTrue(self.source.is_late)

    def test_secured_journal_is_refused(self):
        self.source._prepare_accounts()
        with self.assertRaises(ValidationError):
            journal = self.source.journal_id.copy()
            journal.restrict_mode_hash_table = True
            self.source.journal_id = journal

    # -- mapping -------------------------------------------------------------------

    def _mapping(self, rows, kind="bills", **vals):
        return self.env["creditbox.mapping"].create(
            {
                "source_id": self.source.id,
                "kind": kind,
                "sample": make_xlsx({"Dati": rows}),
                **vals,
            }
        )

    def test_mapping(self):
        """Own headings, a code table, a constant and fixed formats."""
        self.acquire({"customers": [self.customer("0007")]})
        rows = [
            ["NRDOC", "Codice cliente", "DTEM", "DTSC", "Importo", "TIP"],
            ["F1", 7, "01/31/2024", "02/28/2024", "1,234.50", "Z9"],
        ]
        mapping = self._mapping(rows, date_order="mdy", decimal_mark=".")
        mapping.action_recognise()
        columns = {column.header: column for column in mapping.column_ids}
        self.assertEqual(columns["Codice cliente"].field_name, "customer_code")
        with self.assertRaises(UserError):
            mapping.action_confirm()
        columns["NRDOC"].field_name = "number"
        columns["DTEM"].field_name = "issue_date"
        columns["DTSC"].field_name = "due_date"
        columns["Codice cliente"].width = 4
        columns["TIP"].write(
            {
                "field_name": "kind",
                "code_ids": [
                    (0, 0, {"value_from": "z9", "value_to": "nota di credito"})
                ],
            }
        )
        mapping.action_confirm()
        wizard = self.env["creditbox.mapping.try"].create({"mapping_id": mapping.id})
        self.assertIn("01/31/2024", wizard.before)
        self.assertIn("2024-01-31", wizard.after)
        self.assertIn("credit_note", wizard.after)
        taken = self.acquire({"Dati": rows})
        self.assertEqual(taken.state, "done", taken.message)
        move = self.move("F1")
        self.assertEqual((move.move_type, move.amount_total), ("out_refund", 1234.5))

    def test_mapping_by_position(self):
        mapping = self._mapping(
            [["C1", "Rossi"]],
            "customers",
            heading_row=-1,
            column_ids=[
                (0, 0, {"position": 1, "field_name": "code"}),
                (0, 0, {"position": 2, "field_name": "name"}),
                (0, 0, {"constant": "Roma", "field_name": "city"}),
            ],
        )
        mapping.action_confirm()
        taken = self.acquire({"Dati": [["C1", "Rossi"]]}, kind="customers")
        self.assertEqual(taken.created_count, 1, taken.message)
        partner = self.partner("C1")
        self.assertEqual(partner.city, "Roma")

    def test_one_column_a_field(self):
        mapping = self._mapping([["a"]])
        with self.assertRaises(ValidationError):
            mapping.column_ids = [
                (0, 0, {"header": "a", "field_name": "number"}),
                (0, 0, {"header": "b", "field_name": "number"}),
            ]
        with self.assertRaises(ValidationError):
            mapping.column_ids = [(0, 0, {"header": "a", "field_name": "iban"})]

    # -- rights --------------------------------------------------------------------

    def test_supervisor_uploads(self):
        wizard = (
            self.env["creditbox.acquisition.upload"]
            .with_user(self.supervisor)
            .create(
                {
                    "source_id": self.source.id,
                    "file": make_xlsx({"a": [HEADINGS["customers"], self.customer()]}),
                    "filename": "a.xlsx",
                }
            )
        )
        action = wizard.action_upload()
        taken = self.env["creditbox.acquisition"].browse(action["res_id"])
        self.assertEqual((taken.state, taken.created_count), ("done", 1))
        self.assertEqual(taken.create_uid, self.supervisor)

    def test_supervisor_of_another_company(self):
        other = self.make_company("Altra")
        stranger = new_test_user(
            self.env,
            "acq_stranger",
            groups="creditbox_base.group_administrator",
            company_id=other.id,
            company_ids=[other.id],
        )
        taken = self.acquire({"customers": [["C1", None, None, None]]})
        for record in (self.source, taken, taken.error_ids):
            with self.assertRaises(AccessError):
                record.with_user(stranger).check_access("read")
        with self.assertRaises(AccessError):
            taken.with_user(stranger).action_process()

    def test_reader_only_reads(self):
        reader = new_test_user(
            self.env,
            "acq_reader",
            groups="creditbox_base.group_reader",
            company_id=self.company.id,
            company_ids=[self.company.id],
        )
        taken = self.acquire({"customers": [["C1", None, None, None]]})
        taken.with_user(reader).check_access("read")
        taken.error_ids.with_user(reader).mapped("reason")
        for call in (
            taken.with_user(reader).action_process,
            taken.with_user(reader).action_retake,
            taken.error_ids.with_user(reader).action_dismiss,
        ):
            with self.assertRaises(AccessError):
                call()
        with self.assertRaises(AccessError):
            self.source.with_user(self.supervisor).name = "x"
