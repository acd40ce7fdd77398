from datetime import date, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.creditbox_dunning.tests.common import TODAY

from .common import InsuranceCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestPolicy(InsuranceCommon):
    def _remind(self):
        with self.enter_registry_test_mode():
            self.env.ref("creditbox_insurance.ir_cron_remind").method_direct_trigger()
        self.env.invalidate_all()
        return self.policy.activity_ids

    def test_form_of_a_manager(self):
        form = Form(self.env["creditbox.policy"].with_user(self._user("manager")))
        form.name = "P-2"
        form.provider_id = self.insurer
        form.date_from = TODAY
        form.max_payment_days, form.declare_days = 60, 30
        form.waiting_days, form.insured_percent = 180, 85
        policy = form.save()
        self.assertEqual(policy.display_name, "Assicura Crediti – P-2")
        self.assertFalse(policy.due_count)

    def test_an_operator_changes_nothing(self):
        with self.assertRaises(AccessError):
            self.policy.with_user(self._user("operator")).declare_days = 1

    def test_terms_do_not_overlap(self):
        with self.assertRaises(ValidationError):
            self._policy(date_from=TODAY)
        self.policy.date_to = TODAY - timedelta(days=1)
        self._policy(date_from=TODAY)

    def test_only_an_insurer(self):
        agency = self.insurer.copy({"kind": "agency"})
        with self.assertRaises(ValidationError):
            self._policy(name="P-3", provider_id=agency.id)

    def test_impossible_terms(self):
        for values in (
            {"declare_days": -1},
            {"insured_percent": 0},
            {"insured_percent": 101},
            {"deductible": -1},
            {"date_to": date(2019, 1, 1)},
        ):
            with (
                self.subTest(values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self._policy(name="P-4", **values)
                self.env.flush_all()

    def test_cover_finds_its_policy(self):
        self.assertEqual(self.cover.policy_id, self.policy)
        self.cover.policy = "unknown"
        self.assertFalse(self.cover.policy_id)

    def test_reminded_before_the_term(self):
        self._bill(100, 49)  # 11 days left
        self.assertFalse(self._remind())
        self._bill(200, 50)
        self._bill(300, 51)
        activity = self._remind()
        self.assertEqual(activity.date_deadline, TODAY + timedelta(days=9))
        self.assertIn("2 bills", activity.summary)
        self.assertEqual(activity.user_id, self.policy.user_id)

    def test_reminded_once_and_no_longer(self):
        bill = self._bill(200, 50)
        activity = self._remind()
        self.assertEqual(self._remind(), activity)
        self._pay(200, bill)
        self.assertFalse(self._remind())

    def test_reminded_of_claims(self):
        self._declared(self._bill(200, 50))
        self.assertFalse(self._remind())
        with freeze_time(TODAY + timedelta(days=30)):
            self.assertIn("may be claimed", self._remind().summary)
