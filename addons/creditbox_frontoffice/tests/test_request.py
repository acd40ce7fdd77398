from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import FrontofficeCommon


@tagged("creditbox", "post_install", "-at_install")
class TestRequest(FrontofficeCommon):
    def test_a_new_request_is_numbered_and_begins(self):
        ticket = self.ask("deactivation")
        self.assertRegex(ticket.creditbox_code, r"^R\d{4}-000001$")
        self.assertEqual(ticket.number, ticket.creditbox_code)
        self.assertEqual(ticket.creditbox_milestone_ids.mapped("code"), ["request"])
        self.assertEqual(ticket.creditbox_state, "entered")
        self.assertEqual(ticket.partner_id, self.customer)
        self.assertEqual(ticket.creditbox_next_id.code, "admitted")
        self.assertIn("Request", ticket.creditbox_steps)

    def test_each_company_has_its_numbers(self):
        self.ask("deactivation")
        customer = self.make_customer(company=self.company_b)
        supply = self.make_supply(customer, "G1")
        clerk = self.make_clerk("counter", self.company_b)
        ticket = self.ask(
            "deactivation", clerk, creditbox_supply_id=supply, partner_id=customer
        )
        self.assertTrue(ticket.creditbox_code.endswith("-000001"))
        self.assertEqual(ticket.company_id, self.company_b)
        with self.assertRaises(AccessError):
            self.as_user(self.clerk, ticket).read(["name"])

    def test_steps_in_their_order(self):
        ticket = self.ask("deactivation")
        with self.assertRaisesRegex(UserError, "comes"):
            self.as_user(self.officer, ticket)._reach("execution")
        self.step(ticket)
        self.assertEqual(ticket.creditbox_state, "admitted")
        self.step(ticket, note="Sealed")
        self.assertEqual(ticket.creditbox_state, "done")
        self.assertEqual(
            ticket.creditbox_milestone_ids.mapped("code"),
            ["request", "admitted", "execution", "closed"],
        )
        self.assertTrue(ticket.closed)
        with self.assertRaisesRegex(UserError, "already"):
            ticket._reach("execution")
