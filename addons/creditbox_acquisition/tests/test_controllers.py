import io
import json
from datetime import datetime, timedelta

from openpyxl import load_workbook

from odoo.tests import HttpCase, new_test_user, tagged

from ..tools.headings import recognise
from ..tools.layouts import KINDS
from .common import AcquisitionCase


@tagged("post_install", "-at_install")
class TestControllers(HttpCase, AcquisitionCase):
    """The endpoint for batches, the templates, the file of the refused rows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = cls.make_key(cls.supervisor)

    @classmethod
    def make_key(cls, user):
        return (
            cls.env["res.users.apikeys"]
            .with_user(user)
            .sudo()
            ._generate(None, "test", datetime.now() + timedelta(days=1))
        )

    def push(self, key=None, **body):
        content = {
            "source": self.source.name,
            "kind": "customers",
            "batch": "1",
            "rows": [{"code": "C1", "name": "Rossi"}],
            **body,
        }
        return self.url_open(
            "/creditbox/acquisition/push",
            data=json.dumps(content),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {key or self.key}",
            },
        )

    def test_push(self):
        answer = self.push(rows=[{"code": "C1", "name": "Rossi"}, {"code": "C2"}])
        self.assertEqual(answer.status_code, 200, answer.text)
        content = answer.json()
        self.assertEqual((content["created"], content["refused"]), (1, 1))
        (problem,) = content["problems"]
        self.assertEqual(
            (problem["row"], problem["key"], problem["field"], problem["code"]),
            (3, "C2", "name", "required"),
        )

    def test_push_again(self):
        first = self.push().json()
        again = self.push().json()
        self.assertTrue(again.pop("repeated"))
        self.assertEqual(first, again)
        self.assertEqual(
            self.env["creditbox.acquisition"].search_count(
                [("source_id", "=", self.source.id)]
            ),
            1,
        )

    def test_push_bills_and_payments(self):
        self.push()
        bill = {
            "number": "A1",
            "customer_code": "C1",
            "issue_date": "2024-01-31",
            "due_date": "2024-02-28",
            "amount": 12.5,
        }
        control = {"count": 1, "sum": 12.5, "balance": 12.5}
        answer = self.push(kind="bills", batch="2", rows=[bill], control=control)
        self.assertEqual(answer.json()["control"], "match")
        for number, (control, state) in enumerate(
            (({}, "none"), ({"sum": 0}, "mismatch"), ({"sum": None}, "none")), start=30
        ):
            bill = {**bill, "number": f"Z{number}"}
            answer = self.push(
                kind="bills", batch=str(number), rows=[bill], control=control
            )
            self.assertEqual(answer.json()["control"], state)
        payment = {
            "code": "P1",
            "bill_number": ["A1"],
            "date": "2024-02-20",
            "amount": "12,50",
        }
        self.push(kind="payments", batch="3", rows=[payment])
        self.assertEqual(self.move("A1").payment_state, "paid")

    def test_push_refused(self):
        self.assertEqual(self.push(source="No Such").status_code, 404)
        self.assertEqual(self.push(kind="foo").status_code, 400)
        self.assertEqual(self.push(rows=[]).status_code, 400)
        self.assertEqual(self.push(rows=[{"code": {}}]).status_code, 400)
        self.assertEqual(self.push(key="wrong").status_code, 401)
        reader = new_test_user(
            self.env,
            "acq_push_reader",
            groups="creditbox_base.group_reader",
            company_id=self.company.id,
            company_ids=[self.company.id],
        )
        self.assertEqual(self.push(key=self.make_key(reader)).status_code, 403)

    def test_templates_in_italian(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.env["ir.module.module"]._load_module_terms(
            ["creditbox_acquisition"], ["it_IT"]
        )
        self.supervisor.lang = "it_IT"
        self.test_templates()

    def test_templates(self):
        self.authenticate("acq_supervisor", "acq_supervisor")
        for kind in KINDS:
            answer = self.url_open(f"/creditbox/acquisition/template/{kind}.xlsx")
            sheet = load_workbook(io.BytesIO(answer.content)).active
            headings = [cell.value for cell in sheet[1]]
            found = recognise([headings], sheet.title)
            self.assertEqual(found.kind, kind)
            self.assertEqual(len(found.columns), len(headings), headings)
        answer = self.url_open("/creditbox/acquisition/template/foo.xlsx")
        self.assertEqual(answer.status_code, 404)

    def test_refused_rows(self):
        self.supervisor.lang = "en_US"
        taken = self.acquire({"customers": [["C1", None, None, None]]})
        self.authenticate("acq_supervisor", "acq_supervisor")
        answer = self.url_open(f"/creditbox/acquisition/{taken.id}/refused.xlsx")
        sheet = load_workbook(io.BytesIO(answer.content)).active
        rows = list(sheet.iter_rows(values_only=True))
        self.assertEqual(rows[1][0], "C1")
        self.assertIn("missing", rows[1][-1])
