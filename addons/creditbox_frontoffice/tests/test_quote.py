from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, tagged

from .common import FrontofficeCommon


@tagged("creditbox", "post_install", "-at_install")
class TestQuote(FrontofficeCommon):
    def make_quote(self, **values):
        ticket = self.ask("quote_change", **values)
        self.step(ticket)  # admitted
        action = self.as_user(self.officer, ticket).action_next_step()
        quote = self.env["creditbox.quote"].browse(action["res_id"])
        quote = self.as_user(self.officer, quote)
        with Form(quote) as form:
            form.complexity = "complex"
            with form.line_ids.new() as line:
                line.name = "Larger pipe"
                line.quantity = 2
                line.price_unit = 150
        return ticket, quote

    def confirm(self, action, **values):
        wizards = self.as_user(self.officer, self.env[action["res_model"]])
        form = Form(wizards.with_context(**action["context"]))
        for name, value in values.items():
            setattr(form, name, value)
        form.save().action_confirm()

    def test_from_the_request_to_the_acceptance(self):
        ticket, quote = self.make_quote()
        self.assertEqual(quote.amount_total, 300)
        self.assertEqual(ticket.creditbox_complexity, "complex")
        self.assertTrue(quote.name.startswith(ticket.creditbox_code))
        self.confirm(quote.action_send())
        self.assertEqual(quote.state, "sent")
        self.assertEqual(quote.date_expiry - quote.date_sent, timedelta(days=90))
        self.assertEqual(ticket.creditbox_milestone_ids[-1:].code, "quote")
        answer = ticket.creditbox_answer_ids
        self.assertEqual(answer.recipient, "mario@example.com")
        self.assertTrue(answer.message_number)
        self.assertEqual(len(answer.sudo().mail_id.attachment_ids), 2)
        with self.assertRaises(UserError):
            quote.line_ids.price_unit = 1
        self.confirm(quote.action_accept(), note="Signed at the counter")
        self.assertEqual(quote.state, "accepted")
        self.assertEqual(ticket.creditbox_next_id.code, "works")

    def test_a_survey_only_where_it_is_needed(self):
        ticket = self.ask("quote_change")
        self.assertNotIn("Survey", [s["name"] for s in ticket._steps()])
        ticket.creditbox_survey = True
        self.assertIn("Survey", [s["name"] for s in ticket._steps()])
        self.step(ticket)
        self.assertEqual(ticket.creditbox_next_id.code, "survey")

    def test_the_step_needs_the_quote(self):
        ticket, quote = self.make_quote()
        with self.assertRaisesRegex(UserError, "from the quote"):
            self.as_user(self.officer, ticket)._reach("quote")
        quote.action_suspend()
        self.assertEqual(quote.state, "suspended")
        with self.assertRaisesRegex(UserError, "in the making"):
            quote.action_send()
        quote.action_resume()
        quote.line_ids.unlink()
        with self.assertRaisesRegex(UserError, "cost"):
            quote.action_send()

    def test_too_late(self):
        ticket, quote = self.make_quote()
        self.confirm(quote.action_send())
        with freeze_time(self.today + timedelta(days=91)):
            action = quote.action_accept()
            with self.assertRaisesRegex(UserError, "valid until"):
                self.confirm(action)
        self.assertEqual(quote.state, "sent")

    def test_refused(self):
        ticket, quote = self.make_quote()
        self.confirm(quote.action_send())
        self.as_user(self.clerk, quote).action_refuse()
        self.assertEqual(quote.state, "refused")
        self.assertEqual(ticket.creditbox_state, "withdrawn")

    def test_the_paper(self):
        _ticket, quote = self.make_quote()
        attachment = quote._pdf()
        self.assertTrue(attachment.raw.startswith(b"%PDF"))
        self.assertEqual(quote._pdf(), attachment)
