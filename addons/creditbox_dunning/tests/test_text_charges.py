"""Late interest and costs in the texts: the figures of the sheet and of the charges."""

import base64
import io
import re
from datetime import timedelta
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools.pdf import PdfFileReader

from ..tools.placeholder import Nil, Text
from ..tools.statement import Debt, Statement, Surcharge
from .common import TODAY
from .smtp_server import smtp_server
from .test_charge import ChargeCommon

ASKS = (
    "<p>I={{ interest }}; L={{ flat_sum }}; F={{ fee }}; C={{ charges }};"
    " A={{ amount_with_charges }}; T={{ total_with_charges }};</p>"
)


class TextChargeCommon(ChargeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.email = "credit@acque.example"
        cls.customer.lang = "en_US"
        cls.template.body = ASKS + "<p>{{ bills_interest }}</p>"

    def _says(self, body):
        """:return: {letter of a figure: amount}"""
        found = re.findall(r"\b([ILFCAT])=[^\d;]*(?:nbsp;)?([\d,.]+);", str(body))
        return {name: float(amount.replace(",", "")) for name, amount in found}

    def _write(self, actions):
        communication = self.env["creditbox.communication"]
        return communication._write_cases(communication._cases(actions), tables=True)


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30")
class TestTextCharges(TextChargeCommon):
    def test_the_figures_of_the_sheet_and_of_the_charges(self):
        self.rule.flat_amount = 40
        self._fee_table(charge_interest=True, wait_before=10)
        self._bill(100, 30)  # 0.30
        self._bill(1000, 40)  # 4.00
        self._bill(50, 3)  # further debt, not of this step
        actions = self._execute()
        says = self._says(actions.message_body)
        self.assertEqual(
            says, {"I": 4.3, "L": 80, "F": 5, "C": 0, "A": 1189.3, "T": 1239.3}
        )
        sheet = self._position()._late_bills(TODAY)[self._position()]
        sheet = [bill for bill in sheet if bill.claim.capital != 50]
        self.assertEqual(float(sum(bill.interest for bill in sheet)), says["I"])
        actions._mark_done()
        charges = self._charges_of(actions)
        arisen = dict(charges.mapped(lambda charge: (charge.kind, charge.amount)))
        self.assertEqual(arisen, {"interest": 4.3, "flat": 80, "fee": 5})

    def test_the_table_shows_each_bill_with_its_interest(self):
        first, second = self._bill(100, 30), self._bill(1000, 40)
        [communication] = self._write(self._run().action_ids)
        table = str(communication.tables["bills_interest"])
        for text in (first.name, second.name, "0.30", "100.30", "4.00", "1,004.00"):
            self.assertIn(text, table)
        self.assertIn("1,104.30", table)
        self.assertLess(table.index(second.name), table.index(first.name))

    def test_what_was_charged_is_not_asked_again(self):
        self._fee_table(charge_interest=True)
        self._bill(100, 30)
        charges = self.charges._charge_interest(self._position(), TODAY)
        self.assertEqual(charges.state, "posted")
        [communication] = self._write(self._run().action_ids)
        self.assertEqual(
            self._says(communication.html()),
            {"I": 0, "L": 0, "F": 5, "C": 0.3, "A": 105, "T": 105.3},
        )

    def test_charges_to_be_booked_booked_and_overdue_count_once(self):
        self._fee_table()
        self._bill(100, 60)
        with freeze_time("2026-05-20"):
            self._act(TODAY - timedelta(days=41))
        self._bill(200, 30)

        def figures():
            run = self._run()
            [communication] = self._write(run.action_ids)
            run.action_cancel()
            return self._says(communication.html())

        pending = figures()
        self.assertEqual((pending["C"], pending["A"], pending["T"]), (5, 105.6, 310.6))
        self._run_cron()
        charge = self.charges.search([("position_id", "=", self._position().id)])
        self.assertEqual(charge.state, "posted")
        self.assertEqual(figures(), pending)
        charge.move_id.line_ids.filtered("date_maturity").date_maturity = "2026-06-25"
        overdue = figures()
        self.assertEqual((overdue["C"], overdue["T"]), (5, 310.6))

    def test_what_the_regulation_forbids_is_not_asked(self):
        self._bill(100, 30)
        self._fee_table(charge_interest=True)
        actions = self._run().action_ids
        permit = self.env.registry["creditbox.regulation.cost"]
        for limit, says in ((0, {"I": 0, "A": 100}), (0.1, {"I": 0.1, "A": 100.1})):

            def lowered(parts, _position, _cost, amount, _real, _day, limit=limit):
                return min(amount, limit), parts[:1]

            with patch.object(permit, "_permit", lowered):
                [communication] = self._write(actions)
                actual = self._says(communication.html())
            says["A"] += limit  # of the fee
            for name, amount in says.items():
                self.assertAlmostEqual(actual[name], amount, msg=name)

    def test_the_law_finds_the_bills_in_the_table_with_interest(self):
        _text, names = self.template._content()
        self.assertIn("bills", names)

    def test_a_sum_of_nothing_takes_its_words_along(self):
        text = Text("Pay {{ a }}[[, of which {{ b }} of interest]].")
        self.assertEqual(text.fill({"a": Nil("0 €"), "b": Nil("0 €")}), "Pay 0 €.")
        said = text.fill({"a": "9 €", "b": "1 €"})
        self.assertEqual(said, "Pay 9 €, of which 1 € of interest.")
        said = text.fill_html({"a": "9", "b": Nil("0")})
        self.assertEqual(said, "Pay 9.")

    def test_digest_follows_the_interest(self):
        debt = Debt(1, "A1", None, None, 10.0, 10.0, "")
        plain = Statement((debt,))
        one = Statement((debt,), surcharge=Surcharge(((1, 0.1),)))
        two = Statement((debt,), surcharge=Surcharge(((1, 0.2),)))
        self.assertEqual(len({plain.digest, one.digest, two.digest}), 3)

    # ------------------------------------------------------------------
    # the gate
    # ------------------------------------------------------------------
    def test_a_payment_before_it_leaves_changes_the_interest(self):
        """Partly paid, by a customer of whom the hooks learn nothing."""
        bill = self._bill(1000, 40)
        with smtp_server(self.env) as inbox:
            self._execute()
            position = self.env.registry["creditbox.position"]
            with patch.object(position, "_on_debt_changed", lambda *args: None):
                self._pay(500, bill)
            self.env["mail.mail"]._creditbox_process_queue()
            [message] = inbox.messages()
        says = self._says(message.get_body(("html",)).get_content())
        self.assertEqual((says["I"], says["A"]), (4.0, 504.0))

    def test_one_day_later_one_day_more(self):
        self._bill(1000, 40)
        with smtp_server(self.env) as inbox:
            actions = self._execute()
            self.assertEqual(self._says(actions.message_body)["I"], 4.0)
            with freeze_time("2026-07-01"):
                self.env["mail.mail"]._creditbox_process_queue()
            [message] = inbox.messages()
        says = self._says(message.get_body(("html",)).get_content())
        self.assertEqual(says["I"], 4.1)

    def test_a_charge_made_before_it_leaves(self):
        self._bill(1000, 40)
        with smtp_server(self.env) as inbox:
            self._execute()
            self.charges._charge_interest(self._position(), TODAY)
            self.env["mail.mail"]._creditbox_process_queue()
            [message] = inbox.messages()
        says = self._says(message.get_body(("html",)).get_content())
        self.assertEqual((says["I"], says["C"], says["T"]), (0, 4, 1004))

    # ------------------------------------------------------------------
    # joint, letters, SMS
    # ------------------------------------------------------------------
    def test_joint_message_sums_its_supplies_and_costs_once(self):
        self.company.creditbox_joint = True
        self._fee_table(charge_interest=True)
        self._bill(100, 30)
        self._bill(1000, 40, self._supply(self.customer, "W2"))
        actions = self._execute()
        says = self._says(actions.message_id.body)
        self.assertEqual(
            says, {"I": 4.3, "L": 0, "F": 5, "C": 0, "A": 1109.3, "T": 1109.3}
        )
        actions._mark_done()
        self.assertEqual(sum(self._charges_of(actions).mapped("amount")), 9.3)

    def test_a_letter_names_its_own_postage(self):
        self.letter.body = ASKS + "<p>{{ bills_interest }}</p>"
        provider = self.env["creditbox.provider"].create(
            {
                "name": "Post",
                "kind": "postal",
                "company_id": self.company.id,
                "postal_price_ids": [
                    Command.create({"product": "letter", "sheets": 1, "cost": 1.25})
                ],
            }
        )
        self._letter_table(fee="postage", fee_amount=0, charge_interest=True)
        self._bill(1000, 40)
        run = self._run()
        run.action_approve()
        run.sudo().state = "executing"
        run._execute_next()
        action = run.action_ids
        self.assertEqual((action.provider_id, action.cost), (provider, 1.25))
        self.assertEqual(self._says(action.message_body)["F"], 1.25)
        self.assertEqual(
            sum(self._charges_of(action).mapped("amount")), action.cost + 4
        )
        pdf = base64.b64decode(action.letter_lot_id.pdf)
        page = PdfFileReader(io.BytesIO(pdf)).pages[0].extract_text()
        for text in ("F=$ 1.25", "With interest", "1,004.00"):
            self.assertIn(text, page.replace("\xa0", " "))

    def test_an_sms_may_name_them_too(self):
        template = self.env["creditbox.template"].create(
            {
                "name": "SMS",
                "code": "sms",
                "text": "Pay {{ amount_with_charges }}[[, interest {{ interest }}]]",
            }
        )
        self.customer.phone = "+39 333 1234567"
        self._table(
            self.company, [{"step": 1, "code": "sms", "template_id": template.id}]
        )
        self._bill(1000, 40)
        [communication] = self._write(self._run().action_ids)
        said = communication.sms().replace("\xa0", " ")
        self.assertEqual(said, "Pay $ 1,004.00, interest $ 4.00")

    def test_each_company_for_itself_and_a_reader_may_preview(self):
        self._bill(1000, 40)
        user = self._user("reader")
        preview = (
            self.env["creditbox.template.preview"]
            .with_user(user)
            .create(
                {"template_id": self.template.id, "position_id": self._position().id}
            )
        )
        self.assertEqual(self._says(preview.body)["I"], 4.0)

    # ------------------------------------------------------------------
    # what it costs
    # ------------------------------------------------------------------
    def _count(self, actions):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._write(actions.browse(actions.ids))
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_grow_and_none_is_made_unasked(self):
        counts = []
        for number in (1, 2, 12):  # the first fills caches
            for place in range(number):
                customer = self._customer(f"C{number}.{place}", lang="en_US")
                self._bill(100, 40, self._supply(customer, f"S{number}.{place}"))
            run = self._run()
            self.assertEqual(len(run.action_ids), number)
            counts.append(self._count(run.action_ids))
            self._done(run.action_ids)
        self.assertLessEqual(counts[2], counts[1] + 1)
        self.template.body = "<p>{{ amount }}</p>"
        interest = self.env.registry["creditbox.interest"]
        with patch.object(interest, "_late_bills", side_effect=AssertionError):
            self.assertLess(self._count(run.action_ids), counts[2] - 5)
