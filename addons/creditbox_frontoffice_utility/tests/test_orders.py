from odoo.tests import tagged

from odoo.addons.creditbox_frontoffice.tests.common import FrontofficeCommon


@tagged("creditbox", "post_install", "-at_install")
class TestOrders(FrontofficeCommon):
    """The counter asks, the crew does, the request goes on by itself."""

    def order_of(self, ticket):
        return ticket.sudo().creditbox_order_ids

    def carry_out(self, order):
        order = order.with_user(self.env.user)
        for button in ("action_accept", "action_send", "action_start", "action_done"):
            getattr(order, button)()
        return order

    def test_deactivation(self):
        ticket = self.ask("deactivation")
        self.assertFalse(self.order_of(ticket))
        ticket._reach("admitted")
        order = self.order_of(ticket)
        self.assertEqual(order.creditbox_operation, "closing")
        self.assertEqual(order.creditbox_state, "requested")
        self.assertIn(ticket.creditbox_code, order.todo)
        self.carry_out(order)
        self.assertEqual(ticket.creditbox_state, "done")
        self.assertEqual(self.supply.date_end, self.today)

    def test_each_operation(self):
        for code in ("works", "meter_check", "pressure_check", "reactivation"):
            with self.subTest(code=code):
                ticket = self.ask(code)
                if ticket.creditbox_next_id.code == "admitted":
                    self.as_user(self.officer, ticket)._reach("admitted")
                step = ticket.creditbox_next_id
                self.carry_out(self.order_of(ticket))
                self.assertIn(step, ticket.creditbox_milestone_ids.milestone_id, code)

    def test_what_could_not_be_done_is_said(self):
        ticket = self.ask("meter_check")
        ticket._reach("admitted")
        order = self.order_of(ticket).with_user(self.env.user)
        for button in ("action_accept", "action_send", "action_start"):
            getattr(order, button)()
        reason = self.env.ref("creditbox_utility.order_reason_inaccessible")
        order.action_not_executable(reason, "Nobody there")
        self.assertIn("Nobody there", ticket.message_ids[0].body)
        self.assertEqual(ticket.creditbox_next_id.code, "visit")

    def test_withdrawn(self):
        ticket = self.ask("meter_check")
        ticket._reach("admitted")
        ticket._withdraw(reason="No longer needed")
        self.assertEqual(self.order_of(ticket).creditbox_state, "cancelled")

    def test_a_step_that_lacks_data_waits_for_the_office(self):
        ticket = self.ask("quote_removal")
        officer = self.as_user(self.officer, ticket)
        officer._reach("admitted")
        document = ticket.sudo().creditbox_document_ids[:1]
        document.write(
            {
                "required": True,
                "seen": False,
                "milestone_id": self.env.ref(
                    "creditbox_frontoffice.milestone_works"
                ).id,
            }
        )
        officer.creditbox_complexity = "simple"
        quote = self.as_user(self.officer, self.env["creditbox.quote"]).create(
            {
                "ticket_id": ticket.id,
                "line_ids": [(0, 0, {"name": "Removal", "price_unit": 80})],
            }
        )
        quote._send(self.ago())
        officer._reach("quote")
        quote._accept(self.ago())
        officer._reach("acceptance")
        self.carry_out(self.order_of(ticket))
        self.assertEqual(ticket.creditbox_next_id.code, "works")
        self.assertIn("End of works", ticket.message_ids[0].body)

    def test_security_deposit(self):
        ticket = self.ask("deposit", creditbox_amount=80)
        ticket._reach("admitted")
        ticket._reach("execution")
        self.assertEqual(self.supply.deposit, 80)
