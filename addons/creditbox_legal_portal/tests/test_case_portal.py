from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.creditbox_legal.tests.common import NOW

from .common import LegalPortalCommon, receipt


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCasePortal(LegalPortalCommon):
    """What lawyers and agencies may do, through the methods of the pages."""

    # -- whose -------------------------------------------------------------------

    def test_each_its_own(self):
        case, _bill = self._case_of(self.agency)
        other, _bill = self._case_of(self.rival, number=2)
        waiting, _bill = self._hand_case("lawyer")
        self.assertEqual(self._own(self.agent), case)
        self.assertEqual(self._own(self.rival_user), other)
        for stranger in (self.advocate, self.debtor_user, self.agent_abroad):
            self.assertFalse(self._own(stranger), stranger.login)
        for user in (self.agent, self.debtor_user):
            for model in ("creditbox.case", "creditbox.case.declaration"):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])
        waiting._assign(self.lawyer)
        self.assertEqual(self._own(self.advocate), waiting)

    def test_no_longer_theirs(self):
        """Closed, recalled, refused, given to another, provider archived."""
        cases = [self._case_of(self.agency, number=n)[0] for n in range(1, 6)]
        closed, recalled, refused, moved, _left = cases
        closed._close("no_result", "Nothing found")
        recalled.sudo().date_recall = date(2026, 6, 29)
        self.Case._cron_recall()
        for case, provider in ((refused, None), (moved, self.rival)):
            case.sudo().state = "assigned"
            case.action_refuse()
            if provider:
                case._assign(provider)
        self.assertEqual(self._own(self.agent), cases[4])
        self.agency.active = False
        self.assertFalse(self._own(self.agent))

    def test_a_case_of_the_other_company(self):
        """A provider of the whole group, a user of one company only."""
        case, _bill = self._case_of(self.agency)
        self.assertFalse(self._own(self.agent_abroad, case))
        self.agent_abroad.company_ids += self.company
        self.assertEqual(self._own(self.agent_abroad, case), case)

    # -- acceptance ----------------------------------------------------------------

    def test_accepted(self):
        case, _bill = self._case_of(self.agency, accepted=False)
        own = self._own(self.agent, case)
        with self.assertRaisesRegex(UserError, "Accept the case first"):
            self._declare(self.agent, case)
        own._case_accept(self.agent)
        self.assertEqual(
            (case.state, case.date_accepted), ("accepted", date(2026, 6, 30))
        )
        self.assertIn("Accepted on the portal", case.message_ids[0].body)
        with self.assertRaises(UserError):
            own._case_accept(self.agent)

    def test_refused_with_a_reason(self):
        case, _bill = self._case_of(self.agency, accepted=False)
        own = self._own(self.agent, case)
        for nothing in (None, "", "  "):
            with self.assertRaisesRegex(UserError, "why you refuse"):
                own._case_refuse(nothing)
        own._case_refuse("Conflict of interest")
        self.assertEqual((case.state, case.provider_id.id), ("open", False))
        self.assertIn("Conflict", case.activity_ids.summary)
        self.assertEqual(case.activity_ids.user_id, case.user_id)
        self.assertFalse(self._own(self.agent, case))

    # -- activities ------------------------------------------------------------------

    def _activity(self, **values):
        return {
            "type_id": self.env.ref("creditbox_legal.activity_type_call").id,
            "date": date(2026, 6, 30),
            "note": "Spoken to his wife",
            "cost": 12.5,
            **values,
        }

    def test_activities(self):
        case, _bill = self._case_of(self.agency)
        own = self._own(self.agent, case)
        done = own._case_enter(self.agent, self._activity(), receipt("nota.pdf"))
        self.assertRecordValues(
            done,
            [
                {
                    "state": "done",
                    "cost": 12.5,
                    "provider_id": self.agency.id,
                    "hours": 0,
                }
            ],
        )
        self.assertEqual(case.amount_costs, 12.5)
        self.assertIn(done.attachment_ids, own._case_documents())
        planned = own._case_enter(self.agent, self._activity(date=date(2026, 7, 9)))
        self.assertEqual((planned.state, planned.user_id.id), ("planned", False))
        with freeze_time("2026-07-09 08:00:00"):
            own._case_done(planned.id, "Visited")
        self.assertEqual((planned.state, planned.result), ("done", "Visited"))
        with self.assertRaisesRegex(UserError, "already"):
            own._case_done(planned.id, "Again")

    def test_activities_that_are_not_taken(self):
        case, _bill = self._case_of(self.agency)
        own = self._own(self.agent, case)
        decree = self.env.ref("creditbox_legal.activity_type_decree")
        foreign = decree.copy({"company_id": self.company_b.id, "document": False})
        for wrong in (
            {"date": date(2026, 6, 29)},
            {"date": date(2036, 1, 1)},
            {"cost": -1},
            {"cost": 10**9},
            {"type_id": 0},
            {"type_id": foreign.id},
            {"type_id": decree.id},  # without its document
        ):
            with (
                self.subTest(**wrong),
                self.assertRaises(UserError),
                self.env.cr.savepoint(),
            ):
                own._case_enter(self.agent, self._activity(**wrong))
        self.assertFalse(case.activity_line_ids)

    def test_what_they_see_of_activities(self):
        case, _bill = self._case_of(self.agency)
        call = self.env.ref("creditbox_legal.activity_type_call").id
        ours, hidden, others = self.env["creditbox.case.activity"].create(
            [
                {"case_id": case.id, "type_id": call},
                {"case_id": case.id, "type_id": call, "shared": False},
                {"case_id": case.id, "type_id": call, "provider_id": self.rival.id},
            ]
        )
        shown = case.activity_line_ids._case_shown()
        self.assertEqual(shown, ours)
        own = self._own(self.agent, case)
        with self.assertRaisesRegex(UserError, "already"):
            own._case_done(ours.id, "The office's")
        self.assertEqual((hidden | others).mapped("state"), ["planned"] * 2)

    # -- messages --------------------------------------------------------------------

    def test_messages(self):
        case, _bill = self._case_of(self.agency)
        own = self._own(self.agent, case)
        with self.assertRaises(UserError):
            own._case_write(self.agent, " ")
        own._case_write(self.agent, "Where does he <b>live</b>?", receipt())
        case.message_post(
            body="In Pisa",
            partner_ids=self.agency.partner_id.ids,
            subtype_xmlid="mail.mt_comment",
        )
        case.message_post(body="A word among us", subtype_xmlid="mail.mt_comment")
        case.message_post(body="A note", subtype_xmlid="mail.mt_note")
        case.message_post(
            body="To another",
            partner_ids=self.rival.partner_id.ids,
            subtype_xmlid="mail.mt_comment",
        )
        messages = own._case_messages()
        bodies = " ".join(messages.mapped("body"))
        self.assertIn("In Pisa", bodies)
        self.assertIn("&lt;b&gt;", bodies)
        for secret in ("among us", "A note", "To another"):
            self.assertNotIn(secret, bodies)
        asked = messages.filtered(lambda m: m.author_id == self.agent.partner_id)
        self.assertEqual(asked[0].partner_ids, case.user_id.partner_id)
        self.assertIn(asked.attachment_ids, own._case_documents())
        self.assertNotIn(self.agency.partner_id, case.message_partner_ids)

    def test_the_office_writes_to_whoever_has_it(self):
        case, _bill = self._case_of(self.agency)
        suggested = case._message_add_suggested_recipients()[case.id]["partners"]
        self.assertIn(self.agency.partner_id, suggested)
        self.assertNotIn(case.partner_id, suggested)

    # -- documents -------------------------------------------------------------------

    def test_documents(self):
        case, bill = self._case_of(self.agency)
        own = self._own(self.agent, case)
        self.assertFalse(own._case_bill_file(case.line_ids.id))
        file = self.env["ir.attachment"].create(
            {
                "name": "bill.pdf",
                "raw": b"%PDF-1.4",
                "mimetype": "application/pdf",
                "res_model": "account.move",
                "res_id": bill.id,
            }
        )
        bill.message_main_attachment_id = file
        self.assertEqual(own._case_bill_file(case.line_ids.id), file)
        other, _bill = self._case_of(self.rival, number=2)
        self.assertFalse(own._case_bill_file(other.line_ids.id))
        self.assertEqual(own._case_bills(), [(own.line_ids, True)])
        self._pay(100, bill)
        self.assertEqual(case.line_ids.amount_residual, 0)
