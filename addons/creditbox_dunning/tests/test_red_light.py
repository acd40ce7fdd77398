from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import TODAY, DunningCommon

LATE = "Gestionale: nothing good since yesterday"


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestRedLight(DunningCommon):
    """While the payments are late, or do not square, nothing leaves.

    The billing systems are those of an addon that dunning does not know: its hook is
    answered here. The acquisition's own tests say when it reports what.
    """

    def setUp(self):
        super().setUp()
        self.problems = [LATE]
        hook = "odoo.addons.creditbox_base.models.res_company.ResCompany"
        own = self.company

        def answer(company):
            return list(self.problems) if company == own else []

        self.startPatcher(patch(f"{hook}._creditbox_feed_problems", answer))

    def _approved(self):
        self._bill(100, due=15)
        run = self._run()
        run.action_approve()
        return run

    def _override(self, **values):
        return self.env["creditbox.feed.override"].create(
            {"company_id": self.company.id, "reason": "Checked by phone", **values}
        )

    def test_run_is_not_executed_and_says_why(self):
        run = self._approved()
        self.assertEqual(run.red_light, LATE)
        with self.assertRaisesRegex(UserError, LATE):
            run.action_execute()
        self.assertEqual(run.state, "approved")

    def test_run_that_is_under_way_waits_and_goes_on(self):
        self.problems = []
        run = self._approved()
        run.action_execute()
        self.problems = [LATE]
        run._execute_next()
        self.assertEqual(run.action_ids.state, "ready")
        self.problems = []
        run._execute_next()
        self.assertEqual(run.action_ids.state, "sending")

    def test_message_in_the_queue_waits_too(self):
        self.problems = []
        run = self._approved()
        run.action_execute()
        run._execute_next()
        mail = run.action_ids.mail_ids
        mails = self.env["mail.mail"]
        self.assertIn(mail, mails.search(mails._creditbox_domain_green()))
        self.problems = [LATE]
        self.assertNotIn(mail, mails.search(mails._creditbox_domain_green()))
        mail.send()
        self.assertEqual(mail.state, "outgoing")
        self.assertFalse(self._marks(mail))

    def test_manager_overrides_with_a_reason_and_for_a_time(self):
        run = self._approved()
        manager = self._user("manager")
        override = self._override().with_user(manager)
        override = (
            self.env["creditbox.feed.override"]
            .with_user(manager)
            .create({"company_id": self.company.id, "reason": "Bank confirmed"})
        )
        self.assertEqual(override.problems, LATE)
        self.assertEqual(override.user_id, manager)
        run.action_execute()
        run._execute_next()
        self.assertEqual(run.action_ids.state, "sending")
        with freeze_time(TODAY + timedelta(days=1)):
            self.assertTrue(self.company._creditbox_red_light())
        self.assertFalse(self.company._creditbox_red_light())
        self.env["creditbox.feed.override"].search([]).with_user(manager).action_end()
        with freeze_time(fields.Datetime.now() + timedelta(minutes=1)):
            self.assertTrue(self.company._creditbox_red_light())

    def test_runs_that_waited_say_who_let_them_go(self):
        self.problems = []
        run = self._approved()
        run.action_execute()
        self.problems = [LATE]
        self._override()
        self.assertIn("Checked by phone", run.message_ids[:1].body)

    def test_nobody_else_and_nothing_without_end(self):
        for role in ("operator", "supervisor"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.env["creditbox.feed.override"].with_user(self._user(role)).create(
                    {"company_id": self.company.id, "reason": "Hurry"}
                )
        with self.assertRaises(ValidationError):
            self._override(date_to=fields.Datetime.now() + timedelta(days=8))
        override = self._override()
        with self.assertRaises(AccessError):
            override.reason = "Another"
        self.problems = []
        with self.assertRaisesRegex(UserError, "nothing is held"):
            self._override()

    def test_other_companies_are_not_held(self):
        other = self.setup_other_company()["company"]
        self.assertFalse(other._creditbox_red_light())
        self._override()
        found = self.env["creditbox.feed.override"].with_user(
            self._user("manager", other)
        )
        self.assertFalse(found.search([]))
