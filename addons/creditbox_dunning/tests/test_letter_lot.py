import base64
import csv
import hashlib
import io

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged
from odoo.tools.pdf import PdfFileReader

from .common import DunningCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30")
class TestLetterLot(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {"vat": "IT12345670017", "creditbox_letter_footer": "R.E.A. 9"}
        )
        cls.customer.write({"lang": "en_US", "creditbox_code": "C-ROSSI"})
        template = cls.env["creditbox.template"].create(
            {
                "name": "Test letter",
                "code": "letter",
                "subject": "Unpaid bills of {{ supply }}",
                "body": "<p>Dear {{ customer_name }}</p><p>{{ bills }}</p>"
                "<p>{{ other_bills }}</p><p>{{ payment }}</p>",
            }
        )
        row = {
            "code": "letter",
            "step": 1,
            "wait_before": 10,
            "template_id": template.id,
        }
        cls.table = cls._table(cls.company, [row])
        cls.verdi = cls._customer(
            "Verdi", lang="en_US", street="Viale Po 2", zip="24100", city="Bergamo"
        )
        cls.other_supply = cls._supply(cls.verdi, "W2")

    def _execute(self):
        run = self._run()
        run.action_approve()
        run.sudo().state = "executing"
        run._execute_next()
        return run.action_ids

    def _text(self, pdf, pages=None):
        pages = PdfFileReader(io.BytesIO(pdf)).pages if pages is None else pages
        return "".join(page.extract_text() for page in pages)

    def _pdf(self, lot):
        return base64.b64decode(lot.pdf)

    def test_a_lot_is_handed_over_with_its_letters(self):
        bill = self._bill(100, 40)
        bill.creditbox_payment_code = "301000000000000159"
        young = self._bill(35, 3)
        self._bill(70, 40, self.other_supply)
        actions = self._execute()
        self.assertEqual(set(actions.mapped("state")), {"done"})
        self.assertEqual(set(actions.item_ids.mapped("step")), {1})
        lot = actions.letter_lot_id
        self.assertEqual(len(lot), 1)
        self.assertEqual((lot.letter_count, lot.page_count), (2, 2))
        self.assertEqual(lot.sha256, hashlib.sha256(self._pdf(lot)).hexdigest())
        text = self._text(self._pdf(lot))
        for expected in (
            "Rossi",
            "Via Roma 1",
            "20100 MILANO",
            "C-ROSSI",
            bill.name,
            young.name,
            "301000000000000159",
            "100.00",
            "35.00",
            "R.E.A. 9",
            "June 30, 2026" if "June 30, 2026" in text else "30 June 2026",
            "Verdi",
        ):
            self.assertIn(expected, text)
        self.assertEqual(actions.run_id.state, "done")

    def test_a_letter_holds_nobody_elses_data(self):
        self._bill(100, 40)
        self._bill(70, 40, self.other_supply)
        actions = self._execute()
        lot = actions.letter_lot_id
        for action in actions:
            attachment = lot._letter_attachment(action)
            text = self._text(attachment.raw)
            mine, others = action.partner_id, actions.partner_id - action.partner_id
            self.assertIn(mine.name, text)
            for other in others:
                self.assertNotIn(other.name, text)
                self.assertNotIn(other.name.encode(), attachment.raw)
            self.assertEqual(attachment.res_id, action.id)
            self.assertEqual(action.message_id.attachment_ids, attachment)
            self.assertEqual(action.message_id.res_id, mine.id)
            self.assertEqual(lot._letter_attachment(action), attachment)

    def test_letter_is_opened_by_who_may_see_the_action(self):
        self._bill(100, 40)
        action = self._execute()
        reader = self._user("reader")
        opened = action.with_user(reader).action_open_letter()
        self.assertIn("/web/content/", opened["url"])
        other = self.setup_other_company()["company"]
        stranger = self._user("reader", other)
        with self.assertRaises(AccessError):
            action.with_user(stranger).action_open_letter()
        with self.assertRaises(AccessError):
            action.letter_lot_id.with_user(stranger).read(["pdf"])

    def test_index_for_the_printer(self):
        self._bill(100, 40)
        self._bill(70, 40, self.other_supply)
        actions = self._execute()
        lot = actions.letter_lot_id
        content = base64.b64decode(lot.index).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(content), delimiter=";"))
        self.assertEqual(len(rows), 2)
        pages = PdfFileReader(io.BytesIO(self._pdf(lot))).pages
        for row in rows:
            action = actions.browse(int(row["letter"]))
            first, count = int(row["first_page"]), int(row["pages"])
            self.assertEqual((first, count), (action.letter_page, 1))
            self.assertIn(row["name"], self._text(None, pages[first - 1 : first]))
            self.assertEqual(row["amount"], f"{action.amount:.2f}")
            self.assertEqual(row["city"], action.partner_id.city)

    def test_who_has_paid_is_not_in_the_lot(self):
        bill = self._bill(100, 40)
        self._bill(70, 40, self.other_supply)
        run = self._run()
        run.action_approve()
        run.sudo().state = "executing"
        self._pay(100, bill)
        run._execute_next()
        lot = run.action_ids.letter_lot_id
        self.assertEqual(lot.letter_count, 1)
        self.assertNotIn("Rossi", self._text(self._pdf(lot)))

    def test_all_is_on_the_chatter(self):
        bill = self._bill(100, 40)
        action = self._execute()
        message = action.message_id
        self.assertIn(message, self.customer.message_ids)
        self.assertIn(bill.name, message.body)
        self.assertIn(action.letter_lot_id.name, message.subject)
        self.assertIn("Via Roma 1", action.recipient)

    def test_no_street_no_letter(self):
        self._bill(100, 40)
        run = self._run()
        run.action_approve()
        run.sudo().state = "executing"
        self.customer.street = False
        run._execute_next()
        self.assertEqual(run.action_ids.exception, "no_address")
        self.assertFalse(run.action_ids.letter_lot_id)

    def test_address_abroad(self):
        france = self.env.ref("base.fr")
        self.company.country_id = self.env.ref("base.it")
        self.customer.country_id = france
        channel = self.env["creditbox.channel.letter"].with_company(self.company)
        self.assertEqual(channel._address(self.customer)[-1], "FRANCE")

    def test_posted(self):
        self._bill(100, 40)
        lot = self._execute().letter_lot_id
        operator = self._user("operator")
        lot.with_user(operator).action_posted()
        self.assertEqual(lot.state, "posted")
        self.assertEqual(str(lot.date_posted), "2026-06-30")
        lot.sudo().state = "ready"
        with self.assertRaises(AccessError):
            lot.with_user(self._user("reader")).action_posted()

    # ------------------------------------------------------------------
    # undo
    # ------------------------------------------------------------------
    def _two_letters(self):
        """:return: actions of Rossi and of Verdi, the first in its lot"""
        self._bill(100, 40)
        self._bill(70, 40, self.other_supply)
        return self._execute().sorted("letter_page")

    def _index(self, lot):
        text = base64.b64decode(lot.index).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text), delimiter=";"))

    def test_a_letter_is_taken_out_of_a_lot_that_waits(self):
        first, second = self._two_letters()
        lot, message = first.letter_lot_id, first.message_id
        kept_row = self._index(lot)[1]
        old = lot.sha256
        first._undo()
        self.assertEqual((first.state, first.letter_lot_id.id), ("cancelled", False))
        self.assertEqual((second.state, second.letter_page), ("done", 1))
        self.assertEqual((lot.letter_count, lot.page_count), (1, 1))
        text = self._text(self._pdf(lot))
        self.assertIn(second.partner_id.name, text)
        self.assertNotIn(first.partner_id.name, text)
        self.assertEqual(self._index(lot), [kept_row | {"first_page": "1"}])
        self.assertEqual(lot.sha256, hashlib.sha256(self._pdf(lot)).hexdigest())
        self.assertNotEqual(lot.sha256, old)
        self.assertIn(first.partner_id.name, lot.message_ids[0].body)
        self.assertNotIn(message, first.partner_id.message_ids)
        letter = lot._letter_attachment(second)
        self.assertIn(second.partner_id.name, self._text(letter.raw))

    def test_undo_of_a_run_whose_letters_wait(self):
        actions = self._two_letters()
        lot, run = actions.letter_lot_id, actions.run_id
        run.with_user(self._user("supervisor")).action_undo()
        self.assertEqual(set(actions.mapped("state")), {"cancelled"})
        self.assertEqual(set(actions.item_ids.mapped("step")), {0})
        self.assertEqual((lot.state, lot.pdf), ("cancelled", False))
        self.assertIn("2 taken back", run.message_ids[0].body)
        self.assertNotIn("had left:", run.message_ids[0].body)

    def test_undo_of_a_run_whose_letters_are_posted(self):
        actions = self._two_letters()
        lot, run = actions.letter_lot_id, actions.run_id
        lot.sudo().action_posted()
        pdf = self._pdf(lot)
        run.action_undo()
        self.assertEqual(set(actions.mapped("state")), {"undone"})
        self.assertEqual(actions.letter_lot_id, lot)
        self.assertEqual(self._pdf(lot), pdf)
        self.assertIn("2 had left", run.message_ids[0].body)

    def test_qr_kinds(self):
        channel = self.env["creditbox.channel.letter"]
        self._bill(100, 40).creditbox_payment_code = "301000000000000159"
        self._execute()
        debt = self.env["creditbox.communication"]
        action = self.env["creditbox.action"].search([], limit=1, order="id desc")
        [case] = debt._cases(action)
        [bill] = debt._statements([case])[case.key].bills
        expected = {
            "pagopa": "PAGOPA|002|301000000000000159|12345670017|10000",
            "code": "301000000000000159",
            "none": "",
        }
        for kind, qr in expected.items():
            self.company.creditbox_payment_qr = kind
            self.assertEqual(channel._qr(self.company, bill), qr)
