import base64

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.creditbox_frontoffice.tests.common import FrontofficeCommon


@tagged("creditbox", "post_install", "-at_install")
class TestPecRequest(FrontofficeCommon):
    def message(self, **values):
        provider = self.env["creditbox.provider"].create(
            {"name": "PEC", "kind": "pec", "company_id": self.company.id}
        )
        return self.env["creditbox.pec.message"].create(
            {
                "provider_id": provider.id,
                "company_id": self.company.id,
                "kind": "posta-certificata",
                "state": "open",
                "date": self.ago(days=2),
                "sender": "rossi@pec.example.com",
                "subject": "Complaint",
                "fingerprint": "1",
                "eml": base64.b64encode(b"From: rossi"),
                **values,
            }
        )

    def test_a_message_becomes_a_request(self):
        self.customer.creditbox_pec = "rossi@pec.example.com"
        message = self.as_user(self.clerk, self.message())
        action = message.action_request()
        ticket = self.env["helpdesk.ticket"].browse(action["res_id"])
        self.assertEqual(ticket.date_received, message.date)
        self.assertEqual(ticket.partner_id, self.customer)
        self.assertEqual(ticket.channel_id.creditbox_kind, "contact")
        self.assertEqual(ticket.attachment_ids.raw, b"From: rossi")
        self.assertEqual(message.state, "handled")
        self.assertEqual(message.action_request()["res_id"], ticket.id)
        ticket = self.as_user(self.clerk, ticket)
        ticket.description = "<p>Wrong bill</p>"
        ticket.creditbox_procedure_id = self.procedure("complaint")
        self.assertEqual(ticket.creditbox_milestone_ids.date, message.date)

    def test_handled_already(self):
        message = self.message(state="handled")
        with self.assertRaises(UserError):
            self.as_user(self.clerk, message).action_request()

    def test_statement_of_account(self):
        self.make_bill(self.customer, 100, days=10, supply=self.supply)
        ticket = self.ask("statement")
        ticket._reach("execution")
        (paper,) = ticket.attachment_ids
        self.assertTrue(paper.raw.startswith(b"%PDF"))
        self.assertEqual(ticket.creditbox_state, "done")
