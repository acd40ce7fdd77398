from datetime import timedelta

from odoo.tests import freeze_time, tagged

from odoo.addons.creditbox_dunning.tests.common import TODAY

from .common import PlanCommon


@tagged("post_install", "-at_install")
class TestOffer(PlanCommon):
    """The code «plan» of the action table: an offer, and back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._table(
            cls.company,
            [
                {"step": 1, "wait_before": 10, "wait_after": 5, "code": "plan"},
                {"step": 2, "wait_before": 0, "wait_after": 30},
            ],
        )

    def _offer(self):
        action = self._execute()
        if action.mail_ids:
            action.mail_ids._creditbox_record()
        return action, action.plan_ids

    def test_by_email(self):
        action, plan = self._offer()
        self.assertEqual((action.state, action.code), ("done", "plan"))
        self.assertEqual((plan.state, plan.origin), ("proposed", "table"))
        mail = action.mail_ids
        self.assertIn(plan.name, mail.subject)
        self.assertIn("13.34", mail.body_html)
        self.assertEqual(mail.attachment_ids.mimetype, "application/pdf")
        self.assertEqual(self._item(self.older).step, 1)
        self.assertEqual(self._item(self.older).exclusion, "plan")

    def test_by_letter(self):
        self.customer.email = False
        action, plan = self._offer()
        self.assertEqual(action.state, "done")
        self.assertTrue(action.letter_lot_id)
        self.assertEqual(plan.state, "proposed")

    def test_refused_or_expired_goes_on(self):
        for end in ("refuse", "expire"):
            with self.subTest(end=end), self.cr.savepoint() as savepoint:
                _action, plan = self._offer()
                day = TODAY + timedelta(days=21)
                with freeze_time(day):
                    self.assertFalse(self._run(day).action_ids)
                    if end == "refuse":
                        plan.action_refuse()
                    else:
                        self.env["creditbox.plan"]._expired(self.company)._expire()
                    self.assertEqual(self._run(day).action_ids.mapped("step"), [2])
                savepoint.rollback()
                self.env.invalidate_all()

    def test_accepted(self):
        _action, plan = self._offer()
        plan.with_user(self.operator).action_accept()
        self.assertEqual(plan.state, "live")

    def test_recalled_before_it_leaves(self):
        action = self._execute()
        action.action_cancel()
        self.assertEqual(action.plan_ids.state, "cancelled")

    def test_paid_before_it_leaves(self):
        action = self._execute()
        self._pay(100, self.older)
        self.assertEqual(action.state, "sending")
        mail = action.mail_ids
        channel = self.env["creditbox.channel.plan"]
        self.assertEqual(channel._outdated(mail), mail)
        channel._refresh(mail)
        self.assertEqual(action.plan_ids.amount, 60.01)

    def test_no_plan_for_who_broke_one(self):
        self._live().action_break()
        action = self._execute()
        self.assertEqual((action.state, action.exception), ("planned", "plan_refused"))

    def test_undo(self):
        action, plan = self._offer()
        action._undo("Mistake")
        self.assertEqual(plan.state, "cancelled")
        self.assertEqual(self._item(self.older).step, 0)

    def test_reminders(self):
        plan = self._live()
        lines = self.env["creditbox.plan.line"]
        due = plan.line_ids[0].date_due
        with freeze_time(due - timedelta(days=7)):
            found = lines._to_remind(self.company)
            self.assertEqual(found, plan.line_ids[0])
            found._remind()
            self.assertFalse(lines._to_remind(self.company))
        with freeze_time(due + timedelta(days=3)):
            found = lines._to_remind(self.company)
            self.assertEqual(found, plan.line_ids[0])
            found._remind()
            self.assertFalse(lines._to_remind(self.company))
        mails = self.env["mail.mail"].search(
            [("model", "=", "creditbox.plan"), ("res_id", "=", plan.id)]
        )
        self.assertEqual(len(mails), 2)
        self.assertIn(plan.line_ids[0].payment_code, mails[0].body_html)
