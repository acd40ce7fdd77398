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
        self.assertEqual(self.ask("reactivation").priority, "3")
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
            self.as_user(self.officer, ticket)._reach("execution")

    def test_what_is_missing_is_said(self):
        form = self.request_form("deactivation")
        form.creditbox_supply_id = self.supply
        ticket = form.save()
        self.assertEqual(ticket.creditbox_missing, "Identity document")
        with self.assertRaisesRegex(UserError, "Admitted.*Identity document"):
            ticket._reach("admitted")
        ticket.creditbox_document_ids.seen = True
        ticket._reach("admitted")
        self.assertEqual(ticket.creditbox_state, "admitted")

    def test_data_is_asked_for_by_the_step_that_needs_it(self):
        ticket = self.ask("quote_new", creditbox_new_codes=False)
        self.assertFalse(ticket.creditbox_missing)
        execution = ticket.creditbox_procedure_id.milestone_ids.filtered(
            lambda s: s.code == "execution"
        )
        self.assertEqual(ticket._missing(execution), ["Codes of the New Supplies"])

    def test_dates_that_cannot_be(self):
        ticket = self.ask("deactivation", date_received=self.ago(days=3))
        self.assertEqual(ticket.creditbox_milestone_ids.date, ticket.date_received)
        with self.assertRaisesRegex(UserError, "future"):
            ticket._reach("admitted", self.ago(days=-1))
        with self.assertRaisesRegex(UserError, "before"):
            ticket._reach("admitted", self.ago(days=4))
        ticket._reach("admitted", self.ago(days=2))
        with self.assertRaisesRegex(UserError, "future"):
            self.ask("deactivation", date_received=self.ago(days=-2))
        with self.assertRaisesRegex(UserError, "before"):
            self.as_user(self.officer, ticket)._reach("execution", self.ago(days=4))

    def test_nobody_writes_the_state_by_hand(self):
        ticket = self.ask("deactivation")
        done = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        for vals in (
            {"creditbox_state": "done"},
            {"creditbox_code": "X"},
            {"creditbox_parent_id": ticket.id},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                ticket.write(vals)
        with self.assertRaises(UserError):
            ticket.stage_id = done
        with self.assertRaises(AccessError):
            ticket.creditbox_milestone_ids.write({"date": self.ago(days=9)})
        with self.assertRaises(AccessError):
            ticket.copy({"creditbox_state": "done"})

    def test_waits(self):
        ticket = self.ask("deactivation", date_received=self.ago(days=9))
        calls = []
        self.patch(
            type(ticket), "_on_wait", lambda *args: calls.append(("wait", args[2]))
        )
        self.patch(
            type(ticket), "_on_resume", lambda _t, moment: calls.append(("on", moment))
        )
        begun = self.ago(days=5)
        ticket._wait("customer", begun, "A copy of the deed")
        self.assertTrue(ticket.creditbox_waiting)
        with self.assertRaisesRegex(UserError, "waiting"):
            ticket._reach("admitted")
        with self.assertRaisesRegex(UserError, "already"):
            ticket._wait("permit")
        with self.assertRaisesRegex(UserError, "since"):
            ticket._resume(self.ago(days=6))
        end = self.ago(days=2)
        ticket._resume(end)
        wait = ticket.creditbox_wait_ids
        self.assertEqual((wait.date_from, wait.date_to), (begun, end))
        self.assertEqual(calls, [("wait", "customer"), ("on", end)])
        ticket._reach("admitted")

    def test_withdrawn_and_not_admissible(self):
        ticket = self.ask("deactivation")
        with self.assertRaisesRegex(UserError, "reason"):
            ticket._withdraw()
        ticket._wait("customer")
        ticket._withdraw(reason="Changed their mind")
        self.assertEqual(ticket.creditbox_state, "withdrawn")
        self.assertTrue(ticket.creditbox_wait_ids.date_to)
        self.assertFalse(ticket.creditbox_next_id)
        refused = self.ask("complaint")
        refused._refuse(reason="Anonymous")
        self.assertEqual(refused.creditbox_refused_reason, "Anonymous")
        admitted = self.ask("complaint")
        admitted._reach("admitted")
        with self.assertRaisesRegex(UserError, "admitted already"):
            admitted._refuse(reason="Late")

    def test_a_reminder_is_linked(self):
        first = self.ask("complaint")
        self.assertFalse(first.creditbox_similar_ids)
        second = self.ask("complaint")
        self.assertEqual(second.creditbox_similar_ids, first)
        self.assertFalse(self.ask("request").creditbox_similar_ids)
        second.action_is_reminder()
        self.assertEqual(second.creditbox_parent_id, first)
        self.assertEqual(second.creditbox_state, "linked")
        self.assertEqual(first.creditbox_reminder_ids, second)
        self.assertFalse(first.creditbox_similar_ids)

    def test_a_date_is_corrected_with_its_reason(self):
        ticket = self.ask("deactivation", date_received=self.ago(days=3))
        record = ticket.creditbox_milestone_ids
        with self.assertRaises(AccessError):
            record._correct(self.ago(days=4), "Letter of Monday")
        record = self.as_user(self.chief, record)
        with self.assertRaisesRegex(UserError, "why"):
            record._correct(self.ago(days=4), " ")
        record._correct(self.ago(days=4), "Letter of Monday")
        self.assertLess(ticket.date_received, self.ago(days=3))
        self.assertIn("Letter of Monday", ticket.message_ids[0].body)

    def test_another_procedure(self):
        ticket = self.ask("deactivation")
        ticket.description = "<p>Nobody came</p>"
        ticket.creditbox_procedure_id = self.procedure("complaint")
        self.assertEqual(ticket.creditbox_milestone_ids.code, "request")
        self.assertEqual(
            ticket.creditbox_milestone_ids.milestone_id.procedure_id,
            self.procedure("complaint"),
        )
        ticket._reach("admitted")
        with self.assertRaisesRegex(UserError, "already"):
            ticket.creditbox_procedure_id = self.procedure("request")

    def test_the_distributor_of_work(self):
        team = self.env["helpdesk.ticket.team"].create(
            {
                "name": "Contracts",
                "company_id": self.company.id,
                "user_ids": [(6, 0, (self.officer + self.clerk).ids)],
            }
        )
        self.env["creditbox.request.rule"].create(
            {
                "name": "Pisa",
                "company_id": self.company.id,
                "procedure_ids": [(6, 0, self.procedure("complaint").ids)],
                "area": "Lucca, 561",
                "team_id": team.id,
            }
        )
        tickets = [self.ask("complaint") for _i in range(2)]
        self.assertEqual({t.user_id for t in tickets}, {self.officer, self.clerk})
        self.assertEqual(tickets[0].team_id, team)
        self.assertFalse(self.ask("request").user_id)
        self.supply.zip = "00100"
        self.assertFalse(self.ask("complaint").user_id)

    def test_the_reader_looks_and_no_more(self):
        ticket = self.ask("deactivation")
        reader = self.make_user("reader")
        seen = self.as_user(reader, ticket)
        self.assertEqual(seen.creditbox_milestone_ids.code, "request")
        self.assertTrue(seen.creditbox_steps)
        for call in (
            lambda: seen._reach("admitted"),
            lambda: seen._wait("permit"),
            lambda: seen.write({"name": "X"}),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_an_email_to_the_team(self):
        """It waits to be classified; the terms run from when it was sent."""
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "Counter", "company_id": self.company.id}
        )
        sent = self.ago(days=1).replace(microsecond=0)
        ticket = self.env["helpdesk.ticket"].message_new(
            {
                "subject": "My bill",
                "from": "mario@example.com",
                "author_id": self.customer.id,
                "body": "<p>It is wrong</p>",
                "to": "counter@example.com",
                "date": sent,
            },
            {"team_id": team.id},
        )
        self.assertTrue(ticket.creditbox_code)
        self.assertEqual(ticket.name, "My bill")
        self.assertFalse(ticket.creditbox_milestone_ids)
        ticket = self.as_user(self.clerk, ticket)
        ticket.creditbox_procedure_id = self.procedure("complaint")
        self.assertEqual(ticket.creditbox_milestone_ids.date, sent)
        self.assertEqual(ticket.partner_id, self.customer)

    def test_through_the_distributor(self):
        gas = self.env.ref("creditbox_base.service_type_gas")
        supply = self.make_supply(
            self.customer, "12345678901234", service_type_id=gas.id
        )
        ticket = self.ask("technical_data", creditbox_supply_id=supply)
        self.assertEqual(ticket.creditbox_next_id.code, "forward")
        water = self.ask("technical_data")
        self.assertEqual(water.creditbox_next_id.code, "answer")
        ticket.creditbox_distributor = False
        self.assertEqual(ticket.creditbox_next_id.code, "answer")

    def test_many_requests_at_once(self):
        """Assigning and showing them takes as many queries for ten as for two."""
        values = {
            "creditbox_procedure_id": self.procedure("complaint").id,
            "partner_id": self.customer.id,
            "company_id": self.company.id,
            "creditbox_supply_id": self.supply.id,
        }
        tickets = self.env["helpdesk.ticket"].create([values] * 12)
        columns = ["creditbox_state", "creditbox_next_id", "creditbox_similar_ids"]

        def queries(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.read(columns)
            return self.env.cr.sql_log_count - before

        queries(tickets[:2])
        self.assertEqual(queries(tickets[:2]), queries(tickets[2:]))
