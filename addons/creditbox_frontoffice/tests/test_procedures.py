from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import FrontofficeCommon


@tagged("creditbox", "post_install", "-at_install")
class TestProcedures(FrontofficeCommon):
    """A request of each procedure, made through its form and brought to its end."""

    def finish(self, ticket):
        """Do all steps that are left, with what their wizards propose."""
        while ticket.creditbox_next_id:
            code = ticket.creditbox_next_id.code
            values = {}
            if code in ("quote", "acceptance"):
                self.quote_step(ticket, code)
                continue
            if ticket.creditbox_procedure_id.complaint and code == "answer":
                values = {
                    "part_complaint": "The bill",
                    "part_checks": "We have read the meter",
                    "part_conclusions": "You are right",
                }
            self.step(ticket, **values)
        return ticket

    def quote_step(self, ticket, code):
        ticket = self.as_user(self.officer, ticket)
        if code == "quote":
            ticket.creditbox_complexity = "simple"
            quote = self.as_user(self.officer, self.env["creditbox.quote"]).create(
                {
                    "ticket_id": ticket.id,
                    "line_ids": [
                        (0, 0, {"name": "Connection", "price_unit": 250}),
                    ],
                }
            )
            action = quote.action_send()
        else:
            action = ticket.creditbox_quote_ids.action_accept()
        wizards = self.as_user(self.officer, self.env[action["res_model"]])
        wizards.with_context(**action["context"]).create(
            {"ticket_id": ticket.id}
        ).action_confirm()

    def usual(self, code):
        values = super().usual(code)
        names = self.procedure(code).data_ids.mapped("field_name")
        if "creditbox_move_id" in names:
            values["creditbox_move_id"] = self.bill
        if code == "take_over":
            values["creditbox_supply_id"] = self.closed
            values["partner_id"] = self.other
        if code == "quote_new_multiple":
            values |= {"creditbox_quantity": 2, "creditbox_new_codes": "N1\nN2"}
        return values

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill = cls.make_bill(cls.customer, 100, days=10, supply=cls.supply)
        cls.closed = cls.make_supply(
            cls.customer,
            "W2",
            date_start="2020-01-01",
            date_end="2022-01-01",
            meter_id=cls.env["creditbox.meter"]
            .create({"serial": "M2", "company_id": cls.company.id})
            .id,
        )

    def test_each_procedure_comes_to_its_end(self):
        procedures = self.env["creditbox.procedure"].search([])
        self.assertGreater(len(procedures), 30)
        for procedure in procedures:
            with self.subTest(procedure=procedure.code), self.env.cr.savepoint() as sp:
                ticket = self.start(procedure.code)
                self.finish(ticket)
                self.assertEqual(ticket.creditbox_state, "done")
                self.assertEqual(ticket.creditbox_milestone_ids[-1:].code, "closed")
                sp.rollback()
                self.env.invalidate_all()

    def start(self, code):
        names = self.procedure(code).data_ids.mapped("field_name")
        values = {}
        if code == "deposit":
            values["creditbox_amount"] = 50
        form = self.request_form(code, self.officer)
        for name, value in {**self.usual(code), **values}.items():
            setattr(form, name, value)
        if "creditbox_change_ids" in names:
            with form.creditbox_change_ids.new() as line:
                line.field_name = "street"
                line.new_value = "Via Milano 9"
        ticket = form.save()
        ticket.creditbox_document_ids.seen = True
        return ticket

    # ------------------------------------------------------------------
    # effects
    # ------------------------------------------------------------------
    def test_transfer_leaves_the_debt_where_it_is(self):
        ticket = self.finish(self.start("transfer"))
        self.assertEqual(self.supply.partner_id, self.other)
        self.assertEqual(self.supply.date_start, self.today)
        former = self.supply.creditbox_contract_ids
        self.assertEqual(former.partner_id, self.customer)
        self.assertEqual(former.ticket_id, ticket)
        self.assertEqual(self.bill.partner_id, self.customer)
        position = self.position_model.search([("supply_id", "=", self.supply.id)])
        self.assertEqual(position.partner_id, self.customer)
        self.assertEqual(self.meter.reading_ids.value, 120)

    def test_transfer_to_whom_has_it(self):
        ticket = self.ask("transfer", creditbox_new_partner_id=self.customer)
        ticket._reach("admitted")
        with self.assertRaisesRegex(UserError, "has the contract already"):
            ticket._reach("execution")

    def test_take_over(self):
        self.finish(self.start("take_over"))
        self.assertEqual(self.closed.partner_id, self.other)
        self.assertFalse(self.closed.date_end)
        self.assertEqual(self.closed.creditbox_contract_ids.partner_id, self.customer)
        running = self.ask("take_over", creditbox_supply_id=self.supply)
        running._reach("admitted")
        with self.assertRaisesRegex(UserError, "transfer it instead"):
            self.as_user(self.officer, running)._reach("execution")

    def test_deactivation_and_reactivation(self):
        self.finish(self.start("deactivation"))
        closed = self.env.ref("creditbox_base.meter_state_closed")
        self.assertEqual(self.supply.date_end, self.today)
        self.assertEqual(self.meter.meter_state_id, closed)
        self.finish(self.start("reactivation"))
        active = self.env.ref("creditbox_base.meter_state_active")
        self.assertEqual(self.meter.meter_state_id, active)

    def test_reading(self):
        self.finish(self.start("reading"))
        self.assertEqual(self.meter.reading_ids.source, "customer")
        again = self.ask("reading", creditbox_reading=130)
        with self.assertRaisesRegex(UserError, "of that day"):
            again._reach("execution")
        lower = self.ask("deactivation", creditbox_reading=100)
        lower._reach("admitted")
        with self.assertRaisesRegex(UserError, "already"):
            self.as_user(self.officer, lower)._reach("execution")

    def test_payment_at_the_counter(self):
        ticket = self.ask("payment", creditbox_move_id=self.bill)
        ticket._reach("execution")
        payment = ticket.sudo().creditbox_payment_id
        self.assertEqual(payment.amount, 40)
        self.assertEqual(self.bill.amount_residual, 60)
        self.assertEqual(payment.memo, ticket.creditbox_code)
        ticket.action_print_payment()
        paper = ticket.attachment_ids.filtered(lambda a: "Receipt" in a.name)
        self.assertTrue(paper.raw.startswith(b"%PDF"))

    def test_customer_data(self):
        ticket = self.finish(self.start("master_data"))
        self.assertEqual(self.customer.street, "Via Milano 9")
        self.assertEqual(ticket.creditbox_change_ids.old_value, "Via Roma 1")
        self.assertIn("Via Roma 1 → Via Milano 9", self.customer.message_ids[0].body)

    def test_direct_debit(self):
        self.finish(self.start("direct_debit"))
        bank = self.supply.creditbox_debit_bank_id
        self.assertEqual(bank.sanitized_acc_number, "IT60X0542811101000000123456")
        self.assertEqual(bank.partner_id, self.customer)
        wrong = self.ask("direct_debit", creditbox_iban="IT00X")
        with self.assertRaisesRegex(UserError, "IBAN"):
            wrong._reach("execution")

    def test_copy_of_a_bill(self):
        file = self.env["ir.attachment"].create(
            {
                "name": "bill.pdf",
                "raw": b"%PDF-1.4 bill",
                "mimetype": "application/pdf",
                "res_model": "account.move",
                "res_id": self.bill.id,
            }
        )
        self.bill.message_main_attachment_id = file
        ticket = self.finish(self.start("reprint"))
        names = ticket.attachment_ids.mapped("name")
        self.assertIn("bill.pdf", names)
        self.assertTrue([name for name in names if "slip" in name])

    def test_new_supplies(self):
        ticket = self.finish(self.start("quote_new_multiple"))
        supplies = ticket.creditbox_new_supply_ids
        self.assertEqual(supplies.mapped("code"), ["N1", "N2"])
        self.assertEqual(supplies.partner_id, self.customer)
        self.assertEqual(ticket.creditbox_quote_ids.state, "accepted")

    def test_roles_of_steps(self):
        """The counter begins, the back office carries out."""
        ticket = self.ask("deactivation")
        ticket._reach("admitted")
        with self.assertRaisesRegex(AccessError, "Back Office"):
            ticket._reach("execution")
