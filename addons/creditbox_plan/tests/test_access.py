from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PlanCommon


@tagged("post_install", "-at_install")
class TestPlanAccess(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.setup_other_company()["company"]
        cls.stranger = cls._user("manager", cls.other)
        cls.reader = cls._user("reader")
        cls.plan = cls._live()

    def test_reader_reads(self):
        plan = self.plan.with_user(self.reader)
        self.assertEqual(plan.line_ids[0].number, 1)
        self.assertEqual(len(plan.bill_ids), 2)
        for button in (
            "request",
            "approve",
            "accept",
            "refuse",
            "cancel",
            "pay_off",
            "break",
            "undo",
        ):
            with self.subTest(button=button), self.assertRaises(AccessError):
                getattr(plan, f"action_{button}")()
        with self.assertRaises(AccessError):
            plan.note = "x"

    def test_other_company_sees_nothing(self):
        for model in ("creditbox.plan", "creditbox.plan.line", "creditbox.plan.bill"):
            with self.subTest(model=model):
                self.assertFalse(self.env[model].with_user(self.stranger).search([]))
        plan = self.plan.with_user(self.stranger)
        for button in ("break", "print", "pay_off"):
            with self.subTest(button=button), self.assertRaises(AccessError):
                getattr(plan, f"action_{button}")()
        with self.assertRaises(AccessError):
            self._plan(self.position, user=self.stranger)
