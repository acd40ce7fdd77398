import base64
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import NOW, LegalCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCaseWork(LegalCommon):
    def _term(self, case, code, day):
        rule = self.env["creditbox.term.rule"]._of_code(code, self.company, day)
        return self.env["creditbox.case.term"].create(
            {"case_id": case.id, "rule_id": rule.id, "date_event": day}
        )

    def test_terms_of_the_law_in_the_data(self):
        case, _bill = self._hand_case()
        for code, event, due in (
            ("di_notify", date(2026, 1, 15), date(2026, 3, 16)),
            ("di_opposition", date(2026, 7, 10), date(2026, 9, 21)),
            ("precetto", date(2026, 12, 16), date(2026, 12, 28)),
            ("precetto_expiry", date(2026, 6, 15), date(2026, 9, 14)),
            ("insolvency_claim", date(2026, 10, 1), date(2026, 9, 1)),
            ("insolvency_late", date(2026, 2, 15), date(2026, 9, 15)),
        ):
            with self.subTest(code=code):
                self.assertEqual(self._term(case, code, event).date_due, due)

    def test_whoever_does_it_can_read_what(self):
        """Whoever plans it, and whichever language the system computes in."""
        case, _bill = self._hand_case()
        self.env["res.lang"]._activate_lang("it_IT")
        kind = self.env.ref("creditbox_legal.activity_type_call")
        kind.with_context(lang="it_IT").name = "Telefonata"
        italian = self._user("operator")
        italian.lang = "it_IT"
        activity = self.env["creditbox.case.activity"].create(
            {"case_id": case.id, "type_id": kind.id, "user_id": italian.id}
        )
        self.assertEqual(activity.name, "Telefonata")

    def test_the_alarm_comes_in_time_and_once(self):
        case, _bill = self._hand_case()
        term = self._term(case, "di_opposition", date(2026, 7, 10))
        self.assertFalse(case.activity_ids)
        self.assertIn("31", term.explanation)
        with freeze_time("2026-09-20 08:00:00"):
            self.env["creditbox.case.term"]._cron_alarms()
            self.env["creditbox.case.term"]._cron_alarms()
        self.assertEqual(len(case.activity_ids), 1)
        self.assertEqual(case.activity_ids.date_deadline, date(2026, 9, 21))
        self.assertEqual(case.activity_ids.user_id, case.user_id)
        term.action_met()
        self.assertEqual(term.state, "met")

    def test_done_starts_the_term_and_plans_the_next(self):
        case, _bill = self._hand_case()
        activity = self.env["creditbox.case.activity"].create(
            {
                "case_id": case.id,
                "type_id": self.env.ref("creditbox_legal.activity_type_decree").id,
                "date": date(2026, 6, 30),
            }
        )
        with self.assertRaisesRegex(UserError, "needs a document"):
            activity.action_done()
        activity.attachment_ids = [
            (0, 0, {"name": "decree.pdf", "datas": base64.b64encode(b"%PDF")})
        ]
        activity.action_done()
        self.assertEqual(case.term_ids.rule_id.code, "di_notify")
        # 31 days until Jul 31, 29 from Sep 1
        self.assertEqual(case.term_ids.date_due, date(2026, 9, 29))
        following = case.activity_line_ids - activity
        self.assertEqual(following.date, date(2026, 7, 10))
        case._close("no_result", "Enough")
        self.assertEqual(case.term_ids.state, "dropped")
        self.assertEqual(following.state, "dropped")

    def test_any_period(self):
        case, _bill = self._hand_case()
        for every, unit, following in (
            (10, "days", date(2026, 7, 10)),
            (2, "weeks", date(2026, 7, 14)),
            (1, "months", date(2026, 7, 30)),
            (1, "years", date(2027, 6, 30)),
        ):
            with self.subTest(every=every, unit=unit):
                plan = self.env["creditbox.case.plan"].create(
                    {
                        "case_ids": case.ids,
                        "type_id": self.env.ref(
                            "creditbox_legal.activity_type_call"
                        ).id,
                        "date": date(2026, 6, 30),
                        "every": every,
                        "every_unit": unit,
                    }
                )
                found = self.env["creditbox.case.activity"].search(
                    plan.action_plan()["domain"]
                )
                found.write({"result": "Spoken to"})
                found.action_done()
                found.action_done()  # pressed twice
                latest = case.activity_line_ids.sorted("id")[-1]
                self.assertEqual(latest.date, following)
                self.assertEqual((latest.state, latest.result), ("planned", False))

    def test_agenda_and_summary(self):
        case, _bill = self._hand_case()
        call = self.env.ref("creditbox_legal.activity_type_call")
        activity = self.env["creditbox.case.activity"].create(
            {"case_id": case.id, "type_id": call.id}
        )
        term = self._term(case, "di_opposition", date(2026, 7, 10))
        rows = self.env["creditbox.agenda"].search([("case_id", "=", case.id)])
        self.assertEqual(set(rows.mapped("kind")), {"activity", "term"})
        self.assertEqual(sum(rows.mapped("hours")), call.hours)
        url = activity.action_print_pdf()["url"]
        summary = self.env["creditbox.activity.summary"].browse(int(url.split("/")[4]))
        self.assertTrue(base64.b64decode(summary.pdf).startswith(b"%PDF"))
        self.assertTrue(base64.b64decode(summary.xlsx).startswith(b"PK"))
        rows.action_done()
        self.assertEqual((activity.state, term.state), ("done", "met"))

    def test_readers_only_read(self):
        case, _bill = self._hand_case()
        term = self._term(case, "di_opposition", date(2026, 7, 10))
        reader = self._user("reader")
        self.assertTrue(term.with_user(reader).name)
        with self.assertRaises(AccessError):
            term.with_user(reader).action_met()
        term.with_user(self._user("operator")).action_met()
