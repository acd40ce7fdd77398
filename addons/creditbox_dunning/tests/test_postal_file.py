import base64
import io
import os
import tempfile
from datetime import date, datetime

import xlsxwriter

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .postal_common import NUMBERS, PostalCommon
from .test_postal_tools import PNG, zipped

PLATFORM = (
    "requestId",
    "registeredLetterCode",
    "statusCode",
    "deliveryFailureCause",
    "statusDateTime",
)


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30")
class TestPostalFile(PostalCommon):
    # ------------------------------------------------------------------
    # what is taken
    # ------------------------------------------------------------------
    def test_the_codes_of_the_states_platform(self):
        """Standard codes, as events come: announced, closed; with their cause."""
        cases = [
            ("RECRN001C", "", "consegnato", "delivered"),
            ("RECRN001A", "", "consegnato", "done"),
            ("RECRN002C", "M01", "irreperibile", "failed"),
            ("RECRN002C", "M05", "rifiutato", "delivered"),
            ("RECRN002C", "06", "indirizzo_errato", "failed"),
            ("RECRN002F", "", "irreperibile", "failed"),
            ("RECRN003C", "", "consegnato_in_giacenza", "delivered"),
            ("RECRN005C", "", "compiuta_giacenza", "delivered"),
            ("RECRN006", "", "smarrito", "failed"),
            ("recrn011", "", "in_giacenza", "done"),
            ("CON996", "", "scartato_in_stampa", "failed"),
        ]
        action = self._one()
        for code, cause, outcome, state in cases:
            savepoint = self.env.cr.savepoint()
            with self.subTest(code=code, cause=cause):
                row = (self._own(action), "", code, cause, "2026-06-30T09:00:00Z")
                file = self._take([row], head=PLATFORM)
                self.assertEqual((file.event_count, file.error_count), (1, 0))
                event = action.postal_event_ids
                self.assertEqual(event.outcome_id.code, outcome)
                self.assertEqual(action.state, state)
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def test_a_table_by_headings(self):
        first, second = self._letters()
        file = self._take(
            [
                (self._own(first), NUMBERS[0], "RECRN001C", "", "30/06/2026"),
                (str(second.id), NUMBERS[1], "", "", ""),
                (),
            ]
        )
        self.assertEqual(
            (file.row_count, file.tracking_count, file.event_count, file.error_count),
            (2, 2, 1, 0),
        )
        self.assertEqual((first | second).mapped("tracking_number"), NUMBERS[:2])
        self.assertEqual((first.state, second.state), ("delivered", "done"))
        self.assertEqual(first.date_proof, date(2026, 6, 30))
        self.assertEqual(first.postal_event_ids.row, 2)

    def test_numbers_first_then_outcomes_by_number(self):
        first, second = self._letters()
        self._take(
            [(NUMBERS[0], self._own(first)), (NUMBERS[1], self._own(second))],
            head=("Raccomandata", "Id lettera"),
        )
        file = self._take(
            [(NUMBERS[1], "RECRN005C", "2026-06-30")],
            head=("raccomandata", "esito", "data"),
        )
        self.assertEqual((file.event_count, file.error_count), (1, 0))
        self.assertEqual((first.state, second.state), ("done", "delivered"))

    def test_number_and_outcome_in_different_rows_of_one_file(self):
        action = self._one()
        file = self._take(
            [
                ("", NUMBERS[0], "RECRN001C", "", "30/06/2026"),
                (self._own(action), NUMBERS[0], "", "", ""),
            ]
        )
        self.assertEqual((file.event_count, file.error_count), (1, 0))

    def test_an_excel_workbook(self):
        action = self._one()
        stream = io.BytesIO()
        book = xlsxwriter.Workbook(stream, {"in_memory": True})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet("Esiti")
        sheet.write_row(0, 0, ["Esiti del lotto"])
        sheet.write_row(2, 0, ["Id lettera", "Raccomandata", "Codice esito", "Data"])
        sheet.write_row(3, 0, [self._own(action), 618000000001, "RECRN001C"])
        sheet.write_datetime(3, 3, datetime(2026, 6, 30), day)
        book.close()
        files = self.env["creditbox.postal.file"].sudo()
        file = files._take(self.provider, "esiti.xlsx", stream.getvalue())
        self.assertEqual((file.event_count, file.error_count), (1, 0))
        self.assertEqual(action.tracking_number, "618000000001")
        self.assertEqual(action.date_proof, date(2026, 6, 30))

    def test_suppliers_own_headings_and_codes(self):
        self.provider.write(
            {
                "postal_heading_code": "ESITO CONSEGNA",
                "postal_date_format": "%d%m%Y",
                "postal_code_ids": [
                    (0, 0, {"code": "07", "outcome_id": self._meaning("rifiutato").id}),
                    # not what the platform means by it
                    (
                        0,
                        0,
                        {
                            "code": "RECRN006",
                            "outcome_id": self._meaning("inesito").id,
                        },
                    ),
                ],
            }
        )
        first, second = self._letters()
        self._take(
            [
                (self._own(first), "07", "30062026"),
                (self._own(second), "RECRN006", "30062026"),
            ],
            head=("id lettera", "esito consegna", "data"),
        )
        self.assertEqual(first.state, "delivered")
        self.assertEqual(
            (second.state, second.postal_outcome_id.code), ("done", "inesito")
        )

    def test_the_same_again_changes_nothing(self):
        action = self._one()
        rows = [(self._own(action), NUMBERS[0], "RECRN001C", "", "30/06/2026")]
        file = self._take(rows)
        self.assertEqual(self._take(rows), file)
        other = self._take(rows * 2, name="esiti2.csv")
        self.assertEqual(
            (other.event_count, other.tracking_count, other.known_count), (0, 0, 2)
        )
        self.assertEqual(len(action.postal_event_ids), 1)

    # ------------------------------------------------------------------
    # what is refused
    # ------------------------------------------------------------------
    def test_refused_by_row_and_field(self):
        first, second = self._letters()
        first.sudo().tracking_number = NUMBERS[0]
        own = self._own(second)
        good = ("RECRN001C", "", "30/06/2026")
        cases = [
            (("LOT-1999-00001-1", "", *good), "letter"),
            ((own.replace("LOT", "LOX"), "", *good), "letter"),
            (("", NUMBERS[5], *good), "tracking"),
            ((own, NUMBERS[0], *good), "tracking"),
            ((own, "12", *good), "tracking"),
            ((self._own(first), NUMBERS[1], *good), "tracking"),
            ((own, "", "BOH", "", "30/06/2026"), "code"),
            ((own, "", "RECRN002C", "", "30/06/2026"), "code"),
            ((own, "", "", "", "30/06/2026"), "code"),
            ((own, "", "RECRN001C", "", "31/02/2026"), "date"),
            ((own, "", "RECRN001C", "", ""), "date"),
            ((own, "", "RECRN001C", "", "01/01/2030"), "date"),
            ((own, "", "RECRN001C", "", "01/06/2026"), "date"),
        ]
        file = self._take([row for row, _field in cases])
        self.assertEqual((file.row_count, file.event_count), (len(cases), 0))
        self.assertEqual(
            [(error.row, error.field_name) for error in file.error_ids.sorted("row")],
            [(number, field) for number, (_row, field) in enumerate(cases, start=2)],
        )
        self.assertFalse(second.postal_event_ids or second.tracking_number)

    def test_corrected_and_taken_again(self):
        action = self._one()
        file = self._take(
            [
                ("LOT-0-1", NUMBERS[0], "RECRN001C", "", "30/06/2026"),
                ("LOT-0-2", "", "RECRN001C", "", "30/06/2026"),
                (self._own(action), "", "X1", "", "30/06/2026"),
            ]
        )
        wrong, other, unknown = file.error_ids.sorted("row")
        operator = self._user("operator")
        wrong.with_user(operator).letter = self._own(action)
        file.error_ids.with_user(operator).action_retake()
        self.assertEqual(
            file.error_ids.sorted("row").mapped("state"), ["done", "open", "open"]
        )
        self.assertEqual(action.state, "delivered")
        self.assertEqual(action.tracking_number, NUMBERS[0])
        with self.assertRaises(AccessError):
            wrong.with_user(operator).letter = "again"
        with self.assertRaises(AccessError):
            other.with_user(operator).state = "done"
        self.provider.postal_code_ids = [
            (0, 0, {"code": "X1", "outcome_id": self._meaning("accettato").id})
        ]
        (other | unknown).with_user(operator).action_retake()
        self.assertEqual((other.state, unknown.state), ("open", "done"))
        with self.assertRaises(AccessError):
            other.with_user(self._user("reader")).action_dismiss()
        other.with_user(operator).action_dismiss()
        self.assertEqual(file.error_count, 0)

    def test_files_that_are_none(self):
        files = self.env["creditbox.postal.file"].sudo()
        cases = {
            "esiti.csv": b"a;b\n1;2\n",
            "vuoto.csv": b"",
            "esiti.pdf": b"%PDF-1.4",
            "esiti.xlsx": b"PK\3\4 broken",
            "cartoline.zip": b"PK\3\4 broken",
        }
        for name, content in cases.items():
            with self.subTest(name=name):
                file = files._take(self.provider, name, content)
                self.assertEqual(file.state, "failed")
                self.assertTrue(file.reason)
                self.assertEqual(base64.b64decode(file.content or b""), content)

    def test_another_companys_letters_are_unknown(self):
        other = self.setup_other_company()["company"]
        shared = self._provider(company_id=False, name="Gruppo")
        action = self._one()
        action.letter_lot_id.sudo().provider_id = shared
        rows = [(self._own(action), "", "RECRN001C", "", "30/06/2026")]
        file = self._take(rows, company=other, provider=shared)
        self.assertEqual((file.event_count, file.error_ids.field_name), (0, "letter"))
        self.assertEqual(action.state, "done")
        # a file for the whole group finds them all
        whole = self._take(rows, provider=shared)
        self.assertEqual((whole.company_id.id, whole.event_count), (False, 1))
        self.assertEqual(action.postal_event_ids.company_id, self.company)
        # nor does another outsourcer speak of them
        third = self._take(rows, provider=self._provider(name="Altra"))
        self.assertEqual(third.error_ids.field_name, "letter")
        reader = self._user("reader")
        with self.assertRaises(AccessError):
            whole.with_user(reader).read(["name"])
        with self.assertRaises(AccessError):
            file.with_user(reader).read(["name"])
        with self.assertRaises(AccessError):
            file.error_ids.with_user(self._user("operator")).action_retake()

    # ------------------------------------------------------------------
    # uploads
    # ------------------------------------------------------------------
    def _upload(self, name, content, user="operator", **values):
        return (
            self.env["creditbox.postal.upload"]
            .with_user(self._user(user))
            .create(
                {
                    "provider_id": self.provider.id,
                    "file": base64.b64encode(content),
                    "filename": name,
                    **values,
                }
            )
            .action_upload()
        )

    def test_an_operator_uploads(self):
        action = self._one()
        table = f"id lettera;esito;data\n{self._own(action)};RECRN001C;30/06/2026\n"
        opened = self._upload("esiti.csv", table.encode())
        file = self.env["creditbox.postal.file"].browse(opened["res_id"])
        self.assertEqual((file.company_id, file.event_count), (self.company, 1))
        self.assertEqual(file.with_user(self._user("reader")).error_count, 0)
        with self.assertRaises(UserError):
            self._upload("esiti.csv", b"%PDF-1.4")
        other = self.setup_other_company()["company"]
        with self.assertRaises(AccessError):
            self._upload("esiti.csv", b"x", company_id=other.id)
        with self.assertRaises(AccessError):
            self._upload("esiti.csv", table.encode(), "reader")

    # ------------------------------------------------------------------
    # cards
    # ------------------------------------------------------------------
    def test_cards_by_number(self):
        first, second = self._letters()
        second.sudo().tracking_number = NUMBERS[1]
        content = zipped(
            **{
                f"{self._own(first)}__png": PNG,
                f"{NUMBERS[1]}__pdf": b"%PDF-1.4 card",
                "boh__png": PNG,
                f"{NUMBERS[1]}__txt": b"hello",
            }
        )
        file = self.env["creditbox.postal.file"].sudo()
        file = file._take(self.provider, "cartoline.zip", content)
        self.assertEqual((file.row_count, file.card_count, file.error_count), (4, 2, 2))
        reader = first.with_user(self._user("reader"))
        self.assertEqual(base64.b64decode(reader.receipt_card), PNG)
        self.assertEqual(base64.b64decode(second.receipt_card), b"%PDF-1.4 card")
        self.assertTrue(first.receipt_card_is_image)
        self.assertEqual(
            sorted(file.error_ids.mapped("field_name")), ["card", "letter"]
        )

    def test_a_card_under_a_wrong_name(self):
        action = self._one()
        file = self.env["creditbox.postal.file"].sudo()
        file = file._take(self.provider, "cartoline.zip", zipped(boh__png=PNG))
        error = file.error_ids.with_user(self._user("operator"))
        error.action_retake()
        self.assertEqual(error.state, "open")
        error.letter = self._own(action)
        error.action_retake()
        self.assertEqual((error.state, action.receipt_card_name), ("done", "boh.png"))
        self.assertEqual(base64.b64decode(action.receipt_card), PNG)
        again = zipped(boh__png=PNG, x__png=PNG)
        again = (
            self.env["creditbox.postal.file"]
            .sudo()
            ._take(self.provider, f"{self._own(action)}.zip", again)
        )
        self.assertEqual(again.card_count, 0)

    def test_a_letter_has_one_card(self):
        action = self._one()
        own = self._own(action)
        content = zipped(**{f"{own}__png": PNG, f"{action.id}__png": PNG})
        files = self.env["creditbox.postal.file"].sudo()
        file = files._take(self.provider, "cartoline.zip", content)
        self.assertEqual((file.card_count, file.error_count), (1, 1))

    def _take_scans(self, **files):
        return (
            self.env["creditbox.postal.file"]
            .sudo()
            ._take(self.provider, "scansioni.zip", zipped(**files))
        )

    def _take_names(self, rows):
        """A table that says how the scans are called."""
        head = ("id lettera", "esito", "data esito", "Immagine")
        return self._take(rows, head=head)

    def test_scans_named_by_a_column(self):
        first, second = self._letters()
        file = self._take_names(
            [
                (self._own(first), "RECRN001C", "30/06/2026", "cartella\\IMG01.JPG"),
                (self._own(second), "", "", "img02.png"),
            ]
        )
        self.assertEqual((file.event_count, file.error_count), (1, 0))
        file = self._take_scans(img01__png=PNG, IMG02__png=PNG)
        self.assertEqual((file.card_count, file.error_count), (2, 0))
        self.assertEqual(first.receipt_card_name, "img01.png")
        self.assertEqual(base64.b64decode(second.receipt_card), PNG)

    def test_scans_before_the_table_that_names_them(self):
        first, second = self._letters()
        file = self._take_scans(a1__png=PNG, a2__png=PNG, a3__png=PNG)
        self.assertEqual(file.error_count, 3)
        self._take_names(
            [
                (self._own(first), "", "", "a1.png"),
                (self._own(second), "", "", "a2.png"),
            ]
        )
        self.assertEqual(file.error_count, 1)
        self.assertEqual(first.receipt_card_name, "a1.png")
        self.assertEqual(second.receipt_card_name, "a2.png")

    def test_a_scan_named_for_two_letters_is_nobodys(self):
        first, second = self._letters()
        self._take_names([(self._own(a), "", "", "a.png") for a in (first, second)])
        file = self._take_scans(a__png=PNG)
        self.assertEqual(file.error_count, 1)
        self.assertFalse(first.receipt_card_name or second.receipt_card_name)

    def test_names_of_scans_begin_anew(self):
        first, second = self._letters()
        self._take_names([(self._own(first), "", "", "1.png")])
        self._take_scans(x__txt=b"", **{"1__png": PNG})
        self._take_names([(self._own(second), "", "", "1.png")])
        other = b"%PDF-1.4 the second"
        self._take_scans(**{"1__pdf": other})
        self.assertEqual(base64.b64decode(first.receipt_card), PNG)
        self.assertEqual(base64.b64decode(second.receipt_card), other)

    def test_scans_of_another_company_are_not_touched(self):
        first, _second = self._letters()
        self._take_names([(self._own(first), "", "", "a.png")])
        stranger = self._provider(name="Other outsourcer")
        file = (
            self.env["creditbox.postal.file"]
            .sudo()
            ._take(stranger, "scansioni.zip", zipped(a__png=PNG))
        )
        self.assertEqual(file.error_count, 1)

    # ------------------------------------------------------------------
    # the folder
    # ------------------------------------------------------------------
    def test_files_of_the_folder(self):
        root = self.enterContext(tempfile.TemporaryDirectory())
        os.mkdir(f"{root}/in")
        storage = self.env["fs.storage"].create(
            {
                "name": "Folder",
                "code": "post_folder",
                "protocol": "file",
                "directory_path": root,
            }
        )
        self.provider.write(
            {
                "postal_storage_id": storage.id,
                "postal_folder_in": "in",
                "postal_settle_seconds": 0,
            }
        )
        action = self._one()
        table = f"id lettera;esito;data\n{self._own(action)};RECRN001C;30/06/2026\n"
        contents = {
            "esiti.csv": table.encode(),
            "rotto.csv": b"%PDF",
            "cartoline.zip": zipped(**{f"{self._own(action)}__png": PNG}),
            "mezzo.csv.part": b"half",
        }
        for name, content in contents.items():
            with open(f"{root}/in/{name}", "wb") as file:
                file.write(content)
        self.env["creditbox.provider"].sudo()._cron_postal()
        self.assertFalse(self.provider.postal_error)
        self.assertEqual(action.state, "delivered")
        self.assertTrue(action.receipt_card_name)
        self.assertEqual(sorted(os.listdir(f"{root}/in")), ["done", "mezzo.csv.part"])
        self.assertEqual(
            sorted(os.listdir(f"{root}/in/done")),
            ["cartoline.zip", "esiti.csv", "rotto.csv"],
        )
        files = self.env["creditbox.postal.file"].search([])
        self.assertEqual(
            sorted(files.mapped(lambda f: (f.name, f.state))),
            [("cartoline.zip", "done"), ("esiti.csv", "done"), ("rotto.csv", "failed")],
        )
        self.provider.postal_settle_seconds = 3600
        with open(f"{root}/in/fresh.csv", "w") as file:
            file.write(table)
        os.utime(f"{root}/in/fresh.csv", (1782777600, 1782777600))  # 2026-06-30
        provider = self.provider.with_user(self._user("operator"))
        self.assertIn("0 new", provider.action_postal_fetch()["params"]["message"])
        with self.assertRaises(AccessError):
            self.provider.with_user(self._user("reader")).action_postal_fetch()

    @mute_logger("odoo.addons.creditbox_dunning.models.creditbox_provider_postal")
    def test_a_folder_that_cannot_be_read_says_so(self):
        self.provider.postal_folder_in = "in"
        storage = self.env["fs.storage"].create(
            {
                "name": "Nobody",
                "code": "post_nobody",
                "protocol": "sftp",
                "json_options": {"host": "127.0.0.1", "port": 1, "username": "x"},
            }
        )
        self.provider.postal_storage_id = storage
        shown = self.provider.with_user(self._user("operator")).action_postal_fetch()
        self.assertEqual(shown["params"]["type"], "danger")
        self.assertTrue(self.provider.postal_error)

    # ------------------------------------------------------------------
    # many
    # ------------------------------------------------------------------
    def _many(self, count):
        for number in range(count):
            customer = self._customer(f"Customer {count}-{number}")
            self._bill(100, 40, self._supply(customer, f"S{count}-{number}"))
        return self._execute()

    def _outcomes(self, actions):
        codes = (("RECRN001C", ""), ("RECRN002C", "M03"), ("RECRN006", ""))
        return [
            (
                self._own(action),
                f"6199{action.id:08}",
                *codes[place % 3],
                f"{28 + place % 3}/06/2026",
            )
            for place, action in enumerate(actions)
        ]

    def test_no_query_for_each_row(self):
        counts = []
        with freeze_time("2026-06-27"):
            batches = [self._many(6), self._many(24)]
        for actions in batches:
            rows = self._outcomes(actions)
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            file = self._take(rows)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - start)
            self.assertEqual((file.event_count, file.error_count), (len(rows), 0))
        # the registry's caches are cold at the first
        self.assertLessEqual(counts[1], counts[0])
        self.assertLess(counts[1], 120)
