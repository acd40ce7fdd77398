"""From the request to the answer, its regulated term and the indemnity, in Chromium:
customer on the portal, back office, credit office."""

from datetime import timedelta
from unittest import SkipTest

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.creditbox_base.tests.browser import InChromium
from odoo.addons.creditbox_frontoffice.tests.common import FrontofficeCommon

REQUEST = "/odoo/creditbox-requests/{}"
PARTS = ("part_complaint", "part_checks", "part_conclusions")


@tagged("creditbox", "post_install", "-at_install")
class TestWalk(InChromium, FrontofficeCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not hasattr(cls.env["helpdesk.ticket"], "_ask_on_the_web"):
            raise SkipTest("The customers' area is an addon of its own")
        cls.compile_assets()
        cls.operator = cls.make_user("operator")
        # read while no page asks the server
        cls.complaint = str(cls.procedure("complaint").id)
        new_test_user(
            cls.env,
            login="rossi",
            groups="base.group_portal",
            partner_id=cls.customer.id,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    # -- what each does --------------------------------------------------------------

    def _step(self, page, state=None, **texts):
        """Do the next step of the request that is open."""
        self.press(page, "action_next_step")
        self._confirm(page, state, **texts)

    def _confirm(self, page, state=None, **texts):
        for name, text in texts.items():
            page.locator(f".modal [name={name}] textarea").fill(text)
        page.locator(".modal button[name=action_confirm]").click()
        page.locator(".modal").wait_for(state="detached")
        if state:
            self.shows(page, state)

    def _request(self, page, ticket):
        self.go(page, REQUEST.format(ticket.id), ".o_form_statusbar")

    def _term(self, ticket, code):
        """:return: (state, outcome) of a term, read anew"""
        with self.between_requests():
            clock = ticket.sudo().creditbox_clock_ids.filtered(
                lambda clock: clock.code == code
            )
            return clock.state, clock.outcome

    # -- the ways --------------------------------------------------------------------

    def test_a_complaint_that_lay_too_long(self):
        with self.people(
            customer={"login": "rossi", "width": 360, "height": 740},
            officer={"login": self.officer.login},
            office={"login": self.operator.login},
        ) as people:
            ticket = self._complains(people.customer)
            self._lies(ticket, days=80)
            self._answers(people.officer, ticket)
            self._is_paid(people.office, ticket)
            page = people.customer
            self.go(page, f"/my/requests/{ticket.id}", "a[href*='/answers/']")
            self.picture(page, "walk-complaint-4-answer")

    def _complains(self, page):
        self.go(page, "/my/requests/new", "#creditbox_procedure")
        page.select_option("#creditbox_procedure", self.complaint)
        page.select_option("#creditbox_supply", str(self.supply.id))
        page.fill("#creditbox_text", "The bill of May is twice that of April")
        self.picture(page, "walk-complaint-1-portal")
        page.locator("form[action='/my/requests/send'] button").click()
        page.wait_for_url("**/my/requests/*sent=1")
        with self.between_requests():
            ticket = self.env["helpdesk.ticket"].search([], order="id desc", limit=1)
            self.assertEqual(ticket.partner_id, self.customer)
        self.assertEqual(self._term(ticket, "complaint_reply"), ("running", False))
        return ticket

    def _lies(self, ticket, days):
        with self.between_requests():
            request = self.as_user(self.chief, ticket.creditbox_milestone_ids)
            moment = fields.Datetime.now() - timedelta(days=days)
            request._correct(moment, "It was in the wrong inbox")

    def _answers(self, page, ticket):
        self._request(page, ticket)
        self._step(page, "admitted")
        page.locator(".nav-link[name=clocks]").click()
        page.locator("[name=creditbox_clock_ids] .o_data_row").wait_for()
        self.picture(page, "walk-complaint-2-terms")
        self._step(page, "done", **dict.fromkeys(PARTS, "Read again: it is right"))
        self.assertEqual(self._term(ticket, "complaint_reply"), ("stopped", "out"))

    def _is_paid(self, page, ticket):
        with self.between_requests():
            indemnity = ticket.sudo().creditbox_clock_ids.indemnity_ids
            self.assertEqual(indemnity.state, "due")
        path = f"/odoo/creditbox-indemnities/{indemnity.id}"
        self.go(page, path, "button[name=action_credit_note]")
        self.press(page, "action_credit_note")
        page.locator("[name=invoice_line_ids]", has_text="ndemnity").wait_for()
        self.picture(page, "walk-complaint-3-credit-note")
        with self.between_requests():
            self.assertEqual(indemnity.state, "paid")
            self.assertEqual(indemnity.move_id.amount_total, indemnity.amount)

    def test_a_transfer_at_the_counter(self):
        ticket = self.ask("transfer")
        with self.chromium(self.officer.login) as page:
            self._request(page, ticket)
            self._step(page, "admitted")
            self._step(page, "done")
            self.picture(page, "walk-transfer")
        self.assertEqual(self.supply.partner_id, self.other)
        self.assertEqual(self._term(ticket, "transfer"), ("stopped", "in"))

    def test_a_quote_that_is_accepted(self):
        ticket = self.ask("quote_change")
        with self.chromium(self.officer.login) as page:
            self._request(page, ticket)
            self._step(page, "admitted")
            quote = self._quote(ticket)
            self.go(page, f"/odoo/creditbox-quotes/{quote.id}", ".o_form_statusbar")
            self.press(page, "action_send")
            self._confirm(page, "sent")
            self.picture(page, "walk-quote-1-sent")
            self.press(page, "action_accept")
            self._confirm(page, "accepted")
            self._request(page, ticket)
            self.assertEqual(
                self._term(ticket, "quote_works_nosurvey"), ("stopped", "in")
            )
            self.assertEqual(self._term(ticket, "works_simple"), ("running", False))
            self._step(page, "done")
            self.picture(page, "walk-quote-2-done")
        self.assertEqual(self._term(ticket, "works_simple"), ("stopped", "in"))

    def _quote(self, ticket):
        with self.between_requests():
            return self.as_user(self.officer, self.env["creditbox.quote"]).create(
                {
                    "ticket_id": ticket.id,
                    "complexity": "simple",
                    "line_ids": [
                        Command.create({"name": "Larger pipe", "price_unit": 150})
                    ],
                }
            )

    def test_a_reactivation_after_arrears(self):
        suspended = self.env.ref("creditbox_base.meter_state_suspended")
        self.meter.meter_state_id = suspended
        ticket = self.ask("reactivation")
        with self.chromium(self.officer.login) as page:
            self._request(page, ticket)
            self._step(page, "done")
        self.assertEqual(self.meter.meter_state_id.code, 1)
        self.assertEqual(self._term(ticket, "react_arrears"), ("stopped", "in"))
