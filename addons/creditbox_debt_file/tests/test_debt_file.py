import base64
from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.creditbox_base.tools.package import SUMS
from odoo.addons.creditbox_dunning.tests.common import TODAY

from .common import DebtFileCommon, pdf_of


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestDebtFile(DebtFileCommon):
    def test_complete(self):
        """A letter that came back signed, a hold, a charge, an answer, a bill's PDF."""
        bill = self._bill(100, 40)
        self._attach(bill, pdf_of("Consumption of Rossi"))
        action = self._execute()
        action.sudo().write(
            {
                "receipt_card": base64.b64encode(pdf_of("signed by Rossi")),
                "receipt_card_name": "card.pdf",
                "tracking_number": "618000000014",
            }
        )
        self._event(action, "consegnato")
        self.env["creditbox.hold"].create(
            {
                "level": "bill",
                "move_id": bill.id,
                "company_id": self.company.id,
                "reason_id": self.env["creditbox.hold.reason"].search([], limit=1).id,
                "date_from": TODAY,
                "date_to": TODAY + timedelta(days=5),
                "note": "He is in hospital",
            }
        )
        self.customer.message_post(
            body="I cannot pay before July",
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            attachments=[("certificate.txt", b"certificate of the hospital")],
        )
        file = self._make(self._positions(self.customer))
        names = list(self._unpacked(file))
        text = self._everything(file)
        for words in (
            "Consumption of Rossi",
            "signed by Rossi",
            "618000000014",
            "Please pay",
            "He is in hospital",
            "I cannot pay before July",
            "certificate of the hospital",
            "Table of late interest",
            bill.name,
        ):
            self.assertIn(words, text)
        self.assertEqual(file.document_count, len(names) - 2, "PDF and sums besides")
        self.assertIn(SUMS, names)
        self._check_sums(file)

    def test_pec_with_its_receipts(self):
        self._bill(100, 40)
        action = self._execute()
        action.sudo().code = "pec"
        mailbox = self._provider(kind="pec", name="PEC")
        self.env["creditbox.pec.message"].sudo().create(
            {
                "provider_id": mailbox.id,
                "company_id": self.company.id,
                "kind": "avvenuta-consegna",
                "state": "matched",
                "action_id": action.id,
                "partner_id": self.customer.id,
                "subject": "CONSEGNA: Sollecito",
                "date": "2026-06-20 21:30:00",
                "fingerprint": "1",
                "eml": base64.b64encode(b"Subject: CONSEGNA\n\nreceipt"),
                "daticert": base64.b64encode(b"<postacert/>"),
            }
        )
        files = self._unpacked(self._make(self._positions(self.customer)))
        pec = {n: c for n, c in files.items() if "PEC" in n.partition("/")[0]}
        emls = [c for name, c in pec.items() if name.endswith(".eml")]
        self.assertEqual(emls, [b"Subject: CONSEGNA\n\nreceipt"])
        [name] = [name for name in pec if name.endswith(".xml")]
        self.assertIn("2026-06-20 daticert-", name)
        self.assertEqual(pec[name], b"<postacert/>")

    def test_nothing_of_the_neighbour_nor_of_another_company(self):
        other = self.setup_other_company()["company"]
        stranger = self._customer("Bianchi", company=other)
        shared = self._customer("Neri")
        shared.company_id = False
        self._letters()
        self._attach(self._bill(50, 20, self.other_supply), pdf_of("Verdi's bill"))
        self.verdi.message_post(body="Verdi writes", message_type="email")
        self.env["creditbox.hold"].create(
            {
                "level": "customer",
                "partner_id": self.verdi.id,
                "company_id": self.company.id,
                "reason_id": self.env["creditbox.hold.reason"].search([], limit=1).id,
                "date_to": TODAY + timedelta(days=5),
                "note": "hold of the neighbour",
            }
        )
        text = self._everything(self._make(self._positions(self.customer)))
        self.assertIn("Rossi", text)
        for words in ("Verdi", "W2", "neighbour", stranger.name, other.name):
            self.assertNotIn(words, text)

    def test_one_supply_alone(self):
        """From one position: its bills, actions and holds, not those of the others."""
        gas = self._supply(self.customer, "G1", service_type_id=self.gas.id)
        self._attach(self._bill(100, 40), pdf_of("water bill"))
        self._attach(self._bill(80, 40, gas), pdf_of("gas bill"))
        position = self._positions(self.customer).filtered(
            lambda p: p.supply_id == self.supply
        )
        file = self._make(position)
        self.assertFalse(file.whole)
        bills = [
            self._words(content)
            for name, content in self._unpacked(file).items()
            if name.startswith("02 ") and name.endswith(".pdf")
        ]
        self.assertIn("water bill", "".join(bills))
        self.assertNotIn("gas bill", "".join(bills))

    def test_in_the_language_of_whoever_asks(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.operator.lang = "it_IT"
        self._bill(100, 40)
        file = self._make(self._positions(self.customer))
        folders = {name.partition("/")[0] for name in self._unpacked(file)}
        self.assertIn("01 Estratto conto", folders)
        self.assertIn("Indice", self._words(self._content(file, "pdf")))

    def test_names_that_are_not_safe(self):
        bill = self._bill(100, 40)
        bill.sudo().creditbox_ref = "../2026/1:A"
        self._attach(bill, pdf_of("x"), "../../evil.pdf")
        file = self._make(self._positions(self.customer))
        for name in self._unpacked(file):
            self.assertNotIn("..", name)
            self.assertLessEqual(name.count("/"), 1)
        self._check_sums(file)

    def test_who_and_when_stands_on_the_chatter(self):
        self._bill(100, 40)
        file = self._make(self._positions(self.customer))
        body = self.customer.message_ids[0].body
        self.assertIn(file.name, body)
        self.assertIn(self.operator.name, body)
        self.assertIn(file.sha256, body)
        self.assertEqual(file.user_id, self.operator)

    def test_customer_of_several_companies_keeps_them_apart(self):
        """His chatter is everybody's: it is left out, and nothing is noted on it."""
        self._bill(100, 40)
        self.customer.company_id = False
        self.customer.message_post(body="Of the other company", message_type="email")
        before = self.customer.message_ids
        positions = self._positions(self.customer)
        file = self._make(positions)
        self.assertNotIn("Of the other company", self._everything(file))
        self.assertEqual(self.customer.message_ids, before)
        self.assertIn(file.name, positions.message_ids[0].body)

    def test_a_failure_is_said_and_can_be_made_again(self):
        self._bill(100, 40)
        content = type(self.env["creditbox.debt.file.content"])
        with self.assertLogs("odoo.addons.creditbox_debt_file", "ERROR"):
            self.patch(content, "_sections", lambda *_args: 1 / 0)
            self._positions(self.customer).with_user(self.operator).action_debt_file()
        file = self.Files.search([], limit=1)
        self.assertEqual((file.state, file.zip), ("failed", False))
        self.assertIn("division", file.error)
        self.patch(content, "_sections", lambda *_args: [])
        file.with_user(self.operator).action_make_again()
        self.assertEqual((file.state, file.error), ("made", False))

    def test_kept_for_the_days_of_the_company(self):
        self._bill(100, 40)
        self.company.creditbox_debt_file_days = 10
        file = self._make(self._positions(self.customer))
        self.assertEqual(file.date_expiry, TODAY + timedelta(days=10))
        stored = self.env["ir.attachment"].search(
            [("res_model", "=", file._name), ("res_field", "!=", False)]
        )
        self.assertEqual(set(stored.mapped("res_field")), {"zip", "pdf"})
        for days, left in ((10, file), (11, file.browse())):
            with (
                freeze_time(TODAY + timedelta(days=days)),
                self.enter_registry_test_mode(),
            ):
                self.env.ref(
                    "creditbox_debt_file.ir_cron_expire"
                ).method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual(file.exists(), left)
        self.assertFalse(stored.exists())

    def test_goes_with_the_customer(self):
        lonely = self._customer("Lonely")
        self._bill(10, 5, self.supply.browse(), lonely).button_draft()
        position = self._positions(lonely)
        file = self._make(position)
        stored = self.env["ir.attachment"].search(
            [("res_model", "=", file._name), ("res_field", "!=", False)]
        )
        self.env["account.move"].search([("partner_id", "=", lonely.id)]).unlink()
        lonely.unlink()
        self.assertFalse(file.exists())
        self.assertFalse(stored.exists())

    def test_nothing_chosen(self):
        with self.assertRaisesRegex(UserError, "no position"):
            self._customer("Nobody").with_user(self.operator).action_debt_file()
