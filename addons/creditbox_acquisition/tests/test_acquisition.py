import base64
from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.creditbox_base.tools import sandbox

from ..writers import BillWriter
from .common import HEADINGS, AcquisitionCase, make_xlsx


@tagged("post_install", "-at_install")
class TestAcquisition(AcquisitionCase):
    """From the file to the records: counters, refused rows, resumption."""

    def make(self, data, filename="x.xlsx", **vals):
        return self.env["creditbox.acquisition"].create(
            {
                "source_id": self.source.id,
                "file": base64.b64encode(data),
                "filename": filename,
                **vals,
            }
        )

    # -- files ---------------------------------------------------------------------

    def test_workbook_of_everything(self):
        taken = self.acquire(
            {
                "payments": [self.payment()],
                "bills": [self.bill(supply="S1")],
                "supplies": [["S1", "C1", "M1", "Sospendibile"]],
                "customers": [["C1", "Rossi Anna", "RSSNNA80A41H501X", "333 1234567"]],
            }
        )
        self.assertEqual((taken.state, taken.created_count), ("done", 4))
        self.assertEqual(taken.progress, 100)
        self.assertEqual(self.move("2024/1").payment_state, "paid")
        partner = self.move("2024/1").partner_id
        self.assertEqual(partner.company_id, self.company)
        self.assertEqual(partner.creditbox_mobile, "+393331234567")
        meter = partner.creditbox_supply_ids.meter_id
        self.assertEqual((meter.serial, meter.meter_type_id.code), ("M1", 1))
        self.assertEqual(len(taken.sheet_ids), 4)

    def test_csv(self):
        taken = self.make(
            "Codice;Ragione sociale;Comune;Prov.\r\nC1;Città Srl;Forlì;FC\r\n".encode(
                "cp1252"
            ),
            "clienti.csv",
        )
        taken.action_process()
        self.assertEqual(taken.state, "done", taken.message)
        partner = self.partner("C1")
        self.assertEqual((partner.name, partner.city), ("Città Srl", "Forlì"))
        self.assertEqual(partner.state_id.code, "FC")

    def test_bad_files(self):
        good = {"customers": [HEADINGS["customers"], ["C1", "A", None, None]]}
        cases = {
            b"%PDF-1.7": "This is not a table: it is a file of another type (pdf). "
            "Save it as Excel (xlsx, xls), ODS or CSV.",
            b"foo;bar\n1;2\n": "No sheet with known headings was found. Check them, or "
            "set the columns in the mapping of the source.",
            b"Numero bolletta;Codice cliente;Importo\n1;2;3\n": "No column was "
            "recognised for: Issue date, Due date.",
            base64.b64decode(make_xlsx(good))[:2000]: "The file is damaged and cannot "
            "be read.",
        }
        for data, message in cases.items():
            taken = self.make(data)
            taken.with_context(lang="en_US").action_process()
            self.assertEqual(taken.state, "failed")
            self.assertEqual(taken.with_context(lang="en_US").message, message)
            self.assertFalse(taken.row_count)

    def test_failed_can_be_started_again(self):
        taken = self.make(b"foo;bar\n1;2\n")
        taken.action_process()
        self.assertEqual(taken.state, "failed")
        taken.action_process()
        self.assertEqual(taken.state, "failed")

    def test_same_file_twice(self):
        data = base64.b64decode(
            make_xlsx({"a": [HEADINGS["customers"], ["C1", "A", None, None]]})
        )
        self.make(data).action_process()
        again = self.make(data)
        with self.assertRaises(UserError):
            again.action_process()
        again.forced = True
        again.action_process()
        self.assertEqual(again.unchanged_count, 1)

    def test_line_of_totals(self):
        self.acquire({"customers": [self.customer()]})
        taken = self.acquire(
            {
                "bills": [
                    self.bill(),
                    ["TOTALE", None, None, None, None, 100, None, None],
                ]
            }
        )
        self.assertEqual((taken.state, taken.created_count), ("done", 1))

    def test_formulas_without_result(self):
        taken = self.acquire({"customers": [["C1", '="A"&"B"', None, None]]})
        self.assertEqual(taken.message_code, "uncomputed")
        self.assertEqual(taken.error_ids.mapped("code"), ["required"])

    # -- refused rows --------------------------------------------------------------

    def _refused(self):
        self.acquire({"customers": [self.customer()]})
        return self.acquire(
            {"bills": [self.bill("A1"), self.bill("A2", due="31/02/2024", amount="x")]}
        )

    def test_refused_row(self):
        taken = self._refused()
        self.assertEqual((taken.state, taken.created_count), ("done_errors", 1))
        self.assertEqual(taken.error_count, 1)
        errors = taken.error_ids.with_context(lang="en_US").sorted("field_name")
        self.assertEqual(
            errors.mapped(lambda e: (e.sheet, e.row, e.field_name, e.value, e.reason)),
            [
                ("bills", 3, "amount", "x", "This is not a number."),
                ("bills", 3, "due_date", "31/02/2024", "This is not a date."),
            ],
        )

    def test_corrected_on_screen(self):
        taken = self._refused()
        errors = {error.field_name: error for error in taken.error_ids}
        errors["amount"].new_value = "12,50"
        taken.with_user(self.supervisor).action_retake()
        self.assertEqual(taken.error_count, 1)
        error = taken.error_ids.filtered(lambda e: e.state == "open")
        self.assertEqual(error.field_name, "due_date")
        error.new_value = "29/02/2024"
        taken.with_user(self.supervisor).action_retake()
        self.assertEqual((taken.error_count, taken.state), (0, "done"))
        self.assertEqual(taken.created_count, 2)
        self.assertEqual(self.move("A2").amount_total, 12.5)

    def test_corrected_in_excel(self):
        taken = self._refused()
        ((title, kind, names, rows, reasons),) = taken.error_ids._refused_sheets()
        self.assertEqual((title, kind, len(rows)), ("bills", "bills", 1))
        self.assertIn("31/02/2024", rows[0].values())
        self.assertEqual(len(reasons), 1)
        rows[0].update(due_date="29/02/2024", amount=12.5)
        names = sorted(names)
        corrected = self.acquire(
            {"refused": [names, [rows[0].get(name) for name in names]]},
            origin="retake",
            parent_id=taken.id,
        )
        self.assertEqual(corrected.created_count, 1)
        self.assertEqual((taken.error_count, taken.state), (0, "done"))
        self.assertEqual(set(taken.error_ids.mapped("state")), {"superseded"})

    def test_sent_again_by_the_billing_system(self):
        taken = self._refused()
        self.acquire({"bills": [self.bill("A2", amount=12)]})
        self.assertEqual((taken.error_count, taken.state), (0, "done"))

    def test_dismissed(self):
        taken = self._refused()
        taken.error_ids[0].with_user(self.supervisor).action_dismiss()
        self.assertEqual((taken.error_count, taken.state), (0, "done"))

    def test_row_that_cannot_be_written(self):
        """One bad row in the database does not stop the others."""
        self.acquire({"customers": [self.customer()]})
        create = BillWriter._create

        def fail(writer, rows):
            if any(row.key == "A3" for row in rows):
                raise ValueError("no such thing")
            return create(writer, rows)

        with patch.object(BillWriter, "_create", fail):
            taken = self.env["creditbox.acquisition"].create(
                {
                    "source_id": self.source.id,
                    "file": make_xlsx(
                        {
                            "b": [
                                HEADINGS["bills"],
                                *map(self.bill, "A1 A2 A3 A4".split()),
                            ]
                        }
                    ),
                }
            )
            taken.action_process()
        self.assertEqual((taken.created_count, taken.error_count), (3, 1))
        self.assertIn("no such thing", taken.error_ids.reason)
        taken.action_retake()
        self.assertEqual((taken.created_count, taken.state), (4, "done"))

    def test_warnings(self):
        taken = self.acquire({"customers": [["C1", "Rossi", "WRONG", "12"]]})
        self.assertEqual(taken.state, "done")
        self.assertEqual(taken.warning_count, 2)
        self.assertEqual(set(taken.error_ids.mapped("level")), {"warning"})

    def test_unknown_typology(self):
        rows = [["S1", "C1", "M1", "Strano"]]
        taken = self.acquire({"customers": [self.customer()], "supplies": rows})
        self.assertEqual(taken.error_ids.mapped("code"), ["unknown_typology"])

    # -- control totals ------------------------------------------------------------

    def test_control_totals(self):
        self.acquire({"customers": [self.customer()]})
        totals = {"control_count": 2, "control_sum": 150, "control_balance": 150}
        rows = [self.bill("A1"), self.bill("A2", amount=50)]
        taken = self.acquire({"bills": rows}, **totals)
        self.assertEqual(taken.control_state, "match")
        self.assertTrue(self.source.last_success)
        taken = self.acquire({"bills": [*rows, self.bill("A3")]}, **totals)
        self.assertEqual(taken.control_state, "mismatch")
        self.assertEqual((taken.actual_count, taken.actual_sum), (3, 250))
        self.assertEqual(taken.message_code, "mismatch")

    def test_control_total_of_zero(self):
        """Zero is declared only where somebody says so; then it counts."""
        self.acquire({"customers": [self.customer()]})
        rows = [self.bill("A1"), self.bill("A2", amount=-100)]
        for declared, state in (
            ({}, "none"),
            ({"sum": 0}, "match"),
            ({"sum": None, "balance": 0}, "match"),
            ({"count": 0}, "mismatch"),
        ):
            with self.subTest(declared=declared):
                totals = self.env["creditbox.acquisition"]._control_values(declared)
                rows = [[f"{row[0]}x", *row[1:]] for row in rows]
                taken = self.acquire({"bills": rows}, **totals)
                self.assertEqual(taken.error_count, 0)
                self.assertEqual(taken.control_state, state)

    # -- background ----------------------------------------------------------------

    def test_batches_resume_after_a_kill(self):
        """A batch that is lost is taken again; nothing twice, nothing missing."""
        self.acquire({"customers": [self.customer()]})
        self.source.batch_size = 3
        rows = [self.bill(f"A{index}", amount=10) for index in range(10)]
        taken = self.env["creditbox.acquisition"].create(
            {
                "source_id": self.source.id,
                "file": make_xlsx({"b": [HEADINGS["bills"], *rows]}),
            }
        )
        self.source._prepare_accounts()
        taken.state = "queued"
        for _step in range(3):
            self.assertTrue(taken._step())
        self.assertEqual((taken.row_count, taken.created_count), (6, 6))
        self.assertEqual(taken.progress, 60)
        killed = patch.object(
            type(taken), "_refresh_positions", side_effect=KeyboardInterrupt
        )
        with self.assertRaises(KeyboardInterrupt), killed, self.env.cr.savepoint():
            taken._step()
        self.env.invalidate_all()
        self.assertEqual(taken.row_count, 6)
        # The temporary file was lost with the machine: it is read anew.
        import os

        os.unlink(taken._cache_path())
        while taken._step():
            pass
        self.assertEqual((taken.state, taken.created_count), ("done", 10))
        self.assertEqual(taken.actual_balance, 100)
        self.assertFalse(os.path.exists(taken._cache_path()))

    def test_large_files_go_to_the_background(self):
        from odoo.addons.queue_job.tests.common import trap_jobs

        module = "odoo.addons.creditbox_acquisition.models.creditbox_acquisition_steps"
        taken = self.make(
            base64.b64decode(make_xlsx({"a": [HEADINGS["customers"], self.customer()]}))
        ).with_context(queue_job__no_delay=False)
        with patch(f"{module}.FOREGROUND_BYTES", 0), trap_jobs() as trap:
            taken.action_process()
            self.assertEqual(taken.state, "queued")
            trap.assert_jobs_count(1, only=taken._process_job)
            trap.perform_enqueued_jobs()
        while taken._step():
            pass
        self.assertEqual(taken.state, "done")

    def test_stop(self):
        taken = self.make(b"x")
        taken.state = "processing"
        taken.with_user(self.supervisor).action_cancel()
        self.assertEqual(taken.state, "cancelled")
        self.assertFalse(taken._step())

    def test_reader_is_asked_once(self):
        self.source.batch_size = 1
        with patch.object(sandbox, "read", side_effect=sandbox.read) as read:
            self.acquire({"customers": [self.customer(f"C{i}") for i in range(4)]})
        self.assertEqual(read.call_count, 1)

    def test_kept(self):
        taken = self.acquire({"customers": [self.customer()]})
        with self.assertRaises(UserError), mute_logger("odoo.sql_db"):
            taken.unlink()

    def test_supplies_change(self):
        rows = [["S1", "C1", "M1", "1"]]
        self.acquire({"customers": [self.customer(), self.customer("C2")],
                      "supplies": rows})  # fmt: skip
        supply = self.env["creditbox.supply"].search(
            [("code", "=", "S1"), ("company_id", "=", self.company.id)]
        )
        self.acquire(
            {
                "s": [
                    ["Codice utenza", "Codice cliente", "Matricola", "Stato contatore",
                     "Tutela fino al", "Importo fascia agevolata"],
                    ["S1", "C2", "M1", "sospeso", date(2030, 1, 1), "1.043,80 €"],
                ]
            }
        )  # fmt: skip
        self.assertEqual(supply.partner_id.creditbox_code, "C2")
        self.assertEqual(supply.meter_id.meter_state_id.code, 2)
        self.assertEqual(supply.meter_id.meter_type_id.code, 1)
        self.assertEqual(supply.protected_until, date(2030, 1, 1))
        self.assertEqual(supply.subsidised_amount, 1043.80)
        self.assertTrue(supply.meter_id.state_history_ids)
