from datetime import datetime

from odoo.tests import freeze_time, tagged

from odoo.addons.creditbox_frontoffice.tests.common import FrontofficeCommon

# a Tuesday; nothing near it is a holiday in Pisa
NOW = "2026-03-10 09:00:00"


def at(text):
    """:return: naive UTC moment in March 2026, "day hour:minute" of UTC"""
    return datetime.strptime(f"2026-03-{text}", "%Y-%m-%d %H:%M")


@tagged("creditbox", "post_install", "-at_install")
@freeze_time(NOW)
class TestMeasure(FrontofficeCommon):
    """The terms of a request, from its milestones."""

    def terms(self, ticket):
        """:return: {code: state} of what is measured for a request"""
        ticket.invalidate_recordset(["creditbox_clock_ids"])
        return {clock.code: clock.state for clock in ticket.creditbox_clock_ids}

    def clock(self, ticket, code):
        ticket.invalidate_recordset(["creditbox_clock_ids"])
        return ticket.creditbox_clock_ids.filtered(lambda clock: clock.code == code)

    def test_a_complaint_runs_from_the_day_it_came_in(self):
        ticket = self.ask("complaint", date_received=at("02 08:00"))
        clock = self.clock(ticket, "complaint_reply")
        self.assertEqual(clock.start_at, at("02 08:00"))
        self.assertEqual(clock.reference, ticket.creditbox_code)
        self.assertEqual(
            (clock.partner_id, clock.supply_id), (self.customer, self.supply)
        )
        # 30 working days from Monday 2 March; Easter Monday 6 April is none
        self.assertEqual(str(clock.date_due), "2026-04-14")
        self.step(ticket)
        self.assertEqual(clock.state, "running")
        self.step(
            ticket,
            part_complaint="The bill",
            part_checks="The meter",
            part_conclusions="Right",
        )
        self.assertEqual((clock.state, clock.outcome), ("stopped", "in"))

    def test_an_answer_too_late_is_an_indemnity(self):
        ticket = self.ask("complaint", date_received=datetime(2026, 1, 7, 8))
        self.step(ticket)
        self.step(
            ticket,
            part_complaint="The bill",
            part_checks="The meter",
            part_conclusions="Right",
        )
        clock = self.clock(ticket, "complaint_reply")
        self.assertEqual((clock.outcome, clock.cause), ("out", "operator"))
        indemnity = clock.sudo().indemnity_ids
        self.assertEqual((indemnity.amount, indemnity.partner_id), (30, self.customer))

    def test_a_survey_after_all(self):
        ticket = self.ask("quote_new", date_received=at("09 08:00"))
        self.assertEqual(self.terms(ticket), {"quote_water_nosurvey": "running"})
        self.as_user(self.officer, ticket).creditbox_survey = True
        self.assertEqual(
            self.terms(ticket),
            {"quote_water_nosurvey": "cancelled", "quote_water_survey": "running"},
        )
        clock = self.clock(ticket, "quote_water_survey")
        self.assertEqual(clock.start_at, at("09 08:00"))
        self.as_user(self.officer, ticket).creditbox_network = "sewer"
        self.assertEqual(self.clock(ticket, "quote_sewer_survey").state, "running")

    def test_waits_stand_still_for_what_starts_later_too(self):
        ticket = self.ask("quote_new", date_received=at("02 08:00"))
        ticket._wait("customer", at("04 08:00"), "Plan of the house")
        clock = self.clock(ticket, "quote_water_nosurvey")
        self.assertEqual(clock.state, "suspended")
        ticket._resume(at("06 08:00"))
        self.assertEqual(clock.state, "running")
        due = clock.date_due
        self.as_user(self.officer, ticket).creditbox_survey = True
        other = self.clock(ticket, "quote_water_survey")
        self.assertEqual(other.suspension_ids.mapped("cause"), ["customer"])
        self.assertGreater(other.date_due, due)

    def test_withdrawn_and_not_admissible(self):
        for end, state in (("_withdraw", "withdrawn"), ("_refuse", "refused")):
            ticket = self.ask("deactivation", date_received=at("09 08:00"))
            getattr(ticket, end)(reason="Has changed his mind")
            with self.subTest(state=state):
                self.assertEqual(ticket.creditbox_state, state)
                self.assertEqual(self.terms(ticket), {"deactivation": "cancelled"})

    def test_a_reminder_is_not_measured(self):
        first = self.ask("complaint", date_received=at("02 08:00"))
        again = self.ask("complaint", date_received=at("09 08:00"))
        again.action_is_reminder()
        self.assertEqual(self.terms(first), {"complaint_reply": "running"})
        self.assertEqual(self.terms(again), {"complaint_reply": "cancelled"})

    def test_a_corrected_date_counts_anew(self):
        ticket = self.ask("transfer", date_received=at("02 08:00"))
        self.step(ticket)
        self.step(ticket)
        clock = self.clock(ticket, "transfer")
        self.assertEqual((clock.state, clock.outcome), ("stopped", "out"))
        self.assertTrue(clock.sudo().indemnity_ids)
        execution = ticket.creditbox_milestone_ids.filtered(
            lambda record: record.code == "execution"
        )
        self.as_user(self.chief, execution)._correct(at("09 08:00"), "Typing error")
        self.assertEqual((clock.outcome, clock.counted), ("in", 5))
        self.assertEqual(clock.sudo().indemnity_ids.state, "excluded")

    def test_a_corrected_receipt_is_not_late_any_more(self):
        ticket = self.ask("transfer", date_received=at("02 08:00"))
        clock = self.clock(ticket, "transfer").sudo()
        clock._note_breaches(at("10 09:00"))
        self.assertEqual((clock.level, clock.indemnity_ids.state), (1, "growing"))
        request = ticket.creditbox_milestone_ids
        self.as_user(self.chief, request)._correct(at("06 08:00"), "Typing error")
        self.assertEqual(
            (clock.state, clock.level, clock.outcome), ("running", 0, False)
        )
        self.assertEqual(clock.indemnity_ids.state, "excluded")

    def test_no_standard_no_clock(self):
        gas = self.env.ref("creditbox_base.service_type_gas")
        supply = self.make_supply(
            self.customer, "G1", service_type_id=gas.id, date_start="2020-01-01"
        )
        ticket = self.ask("deactivation", creditbox_supply_id=supply)
        self.assertEqual(self.terms(ticket), {})

    def test_each_service_by_its_own_standard(self):
        """Of gas and electricity the same text: once is enough."""
        light = self.env.ref("creditbox_base.service_type_electricity")
        supply = self.make_supply(
            self.customer, "E1", service_type_id=light.id, date_start="2020-01-01"
        )
        ticket = self.ask("complaint", creditbox_supply_id=supply)
        self.step(ticket)
        self.assertEqual(self.terms(ticket), {"tiqv_complaint_reply": "running"})
        self.assertEqual(len(ticket.creditbox_clock_ids), 1)
        self.assertFalse(ticket.creditbox_clock_ids.team)

    def test_a_customer_who_is_found_later_is_owed_the_indemnity(self):
        ticket = self.ask("complaint", date_received=datetime(2026, 1, 7, 8))
        nobody = {"partner_id": False, "creditbox_supply_id": False}
        self.as_user(self.officer, ticket).write(nobody)
        clock = self.clock(ticket, "complaint_reply").sudo()
        self.assertFalse(clock.partner_id or clock.supply_id)
        self.as_user(self.officer, ticket).creditbox_supply_id = self.supply
        self.assertEqual(
            (clock.partner_id, clock.supply_id), (self.customer, self.supply)
        )
        self.assertEqual(clock.indemnity_ids.partner_id, self.customer)

    def test_who_works_on_it_holds_the_clock(self):
        ticket = self.ask("complaint", date_received=at("09 08:00"))
        ticket.sudo().user_id = self.officer
        self.assertEqual(self.clock(ticket, "complaint_reply").user_id, self.officer)

    def test_the_other_company_sees_nothing(self):
        ticket = self.ask("complaint", date_received=at("09 08:00"))
        clock = self.clock(ticket, "complaint_reply")
        stranger = self.make_clerk("manager", self.company_b)
        found = self.as_user(stranger, clock).search([("code", "=", "complaint_reply")])
        self.assertFalse(found)
