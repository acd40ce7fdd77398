from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.creditbox_dunning.tests.common import DunningCommon


@tagged("post_install", "-at_install")
class TestExposure(DunningCommon):
    """What is about to be lost: of the companies ticked, each figure to its records."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader = cls._user("reader")
        cls.other = cls.setup_other_company()["company"]
        cls.today = cls.company._creditbox_today()
        # water expires two years after it fell due
        for days, amount in ((-5, 70), (20, 100), (45, 30), (170, 1000)):
            due = cls.today + timedelta(days=days)
            cls._bill(amount, due.replace(year=due.year - 2))
        cls.env["creditbox.prescription"]._refresh(cls.company)

    def _console(self, user):
        return self.env["creditbox.console"].with_user(user).with_context(
            allowed_company_ids=user.company_id.ids
        )  # fmt: skip

    def test_figures_lead_to_their_bills(self):
        console = self._console(self.reader)
        [card] = console.exposures()
        found = {f["detail"]: (f["count"], f["amount"]) for f in card["figures"]}
        self.assertEqual(found, {0: (1, 70), 30: (1, 100), 60: (2, 130), 90: (2, 130)})
        for days, (count, _amount) in found.items():
            action = console.open_exposure(card["code"], days)
            model = self.env[action["res_model"]].with_user(self.reader)
            self.assertEqual(model.search_count(action["domain"]), count)

    def test_nobody_elses(self):
        stranger = self._user("reader", self.other)
        self.assertEqual(self._console(stranger).exposures(), [])

    def test_no_such_figure(self):
        console = self._console(self.reader)
        for code, detail in (("prescription", 31), ("nonsense", 0), ("_x", 0)):
            with self.subTest(code=code), self.assertRaises(UserError):
                console.open_exposure(code, detail)

    def test_queries_do_not_grow(self):
        console = self._console(self.reader)
        console.exposures()
        with self.assertQueryCount(6):
            console.exposures()
