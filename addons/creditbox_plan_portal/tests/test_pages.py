from odoo.http import Request
from odoo.tests import HttpCase, tagged

from odoo.addons.creditbox_portal.tests.common import PortalCommon


@tagged("post_install", "-at_install")
class TestPlanPages(PortalCommon, HttpCase):
    """Rossi asks, accepts and sees; Bianchi sees nothing of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill = cls._bill_now(100, 5)
        cls.position = cls.env["creditbox.position"].search(
            [("supply_id", "=", cls.supply.id)]
        )

    def _get(self, path, user="rossi"):
        self.authenticate(user, user)
        return self.url_open(path, allow_redirects=False)

    def _post(self, path, user="rossi", **data):
        self.authenticate(user, user)
        data = {"csrf_token": Request.csrf_token(self), **data}
        return self.url_open(path, data=data, allow_redirects=False)

    def _ask(self, **data):
        data = {"position_id": self.position.id, "count": 12, **data}
        return self._post("/my/plans/ask", **data)

    def _plan(self):
        return self.env["creditbox.plan"].search(
            [("position_id", "=", self.position.id)]
        )

    def test_asked_and_waiting(self):
        self.assertIn("Ask to pay", self._get("/my/plans").text)
        answer = self._ask(note="Solo dal mese prossimo")
        plan = self._plan()
        self.assertEqual(
            answer.headers["Location"].split("/my/")[1], f"plans/{plan.id}"
        )
        self.assertEqual((plan.state, plan.origin), ("to_approve", "portal"))
        self.assertTrue(plan.activity_ids)
        self.assertIn("looking at your request", self._get(f"/my/plans/{plan.id}").text)
        self.assertNotIn("Ask to pay", self._get("/my/plans").text)

    def test_granted_at_once_and_accepted(self):
        self.company.creditbox_plan_small_amount = 500
        self._ask()
        plan = self._plan()
        self.assertEqual(plan.state, "proposed")
        page = f"/my/plans/{plan.id}"
        self.assertIn("Tick the box", self._post(f"{page}/accept").text)
        for _click in range(2):
            self._post(f"{page}/accept", agreed=1)
        plan.invalidate_recordset()
        self.assertEqual(plan.state, "live")
        self.assertEqual(len(plan.line_ids.move_id), 12)
        text = self._get(page).text
        self.assertIn(plan.line_ids[0].payment_code, text)
        pdf = self._get(f"{page}/agreement")
        self.assertEqual(pdf.headers["Content-Type"], "application/pdf")
        self.assertTrue(pdf.content.startswith(b"%PDF"))

    def test_what_is_refused(self):
        cases = [
            # what is sent, words of the answer
            ({"count": 3}, "12 months at least"),
            ({"count": 99}, "Choose one"),
            ({"count": "x"}, "Choose one"),
        ]
        for data, words in cases:
            with self.subTest(data=data):
                self.assertIn(words, self._ask(**data).text)
                self.assertFalse(self._plan())

    def test_the_neighbour(self):
        self.assertEqual(self._ask(user="bianchi").status_code, 404)
        self._ask()
        plan = self._plan()
        page = f"/my/plans/{plan.id}"
        self.assertEqual(self._get(page, "bianchi").status_code, 404)
        self.assertEqual(self._get(f"{page}/agreement", "bianchi").status_code, 404)
        answer = self._post(f"{page}/accept", user="bianchi", agreed=1)
        self.assertEqual(answer.status_code, 404)
        self.assertNotIn(plan.name, self._get("/my/plans", "bianchi").text)
