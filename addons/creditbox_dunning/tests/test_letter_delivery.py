import base64
import io
import json
import os
import tempfile
import zipfile
from datetime import timedelta
from hashlib import sha256
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.creditbox_base.tests import sftp_server

from .common import TODAY
from .postal_common import PostalCommon

LOT_LOG = "odoo.addons.creditbox_dunning.models.creditbox_letter_lot_delivery"


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30")
class TestLetterDelivery(PostalCommon):
    """A lot gets to the outsourcer whole, once, and without who has paid."""

    # ------------------------------------------------------------------
    # what is handed over
    # ------------------------------------------------------------------
    def test_download_of_the_whole_lot(self):
        actions = self._letters()
        lot = actions.letter_lot_id
        opened = lot.with_user(self._user("operator")).action_deliver()
        self.assertIn(f"/{lot.id}/package/", opened["url"])
        self.assertEqual(lot.state, "delivered")
        stem = lot._stem()
        files = self._files(lot)
        self.assertEqual(
            list(files), [f"{stem}.pdf", f"{stem}.csv", f"{stem}.manifest.json"]
        )
        closed = json.loads(files.pop(f"{stem}.manifest.json"))
        self.assertEqual(
            (closed["lot"], closed["product"], closed["letters"], closed["pages"]),
            (stem, "AR", 2, 2),
        )
        self.assertEqual(
            [(file["name"], file["sha256"]) for file in closed["files"]],
            [(name, sha256(content).hexdigest()) for name, content in files.items()],
        )
        rows = self._index(lot)
        self.assertEqual([row["letter"] for row in rows], list(map(self._own, actions)))
        self.assertEqual([row["city"] for row in rows], ["Milano", "Bergamo"])
        self.assertEqual(rows[0]["sender"], self.company.name)
        # as it was handed over it stays
        self.assertEqual(lot.action_download()["url"], opened["url"])

    def test_a_pdf_for_each_letter(self):
        self.provider.postal_files = "each"
        actions = self._letters()
        lot = actions.letter_lot_id
        lot.action_deliver()
        letters = self._files(lot)[f"{lot._stem()}.letters.zip"]
        with zipfile.ZipFile(io.BytesIO(letters)) as archive:
            for action, row in zip(actions, self._index(lot), strict=True):
                text = self._text(archive.read(row["file"]))
                self.assertIn(action.partner_id.name, text)
                for other in (actions - action).partner_id:
                    self.assertNotIn(other.name, text)
                self.assertEqual((row["first_page"], row["pages"]), ("1", "1"))

    def test_columns_as_the_outsourcer_wants_them(self):
        self.provider.write(
            {
                "postal_decimal": ",",
                "postal_date_format": "%d/%m/%Y",
                "postal_code_registered": "RAR",
                "postal_column_ids": [
                    Command.create({"heading": heading, "field": field, **more})
                    for heading, field, more in (
                        ("Prodotto", "product", {}),
                        ("Dest", "name", {"max_length": 3}),
                        ("Colore", False, {"fixed": "BN"}),
                        ("Importo", "amount", {}),
                        ("Data", "date", {}),
                    )
                ],
            }
        )
        lot = self._one().letter_lot_id
        lot.action_deliver()
        self.assertEqual(
            self._index(lot),
            [
                {
                    "Prodotto": "RAR",
                    "Dest": "Ros",
                    "Colore": "BN",
                    "Importo": "100,00",
                    "Data": "30/06/2026",
                }
            ],
        )

    def test_headings_that_xml_cannot_have(self):
        self.provider.postal_column_ids = [
            Command.create({"heading": "Numero lettera"})
        ]
        with self.assertRaises(ValidationError):
            self.provider.postal_index_format = "xml"

    def test_the_address_is_the_one_that_was_printed(self):
        lot = self._one().letter_lot_id
        self.customer.street = "Via Nuova 9"
        lot.action_deliver()
        self.assertEqual(self._index(lot)[0]["street"], "Via Roma 1")

    def test_another_outsourcer_another_price(self):
        action = self._one()
        price = {"product": "registered", "sheets": 1, "cost": 3}
        other = self._provider(
            name="Altra Posta", postal_price_ids=[Command.create(price)]
        )
        lot = action.letter_lot_id
        lot.with_user(self._user("operator")).provider_id = other
        lot.action_deliver()
        self.assertEqual((action.provider_id, action.cost), (other, 3))
        with self.assertRaises(UserError):
            lot.with_user(self._user("operator")).provider_id = self.provider

    # ------------------------------------------------------------------
    # the gate
    # ------------------------------------------------------------------
    def test_who_has_paid_since_is_taken_out(self):
        bill = self._bill(100, 40)
        self._bill(70, 40, self.other_supply)
        paid, kept = self._execute().sorted("letter_page")
        lot = kept.letter_lot_id
        self._pay(100, bill)
        lot.action_deliver()
        self.assertEqual((paid.state, paid.letter_lot_id.id), ("cancelled", False))
        self.assertEqual(paid.line_ids.item_id.step, 0)
        self.assertIn("before it left", paid.message_ids[0].body)
        self.assertEqual((kept.state, lot.letter_count), ("done", 1))
        self.assertEqual([row["name"] for row in self._index(lot)], ["Verdi"])
        pdf = self._files(lot)[lot.pdf_name]
        self.assertNotIn("Rossi", self._text(pdf))

    def test_who_has_paid_in_part_is_written_to_anew(self):
        bill = self._bill(100, 40)
        [action] = self._execute()
        lot = action.letter_lot_id
        self._pay(60, bill)
        lot.action_deliver()
        self.assertEqual((action.state, lot.state), ("cancelled", "cancelled"))
        again = self._run().action_ids
        self.assertEqual((again.code, again.step, again.amount), ("registered", 1, 40))

    def test_only_what_is_paid_is_taken_out(self):
        actions = self._letters()
        lot = actions.letter_lot_id
        self._bill(30, 40)  # more debt since is no reason
        lot.with_user(self._user("operator")).action_check_due()
        self.assertEqual(lot.action_ids, actions)
        self.assertEqual(lot.state, "ready")

    def test_a_hold_takes_it_out_too(self):
        bill = self._bill(100, 40)
        lot = self._execute().letter_lot_id
        self.env["creditbox.hold"].create(
            {
                "company_id": self.company.id,
                "move_id": bill.id,
                "reason_id": self.env["creditbox.hold.reason"].search([], limit=1).id,
                "date_from": TODAY,
                "date_to": TODAY + timedelta(days=30),
            }
        )
        lot.action_deliver()
        self.assertEqual(lot.state, "cancelled")

    def test_nothing_leaves_while_the_light_is_red(self):
        self.provider.postal_auto = True
        server = self._serve()
        lot = self._one().letter_lot_id
        company = type(self.env["res.company"])
        with patch.object(
            company, "_creditbox_feed_problems", lambda _company: ["The data is late"]
        ):
            lot.sudo()._cron_deliver()
            with self.assertRaises(UserError):
                lot.with_user(self._user("operator")).action_deliver()
            self.assertEqual((lot.state, self._there(server)), ("ready", []))
        lot.sudo()._cron_deliver()
        self.assertEqual(lot.state, "delivered")

    # ------------------------------------------------------------------
    # the shared folder
    # ------------------------------------------------------------------
    def _serve(self):
        """:return: a real SFTP server, whose folder the outsourcer reads"""
        root = self.enterContext(tempfile.TemporaryDirectory())
        server = self.enterContext(sftp_server.SftpServer(root))
        storage = self.env["fs.storage"].create(
            {
                "name": "SFTP",
                "code": f"post_{server.port}",
                "protocol": "sftp",
                "json_options": {
                    "host": "127.0.0.1",
                    "port": server.port,
                    "username": sftp_server.USER,
                    "password": sftp_server.PASSWORD,
                },
                "directory_path": "/",
            }
        )
        self.provider.write(
            {
                "postal_delivery": "folder",
                "postal_storage_id": storage.id,
                "postal_folder_out": "lots",
            }
        )
        return server

    def _there(self, server):
        folder = f"{server.root}/lots"
        return sorted(os.listdir(folder)) if os.path.isdir(folder) else []

    def _names(self, lot):
        stem = lot._stem()
        return sorted([f"{stem}.pdf", f"{stem}.csv", f"{stem}.manifest.json"])

    def test_delivered_into_a_folder(self):
        server = self._serve()
        lot = self._one().letter_lot_id
        lot.with_user(self._user("operator")).action_deliver()
        self.assertEqual(lot.state, "delivered", lot.delivery_error)
        self.assertEqual(self._there(server), self._names(lot))
        for name, content in self._files(lot).items():
            with open(f"{server.root}/lots/{name}", "rb") as file:
                self.assertEqual(file.read(), content)

    def test_by_itself_only_where_it_is_wanted(self):
        server = self._serve()
        lot = self._one().letter_lot_id
        self.env["creditbox.provider"].sudo()._cron_postal()
        self.assertEqual((lot.state, self._there(server)), ("ready", []))
        self.provider.postal_auto = True
        self.env["creditbox.provider"].sudo()._cron_postal()
        self.assertEqual(lot.state, "delivered")
        self.assertEqual(self._there(server), self._names(lot))

    @mute_logger(LOT_LOG, "paramiko.transport")
    def test_server_that_is_down_is_tried_again_later(self):
        server = self._serve()
        lot = self._one().letter_lot_id
        options = self.provider.postal_storage_id.json_options
        self.provider.postal_storage_id.json_options = {**options, "password": "x"}
        with patch.object(fields.Datetime, "now", self._clock(0)):
            lot.action_deliver()
            self.assertEqual((lot.state, lot.delivery_attempts), ("sending", 1))
            self.assertTrue(lot.delivery_error)
            self.assertIn(lot.delivery_error[:20], lot.message_ids[0].body)
        package = lot.package
        self.provider.postal_storage_id.json_options = options
        with patch.object(fields.Datetime, "now", self._clock(4)):
            lot.sudo()._cron_deliver()
            self.assertEqual(lot.state, "sending")
        with patch.object(fields.Datetime, "now", self._clock(6)):
            lot.sudo()._cron_deliver()
        self.assertEqual((lot.state, lot.delivery_error), ("delivered", False))
        self.assertEqual(lot.package, package)
        self.assertEqual(self._there(server), self._names(lot))

    def _clock(self, minutes):
        now = fields.Datetime.now() + timedelta(minutes=minutes)
        return lambda *_args: now

    def _break(self, lot, part, when="pipe_file"):
        """Have the attempt end in an error at the file named ``part``."""
        provider = type(self.env["creditbox.provider"])
        original = provider._postal_filesystem

        def broken(record):
            filesystem = original(record)
            method = getattr(filesystem, when)

            def fail(path, *args, **kwargs):
                if part in path:
                    raise ConnectionResetError("cut")
                return method(path, *args, **kwargs)

            setattr(filesystem, when, fail)
            return filesystem

        with patch.object(provider, "_postal_filesystem", broken), mute_logger(LOT_LOG):
            lot.sudo()._deliver()
        lot.sudo().delivery_retry_at = False

    def test_never_half(self):
        """The manifest is not there before all the rest is, under its own name."""
        server = self._serve()
        lot = self._one().letter_lot_id
        cases = [
            (".pdf", "pipe_file", []),
            (".pdf", "mv", [".pdf.part"]),
            (".csv", "mv", [".csv.part", ".pdf"]),
            (".json", "pipe_file", [".csv", ".pdf"]),
            (".json", "mv", [".csv", ".manifest.json.part", ".pdf"]),
        ]
        for part, when, expected in cases:
            with self.subTest(part=part, when=when):
                self._break(lot, part, when)
                self.assertEqual(lot.state, "sending")
                self.assertFalse(lot.delivery_in_doubt)
                there = [n.removeprefix(lot._stem()) for n in self._there(server)]
                left = [name for name in there if name != ".csv.part"]
                self.assertEqual(left, [e for e in expected if e != ".csv.part"])
        lot.sudo()._cron_deliver()
        self.assertEqual(lot.state, "delivered")
        self.assertEqual(self._there(server), self._names(lot))

    def test_killed_after_the_manifest_it_is_not_sent_twice(self):
        server = self._serve()
        lot = self._one().letter_lot_id
        lot.sudo()._deliver()
        self.assertEqual(lot.state, "delivered")
        lot.sudo().write({"state": "sending", "delivery_mark": fields.Datetime.now()})
        written = os.stat(f"{server.root}/lots/{lot._stem()}.pdf").st_mtime_ns
        lot.sudo()._cron_deliver()
        self.assertEqual(lot.state, "delivered")
        again = os.stat(f"{server.root}/lots/{lot._stem()}.pdf").st_mtime_ns
        self.assertEqual(again, written)

    def test_killed_and_taken_by_the_outsourcer_meanwhile(self):
        """Nobody knows: a person asks, nothing is sent by itself."""
        server = self._serve()
        lot = self._one().letter_lot_id
        lot.sudo()._deliver()
        for name in self._there(server):
            os.remove(f"{server.root}/lots/{name}")
        lot.sudo().write({"state": "sending", "delivery_mark": fields.Datetime.now()})
        lot.sudo()._cron_deliver()
        self.assertTrue(lot.delivery_in_doubt)
        lot.sudo()._cron_deliver()
        self.assertEqual((lot.state, self._there(server)), ("sending", []))
        with self.assertRaises(AccessError):
            lot.with_user(self._user("reader")).action_was_delivered()
        lot.with_user(self._user("operator")).action_was_delivered()
        self.assertEqual((lot.state, self._there(server)), ("delivered", []))
        lot.sudo().write({"state": "sending", "delivery_in_doubt": True})
        lot.with_user(self.env.user).action_deliver_again()
        self.assertEqual(lot.state, "delivered")
        self.assertEqual(self._there(server), self._names(lot))

    def test_a_file_of_somebody_else_is_not_overwritten(self):
        server = self._serve()
        lot = self._one().letter_lot_id
        os.mkdir(f"{server.root}/lots")
        with open(f"{server.root}/lots/{lot._stem()}.pdf", "w") as file:
            file.write("theirs")
        with mute_logger(LOT_LOG):
            lot.sudo()._deliver()
        self.assertEqual(lot.state, "sending")
        self.assertIn("is not ours", lot.delivery_error)
        self.assertEqual(self._there(server), [f"{lot._stem()}.pdf"])

    def test_one_lot_that_fails_holds_no_other_up(self):
        self._serve()
        self.provider.postal_auto = True
        first = self._one().letter_lot_id
        self._bill(70, 40, self.other_supply)
        second = self._execute().letter_lot_id
        first.provider_id = self._provider(
            postal_auto=True, name="Rotto", postal_delivery="download"
        )
        first.provider_id.write(
            {
                "postal_storage_id": self.provider.postal_storage_id.id,
                "postal_delivery": "folder",
                "postal_folder_out": "lots",
            }
        )
        first.sudo().pdf = False
        with mute_logger(LOT_LOG):
            self.env["creditbox.letter.lot"].sudo()._cron_deliver()
        self.assertEqual((first.state, second.state), ("ready", "delivered"))
        self.assertTrue(first.delivery_error)

    # ------------------------------------------------------------------
    # who may
    # ------------------------------------------------------------------
    def test_readers_hand_nothing_over(self):
        lot = self._one().letter_lot_id
        reader = lot.with_user(self._user("reader"))
        for button in ("action_deliver", "action_check_due", "action_accepted"):
            with self.subTest(button=button), self.assertRaises(AccessError):
                getattr(reader, button)()
        other = self.setup_other_company()["company"]
        with self.assertRaises(AccessError):
            lot.with_user(self._user("operator", other)).action_deliver()
        with self.assertRaises(AccessError):
            lot.with_user(self._user("operator")).state = "posted"
        self.assertEqual(lot.state, "ready")

    def test_the_office_posts_it_itself(self):
        self.provider.active = False
        lot = self._one().letter_lot_id
        with self.assertRaises(UserError):
            lot.action_deliver()
        lot.with_user(self._user("operator")).action_posted()
        self.assertEqual(lot.state, "posted")

    def test_accepted_then_posted(self):
        action = self._one()
        lot = action.letter_lot_id
        lot.action_deliver()
        self._event(action, "accettato", "2026-06-30 10:00:00")
        self.assertEqual((lot.state, lot.date_accepted), ("accepted", TODAY))
        lot.with_user(self._user("operator")).action_posted()
        self.assertEqual(lot.state, "posted")
        self.assertTrue(base64.b64decode(lot.pdf))
