import base64
import hashlib
import sys
import unittest
from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..tools.imap import open_mailbox
from .common import TODAY, DunningCommon
from .pec_provider import (
    CERTIFICATE,
    PASSWORD,
    USER,
    certificate,
    imap_server,
    pem,
    receipt,
)
from .smtp_server import smtp_server

PROVIDER_LOG = "odoo.addons.creditbox_dunning.models.creditbox_provider_pec"
ROWS = [
    {"step": 1, "code": "pec", "fallback_code": "letter", "wait_after": 20},
    {"step": 2, "code": "pec", "fallback_code": "letter"},
]


@unittest.skipIf(sys.version_info < (3, 11), "pymap, the IMAP server, needs 3.11")
@tagged("creditbox", "post_install", "-at_install")
@freeze_time("2026-06-30 12:00:00")
class TestChannelPec(DunningCommon):
    """A PEC goes out by a real SMTP server, its receipts come by a real IMAP server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        server = imap_server()
        cls.mailbox = server.__enter__()
        cls.addClassCleanup(server.__exit__, None, None, None)
        texts = [
            cls.env["creditbox.template"].create(cls._template_values(code))
            for code in ("pec", "letter")
        ]
        rows = [
            {**row, "template_id": texts[0].id, "count_from": "delivery"}
            for row in ROWS
        ]
        cls.table = cls._table(cls.company, rows)
        cls.customer.creditbox_pec = "Rossi@PEC.example"

    def setUp(self):
        super().setUp()
        server = smtp_server(self.env)
        self.inbox = server.__enter__()
        self.addCleanup(server.__exit__, None, None, None)
        smtp = self.env["ir.mail_server"].search([])
        smtp.from_filter = USER
        self.provider = self.env["creditbox.provider"].create(
            {
                "name": "PEC",
                "kind": "pec",
                "company_id": self.company.id,
                "pec_address": USER,
                "pec_server_id": smtp.id,
                "pec_imap_host": "127.0.0.1",
                "pec_imap_port": self.mailbox.port,
                "pec_imap_security": "none",
                "pec_imap_user": USER,
                "pec_imap_secret": PASSWORD,
            }
        )
        self._fetch()  # what earlier tests have left
        self.bill = self._bill(100, 40)

    def _send(self, run=None):
        """:return: (action, the message as it was received)"""
        run = run or self._run()
        run.action_approve()
        run.sudo().state = "executing"
        run.action_ids._execute()
        self.env["mail.mail"]._creditbox_process_queue()
        return run.action_ids, self.inbox.received[-1][2]

    def _fetch(self):
        known = self.env["creditbox.pec.message"].search([])
        self.provider.sudo()._pec_fetch()
        return self.env["creditbox.pec.message"].search([]) - known

    def _receive(self, *raws):
        self.mailbox.put(*raws)
        return self._fetch()

    # ------------------------------------------------------------------
    # sending
    # ------------------------------------------------------------------
    def test_leaves_with_the_certified_identity(self):
        action, message = self._send()
        sender, recipients, _message = self.inbox.received[-1]
        self.assertEqual(sender, USER)
        self.assertEqual(recipients, ["rossi@pec.example"])
        self.assertEqual(message["From"], USER)
        self.assertIn(message["Return-Path"], (None, USER))
        self.assertEqual(message["X-TipoRicevuta"], "completa")
        self.assertEqual(action.state, "done")
        self.assertEqual(action.provider_id, self.provider)

    def test_without_mailbox_the_fallback_is_taken(self):
        self.provider.active = False
        self.assertEqual(self._run().action_ids.code, "letter")

    def test_mailbox_taken_away_in_between(self):
        run = self._run()
        run.action_approve()
        run.sudo().state = "executing"
        self.provider.active = False
        run.action_ids._execute()
        self.assertEqual(run.action_ids.exception, "no_channel")

    def test_server_must_be_for_the_certified_address_only(self):
        with self.assertRaisesRegex(ValidationError, "FROM Filtering"):
            self.provider.pec_address = "other@pec.example"

    def test_text_of_the_row_and_no_other(self):
        """A row's text for registered letters serves its PEC too."""
        notice = self.env["creditbox.template"].create(
            self._template_values("registered") | {"subject": "Formal notice"}
        )
        self._table(self.company, [ROWS[0] | {"template_id": notice.id}])
        _action, message = self._send()
        self.assertEqual(message["Subject"], "Formal notice")

    # ------------------------------------------------------------------
    # receipts
    # ------------------------------------------------------------------
    def test_round_trip(self):
        """Sent, accepted, delivered: the next step counts from the legal time."""
        action, sent = self._send()
        new = self._receive(receipt("accettazione", sent))
        self.assertEqual((new.kind, new.state), ("accettazione", "matched"))
        self.assertEqual((action.state, action.pec_state), ("done", "accepted"))
        new = self._receive(receipt("avvenuta-consegna", sent))
        self.assertEqual(new.action_id, action)
        self.assertEqual((action.state, action.pec_state), ("delivered", "delivered"))
        # 23:30 in Italy is the same day, though it is 21:30 elsewhere
        self.assertEqual(action.date_proof, date(2026, 6, 30))
        self.assertEqual(self._run(TODAY + timedelta(days=19)).action_count, 0)
        self.assertEqual(self._run(TODAY + timedelta(days=20)).action_ids.step, 2)

    def test_proof_is_kept_as_it_came(self):
        _action, sent = self._send()
        raw = receipt("avvenuta-consegna", sent)
        new = self._receive(raw)
        self.assertEqual(self._raw(new, "eml"), raw)
        self.assertEqual(new.sha256, hashlib.sha256(raw).hexdigest())
        self.assertIn(b"<postacert", self._raw(new, "daticert"))
        self.assertTrue(self.mailbox.unseen(), "the mailbox stays as it was")

    def _raw(self, message, field):
        return (
            self.env["ir.attachment"]
            .search(
                [
                    ("res_model", "=", message._name),
                    ("res_id", "=", message.id),
                    ("res_field", "=", field),
                ]
            )
            .raw
        )

    def test_same_receipt_twice_and_out_of_order(self):
        action, sent = self._send()
        delivered, accepted = (
            receipt(kind, sent) for kind in ("avvenuta-consegna", "accettazione")
        )
        self._receive(delivered, delivered)
        new = self._receive(accepted, delivered)
        self.assertEqual(new.kind, "accettazione")
        self.assertEqual((action.state, action.pec_state), ("delivered", "delivered"))
        self.assertEqual(len(action.pec_message_ids), 2)

    def test_header_and_data_name_different_numbers(self):
        action, sent = self._send()
        raw = receipt("avvenuta-consegna", sent)
        wrong = raw.replace(
            b"X-Riferimento-Message-ID: <", b"X-Riferimento-Message-ID: <other-"
        )
        self._receive(wrong)
        self.assertEqual(action.state, "delivered")

    def test_number_of_the_provider_is_enough(self):
        action, sent = self._send()
        self._receive(receipt("accettazione", sent, identifier="opec7@pec.example"))
        self._receive(
            receipt(
                "avvenuta-consegna",
                sent,
                identifier="opec7@pec.example",
                number="<nobody@knows>",
            )
        )
        self.assertEqual(action.state, "delivered")

    def test_unknown_mailbox_the_fallback_is_taken(self):
        action, sent = self._send()
        self._receive(
            receipt(
                "errore-consegna", sent, error="no-dest", text="5.1.1 - unknown address"
            )
        )
        self.assertEqual((action.state, action.pec_state), ("failed", "failed"))
        self.assertIn("5.1.1", action.reason)
        self.assertFalse(action.line_ids.item_id.step)
        again = self._run().action_ids
        self.assertEqual(again.code, "letter")
        failed = self.customer.creditbox_failed_address_ids
        self.assertEqual((failed.kind, failed.address), ("pec", "rossi@pec.example"))
        self.customer.creditbox_pec = "rossi.nuova@pec.example"
        other = self._bill(80, 40, self._supply(self.customer, "W2"))
        self.assertTrue(other)
        codes = self._run().action_ids.mapped("code")
        self.assertEqual(codes, ["pec"])

    def test_full_mailbox_is_no_wrong_address(self):
        _action, sent = self._send()
        self._receive(receipt("errore-consegna", sent, error="altro", text="full"))
        self.assertFalse(self.customer.creditbox_failed_address_ids)
        self.assertEqual(self._run().action_ids.code, "letter")

    def test_a_receipt_settles_what_was_being_sent(self):
        """Killed while sending: the provider knows that it has left."""
        for doubtful in (False, True):
            with self.subTest(doubtful=doubtful):
                self._bill(90, 40, self._supply(self.customer, f"K{doubtful}"))
                actions, sent = self._send()
                number = sent["Message-ID"]
                messages = actions.message_id.filtered_domain(
                    [("message_id", "=", number)]
                )
                action = actions.filtered_domain([("message_id", "in", messages.ids)])
                self.env["creditbox.item"]._give_back(action)
                action.sudo().write({"state": "sending", "date_done": False})
                if doubtful:
                    action._mark_doubtful("killed")
                self._receive(receipt("avvenuta-consegna", sent))
                self.assertEqual((action.state, action.in_doubt), ("delivered", False))
                self.assertEqual(action.line_ids.item_id.step, 1)

    def test_not_tried_again_by_itself_without_a_fallback(self):
        self._table(
            self.company,
            [
                {
                    "step": 1,
                    "code": "pec",
                    "template_id": self.table.rule_ids[0].template_id.id,
                }
            ],
        )
        action, sent = self._send()
        self._receive(receipt("errore-consegna", sent, error="altro", text="full"))
        self.assertEqual(self._run().action_ids.exception, "not_delivered")
        action.action_reachable()
        self.assertFalse(self._run().action_ids.exception)

    def test_what_is_no_address_takes_the_fallback(self):
        for entered, code in (
            ("NO", "letter"),
            ("a@pec.example; b@pec.example", "letter"),
            (" Rossi@PEC.example ", "pec"),
        ):
            with self.subTest(entered=entered):
                self.customer.creditbox_pec = entered
                run = self._run()
                self.assertEqual(run.action_ids.code, code)
                run.action_cancel()

    def test_server_of_a_mailbox_is_not_archived(self):
        with self.assertRaisesRegex(UserError, "PEC mailbox"):
            self.provider.pec_server_id.active = False
        with self.assertRaisesRegex(ValidationError, "FROM Filtering"):
            self.provider.pec_server_id.from_filter = False

    def test_administrator_sets_up_a_mailbox(self):
        user = self._user("administrator")
        provider = self.provider.with_user(user)
        provider.write({"name": "Other", "pec_server_id": provider.pec_server_id.id})
        self.assertEqual(provider.pec_server_id.display_name, "Loopback")

    @mute_logger(PROVIDER_LOG)
    def test_a_wrong_mailbox_holds_up_no_other(self):
        action, sent = self._send()
        self.provider.sudo().copy({"pec_imap_secret": "però", "sequence": 1})
        self.mailbox.put(receipt("avvenuta-consegna", sent))
        self.provider.sudo()._cron_pec()
        self.assertEqual(action.state, "delivered")

    def test_receipts_come_also_to_an_archived_mailbox(self):
        action, sent = self._send()
        self.provider.active = False
        self.mailbox.put(receipt("avvenuta-consegna", sent))
        self.provider.sudo()._cron_pec()
        self.assertEqual(action.state, "delivered")

    def test_not_given_up_while_a_receipt_waits_for_a_person(self):
        action, sent = self._send()
        self._receive(receipt("avvenuta-consegna", sent, signed=False))
        with freeze_time(TODAY + timedelta(days=9)):
            self.provider.sudo()._cron_pec()
        self.assertEqual(action.state, "done")

    def test_a_matched_receipt_stays_with_its_action(self):
        _action, sent = self._send()
        message = self._receive(receipt("accettazione", sent))
        with self.assertRaises(AccessError):
            message.with_user(self._user("supervisor")).action_id = False

    def test_undone_run_stays_undone(self):
        action, sent = self._send()
        with freeze_time(TODAY + timedelta(days=3)):
            self.provider.sudo()._cron_pec()
            action.run_id.action_undo()
            self._receive(receipt("avvenuta-consegna", sent))
        self.assertEqual(action.state, "failed")
        self.assertFalse(action.line_ids.item_id.step)

    def test_notice_of_delay_changes_nothing_yet(self):
        action, sent = self._send()
        self._receive(receipt("preavviso-errore-consegna", sent))
        self.assertEqual((action.state, action.pec_state), ("done", "late"))
        self._receive(receipt("avvenuta-consegna", sent))
        self.assertEqual((action.state, action.pec_state), ("delivered", "delivered"))

    def test_never_delivered_is_given_up(self):
        action, _sent = self._send()
        for day, state in ((2, "done"), (3, "failed")):
            with freeze_time(TODAY + timedelta(days=day)):
                self.provider.sudo()._cron_pec()
                self.assertEqual(action.state, state)
        self.assertEqual(self._run().action_ids.code, "letter")

    @mute_logger(PROVIDER_LOG)
    def test_not_given_up_while_nobody_reads_the_mailbox(self):
        action, _sent = self._send()
        self.provider.pec_imap_secret = "wrong"
        with freeze_time(TODAY + timedelta(days=9)):
            self.provider.sudo()._cron_pec()
        self.assertTrue(self.provider.pec_error)
        self.assertEqual(action.state, "done")

    def test_delivered_after_all(self):
        action, sent = self._send()
        with freeze_time(TODAY + timedelta(days=3)):
            self.provider.sudo()._cron_pec()
            instead = self._run().action_ids
            self.assertEqual(instead.state, "to_approve")
            self._receive(receipt("avvenuta-consegna", sent))
        self.assertEqual(action.state, "delivered")
        self.assertEqual(action.line_ids.item_id.step, 1)
        self.assertEqual(instead.state, "cancelled")

    def test_many_receipts_by_few_statements(self):
        supplies = [self._supply(self.customer, f"M{number}") for number in range(12)]
        counts = []
        for some in (supplies[:2], supplies[2:]):
            for supply in some:
                self._bill(10, 40, supply)
            self._send()
            messages = [message for _from, _to, message in self.inbox.received]
            raws = [
                receipt(kind, sent, **values)
                for sent in messages[-len(some) :]
                for kind, values in (
                    ("accettazione", {}),
                    ("avvenuta-consegna", {}),
                )
            ]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["creditbox.pec.message"].sudo()._take_over(self.provider, raws)
            self.env.flush_all()
            counts.append((self.env.cr.sql_log_count - before) / len(raws))
            self.env["creditbox.action"].search([]).sudo().date_done = (
                TODAY - timedelta(9)
            )
        # the attachments take statements of their own
        self.assertLess(counts[1], counts[0] / 2)

    def test_failures_of_one_batch(self):
        second = self._supply(
            self._customer("Neri", creditbox_pec="neri@p.example"), "N"
        )
        self._bill(10, 40, second)
        actions, _last = self._send()
        raws = [
            receipt("errore-consegna", sent, error, text)
            for (_from, _to, sent), (error, text) in zip(
                self.inbox.received[-2:],
                (("no-dest", "5.1.1 no mailbox"), ("altro", "5.2.2 full")),
                strict=True,
            )
        ]
        self._receive(*raws)
        self.assertEqual(set(actions.mapped("state")), {"failed"})
        reasons = {action.partner_id.name: action.reason for action in actions}
        self.assertEqual(
            set(reasons.values()),
            {"PEC not delivered: 5.1.1 no mailbox", "PEC not delivered: 5.2.2 full"},
        )
        failed = self.env["creditbox.failed.address"].search([("kind", "=", "pec")])
        self.assertEqual(len(failed), 1)

    def test_memory_is_bounded_by_bytes(self):
        bodies = [letter * 1000 for letter in (b"a", b"b", b"c", b"d", b"e")]
        self.mailbox.put(*(b"Subject: m\r\n\r\n" + body for body in bodies))
        settings = ("127.0.0.1", self.mailbox.port, "none", USER, PASSWORD)
        with open_mailbox(*settings) as mailbox:
            numbers = mailbox.numbers_after(int(self.provider.pec_last_uid))
            for limit, sizes in ((2500, [2, 2, 1]), (10, [1] * 5), (10_000, [5])):
                pieces = list(mailbox.in_pieces(numbers, limit))
                self.assertEqual([len(piece) for piece in pieces], sizes)
                self.assertEqual(sum(pieces, []), numbers)
        with patch(f"{PROVIDER_LOG}.BATCH_BYTES", 2500):
            self.assertEqual(len(self._fetch()), 5)

    # ------------------------------------------------------------------
    # one message for several supplies
    # ------------------------------------------------------------------
    def test_receipt_of_a_joint_message_is_of_all(self):
        self.company.creditbox_joint = True
        self._bill(30, 40, self._supply(self.customer, "W2"))
        actions, sent = self._send()
        self.assertEqual(len(actions), 2)
        self.assertEqual(len(self.inbox.received), 1)
        self._receive(receipt("accettazione", sent))
        self.assertEqual(set(actions.mapped("pec_state")), {"accepted"})
        self._receive(receipt("avvenuta-consegna", sent))
        self.assertEqual(set(actions.mapped("state")), {"delivered"})
        self.assertEqual(set(actions.mapped("date_proof")), {date(2026, 6, 30)})

    def test_joint_message_not_delivered(self):
        self.company.creditbox_joint = True
        self._bill(30, 40, self._supply(self.customer, "W2"))
        actions, sent = self._send()
        self._receive(receipt("errore-consegna", sent, "no-dest"))
        self.assertEqual(set(actions.mapped("state")), {"failed"})
        self.assertEqual(set(self._run().action_ids.mapped("code")), {"letter"})

    def test_joint_message_waits_for_its_doubtful_receipt(self):
        self.company.creditbox_joint = True
        self._bill(30, 40, self._supply(self.customer, "W2"))
        actions, sent = self._send()
        self._receive(receipt("avvenuta-consegna", sent, signed=False))
        with freeze_time(TODAY + timedelta(days=9)):
            self.provider.sudo()._cron_pec()
        self.assertEqual(set(actions.mapped("state")), {"done"})

    # ------------------------------------------------------------------
    # the signature
    # ------------------------------------------------------------------
    def test_signature_is_verified(self):
        action, sent = self._send()
        good = receipt("avvenuta-consegna", sent)
        forged = good.replace(b"\nRicevuta", b"\nricevuta", 1)
        self.assertNotEqual(good, forged)
        message = self._receive(forged)
        self.assertEqual((message.state, message.signature), ("open", "invalid"))
        self.assertIn("signature is not valid", message.reason)
        self.assertEqual(action.state, "done")

    def test_valid_signature_is_said(self):
        _action, sent = self._send()
        message = self._receive(receipt("accettazione", sent))
        self.assertEqual((message.state, message.signature), ("matched", "valid"))

    def test_only_trusted_certificates(self):
        action, sent = self._send()
        self.provider.pec_trusted = base64.b64encode(pem(certificate()[0]))
        message = self._receive(receipt("accettazione", sent))
        self.assertEqual((message.state, message.signature), ("open", "invalid"))
        self.assertFalse(action.pec_state)
        both = pem(certificate()[0]) + pem(CERTIFICATE)
        self.provider.pec_trusted = base64.b64encode(both)
        message = self._receive(receipt("avvenuta-consegna", sent))
        self.assertEqual((message.state, message.signature), ("matched", "known"))
        self.assertEqual(action.state, "delivered")

    def test_list_of_certificates_is_read_when_entered(self):
        with self.assertRaisesRegex(ValidationError, "PEM"):
            self.provider.pec_trusted = base64.b64encode(b"no certificate")

    # ------------------------------------------------------------------
    # what waits for a person
    # ------------------------------------------------------------------
    def test_doubtful_messages_wait_and_hold_nobody_up(self):
        action, sent = self._send()
        good = receipt("accettazione", sent)
        delivered = receipt("avvenuta-consegna", sent)
        doubtful = {
            "unsigned": receipt("avvenuta-consegna", sent, signed=False, text="u"),
            "broken data": receipt(
                "avvenuta-consegna", sent, daticert=b"<postacert tipo=", text="b"
            ),
            "entities": receipt(
                "avvenuta-consegna",
                sent,
                daticert=b'<!DOCTYPE a [<!ENTITY x "y">]><postacert/>',
                text="e",
            ),
            "truncated": delivered[: len(delivered) // 3],
            "foreign": receipt("avvenuta-consegna", sent, number="<a@b>", text="f"),
            "other recipient": receipt(
                "avvenuta-consegna", sent, recipient="x@pec.example", text="o"
            ),
            "newsletter": b"Subject: CONSEGNA: offers\r\n\r\nBuy!\r\n",
            "nonsense": bytes(range(256)) * 4,
        }
        new = self._receive(*doubtful.values(), good)
        self.assertEqual(len(new), len(doubtful) + 1)
        self.assertEqual(
            sorted(new.mapped("state")), ["matched"] + ["open"] * len(doubtful)
        )
        self.assertTrue(all(new.filtered(lambda m: m.state == "open").mapped("reason")))
        self.assertEqual((action.state, action.pec_state), ("done", "accepted"))

    @mute_logger(PROVIDER_LOG)
    def test_a_message_that_breaks_us_is_kept(self):
        action, sent = self._send()
        model = self.env.registry["creditbox.pec.message"]
        reason = model._reason

        def breaks(messages, parsed, found):
            if parsed.kind == "preavviso-errore-consegna":
                raise KeyError("whatever")
            return reason(messages, parsed, found)

        kinds = ("accettazione", "preavviso-errore-consegna", "avvenuta-consegna")
        with patch.object(model, "_reason", breaks):
            new = self._receive(*(receipt(kind, sent) for kind in kinds))
        self.assertEqual(sorted(new.mapped("state")), ["matched", "matched", "open"])
        self.assertEqual(action.state, "delivered")

    def test_who_has_written_to_us(self):
        head = b"X-Trasporto: posta-certificata\r\nSubject: Reclamo\r\nFrom: "
        rossi = b'"Per conto di: rossi@pec.example" <posta-certificata@pec.example>'
        new = self._receive(head + rossi + b"\r\n\r\nBuongiorno\r\n")
        self.assertEqual((new.kind, new.state), ("posta-certificata", "open"))
        self.assertEqual(new.partner_id, self.customer)

    def test_the_operator_learns_of_an_answer(self):
        second = self._supply(self.customer, "W2")
        self._bill(100, 40, second)
        actions, _last = self._send()
        [action] = actions.filtered(lambda a: a.position_id.supply_id == second)
        operator = self._user("operator")
        action.position_id.user_id = operator
        head = (
            "X-Trasporto: posta-certificata\r\n"
            "Subject: POSTA CERTIFICATA: Re: {}\r\n"
            'From: "Per conto di: unknown@pec.example" <x@pec.example>\r\n'
            "Message-Id: <{}@pec.example>\r\n"
            "Content-Type: message/rfc822\r\n\r\n"
            f"In-Reply-To: {action.mail_ids.message_id}\r\n"
            "Subject: Re: bills\r\n\r\nBuongiorno\r\n"
        )
        automatic = head.format("Risposta automatica: bills", "answer0")
        self._receive(automatic.encode())
        self.assertFalse(action.position_id.activity_ids)
        for number in (1, 2):  # once until done
            self._receive(head.format("bills", f"answer{number}").encode())
        activity = action.position_id.activity_ids
        self.assertEqual(activity.user_id, operator)
        self.assertEqual(activity.summary, "Reply from customer: bills")
        self.assertEqual(action.state, "done")

    def test_notes_of_the_cron_are_in_the_companys_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.company.partner_id.lang = "it_IT"
        self.mailbox.put(b"Subject: offerta\r\n\r\nPubblicit\xe0\r\n")
        self.provider.sudo().with_context(lang=None)._cron_pec()
        message = self.env["creditbox.pec.message"].search([], limit=1, order="id desc")
        self.assertEqual(message.reason, "Non è una ricevuta")

    def test_supervisor_takes_a_message_as_proof(self):
        action, sent = self._send()
        message = self._receive(
            receipt("avvenuta-consegna", sent, number="<a@b>", signed=False)
        )
        with self.assertRaises(AccessError):
            message.with_user(self._user("operator")).action_confirm()
        supervisor = message.with_user(self._user("supervisor"))
        with self.assertRaisesRegex(UserError, "which action"):
            supervisor.action_confirm()
        supervisor.action_id = action
        supervisor.action_confirm()
        self.assertEqual((message.state, action.state), ("handled", "delivered"))
        with self.assertRaises(AccessError):
            supervisor.recipient = "else@pec.example"

    def test_other_companies_see_nothing(self):
        _action, sent = self._send()
        message = self._receive(receipt("accettazione", sent))
        other = self.setup_other_company()["company"]
        stranger = self._user("administrator", other)
        found = self.env["creditbox.pec.message"].with_user(stranger).search([])
        self.assertFalse(found & message)
        reader = self._user("reader")
        self.assertTrue(message.with_user(reader).read(["subject"]))
        with self.assertRaises(AccessError):
            self.provider.with_user(reader).read(["pec_imap_secret"])

    def test_mailbox_numbered_anew(self):
        """A provider that moves its mailboxes: read again, nothing counts twice."""
        action, sent = self._send()
        self._receive(receipt("avvenuta-consegna", sent))
        self.provider.sudo().pec_uidvalidity = "1"
        self.assertFalse(self._fetch())
        self.assertEqual(len(action.pec_message_ids), 1)

    def test_many_receipts_cost_few_queries(self):
        customers = [
            self._customer(f"C{n}", creditbox_pec=f"c{n}@pec.example")
            for n in range(30)
        ]
        for number, customer in enumerate(customers):
            self._bill(50, 40, self._supply(customer, f"Q{number}"))
        actions, _last = self._send()
        sent = self.inbox.messages()[-31:]
        raws = [receipt("avvenuta-consegna", message) for message in sent]
        messages = self.env["creditbox.pec.message"].sudo()
        self.env.invalidate_all()
        with self.assertQueryCount(400):
            messages._take_over(self.provider, raws)
        self.assertEqual(set(actions.mapped("state")), {"delivered"})
