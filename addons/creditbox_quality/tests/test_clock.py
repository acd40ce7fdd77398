from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .common import NOW, QualityCommon, day, rome


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestClock(QualityCommon):
    def test_started(self):
        clock = self.start("complaint_reply", "2026-03-02 10:00")
        self.assertEqual(clock.state, "running")
        self.assertEqual(clock.partner_id, self.customer)
        self.assertEqual(clock.customer_type_id, self.domestic)
        self.assertEqual(clock.limit_value, 30)
        # 30 working days from 3 March, over Easter Monday: 14 April
        self.assertEqual(clock.date_due, day("2026-04-14"))
        self.assertEqual(clock.late_at, rome("2026-04-15 00:00"))
        self.assertTrue(clock.reference.startswith("QC/2026/"))

    def test_once_for_each_record_and_standard(self):
        record = self.customer
        first = self.start("transfer", "2026-03-02 10:00", record=record)
        again = self.start("transfer", "2026-03-05 10:00", record=record)
        other = self.start("deactivation", "2026-03-05 10:00", record=record)
        self.assertEqual(first, again)
        self.assertEqual(again.start_at, rome("2026-03-02 10:00"))
        self.assertNotEqual(first, other)
        first._cancel(rome("2026-03-06 10:00"), "Withdrawn")
        new = self.start("transfer", "2026-03-09 10:00", record=record)
        self.assertNotEqual(first, new)

    def test_twice_at_once(self):
        performance = {
            "code": "transfer",
            "company": self.company,
            "moment": rome("2026-03-02 10:00"),
            "record": self.customer,
        }
        one, other = self.Clock._start_all([performance, dict(performance)])
        self.assertEqual(one, other)

    def test_what_nobody_measures(self):
        for code in ("remsi_early", "counter_wait_avg", "phone_AS", "no_such_code"):
            with self.subTest(code=code), self.assertRaises(UserError):
                self.start(code, "2026-03-02 10:00")

    def test_stopped_and_frozen(self):
        clock = self.run_to("transfer", "2026-03-02 10:00", "2026-03-09 16:00")
        self.assertEqual((clock.state, clock.outcome), ("stopped", "in"))
        self.assertEqual(clock.counted, 5)
        self.assertEqual(clock.date_stop, day("2026-03-09"))
        clock._stop(rome("2026-03-20 10:00"))
        clock._suspend(rome("2026-03-20 10:00"), "customer")
        clock._cancel(rome("2026-03-20 10:00"), "x")
        self.assertEqual((clock.state, clock.counted), ("stopped", 5))

    def test_day_of_the_company(self):
        clock = self.start("transfer", "2026-03-02 10:00")
        clock._stop(rome("2026-03-10 00:30"))
        self.assertEqual(clock.date_stop, day("2026-03-10"))
        self.assertEqual(clock.outcome, "out")

    def test_suspended_and_resumed(self):
        clock = self.start("quote_water_nosurvey", "2026-03-02 10:00")
        clock._suspend(rome("2026-03-05 10:00"), "customer", "Plan is missing")
        self.assertEqual((clock.state, clock.date_due), ("suspended", False))
        clock._suspend(rome("2026-03-06 10:00"), "weather")
        self.assertEqual(len(clock.suspension_ids), 1)
        clock._resume(rome("2026-03-10 10:00"))
        clock._resume(rome("2026-03-12 10:00"))
        self.assertEqual((clock.state, clock.date_due), ("running", day("2026-03-19")))
        clock._stop(rome("2026-03-16 10:00"))
        self.assertEqual((clock.counted, clock.counted_suspended), (7, 3))
        self.assertIn("day 7 of 10, 3 suspended", clock.explanation)
        said = " ".join(clock.message_ids.mapped("body"))
        self.assertIn("Plan is missing", said)

    def test_stopped_while_suspended(self):
        clock = self.start("transfer", "2026-03-02 10:00")
        clock._suspend(rome("2026-03-04 10:00"), "permit")
        clock._stop(rome("2026-03-20 10:00"))
        self.assertEqual((clock.counted, clock.outcome), (2, "in"))
        self.assertEqual(clock.suspension_ids.date_to, rome("2026-03-20 10:00"))

    def test_explained_in_the_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        clock = self.start("transfer", "2026-03-26 10:00")
        # now is Monday the 30th: the 27th and today
        in_english = clock.with_context(lang="en_US")
        self.assertEqual(in_english.explanation, "day 2 of 5, until 04/02/2026")
        in_italian = clock.with_context(lang="it_IT")
        in_italian.invalidate_recordset()
        self.assertIn("giorno 2 di 5", in_italian.explanation)

    def test_patron_saint_of_the_supply(self):
        # Milan keeps Saint Ambrose: Monday 7 December 2026
        here = self.start("transfer", "2026-12-04 10:00")
        elsewhere = self.start(
            "transfer",
            "2026-12-04 10:00",
            supply=self.make_supply(self.customer, "W2", city="Como"),
        )
        self.assertEqual(here.date_due, day("2026-12-15"))
        self.assertEqual(elsewhere.date_due, day("2026-12-14"))

    def test_new_patron_saint_counts_anew(self):
        clock = self.start("transfer", "2026-03-02 10:00")
        holiday = self.env["creditbox.local.holiday"].create(
            {"city": "milano", "day": 4, "month": 3, "company_id": self.company.id}
        )
        self.assertEqual(clock.date_due, day("2026-03-10"))
        holiday.day = 5
        self.assertEqual(clock.date_due, day("2026-03-10"))
        holiday.unlink()
        self.assertEqual(clock.date_due, day("2026-03-09"))

    def test_nothing_before_the_start(self):
        clock = self.start("transfer", "2026-03-02 10:00")
        with self.assertRaises(ValidationError):
            clock._stop(rome("2026-03-01 10:00"))
        clock._suspend(rome("2026-03-05 10:00"), "customer")
        with self.assertRaises(ValidationError):
            clock._resume(rome("2026-03-04 10:00"))

    def test_notice_of_a_cancelled_appointment(self):
        late = self.run_to("appt_cancel_notice", "2026-03-02 10:00", "2026-03-03 09:00")
        good = self.run_to("appt_cancel_notice", "2026-03-02 10:00", "2026-03-03 10:00")
        self.assertEqual((late.outcome, good.outcome), ("out", "in"))

    def test_handed_over(self):
        user = self.make_user("operator")
        clock = self.start("transfer", "2026-03-02 10:00")._hand_over(user, "Desk")
        self.assertEqual((clock.user_id, clock.team), (user, "Desk"))

    def test_register_is_kept(self):
        clock = self.start("transfer", "2026-03-02 10:00")
        with self.assertRaises(UserError):
            clock.unlink()


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestStandards(QualityCommon):
    def standard(self, code):
        return self.env["creditbox.quality.standard"].search([("code", "=", code)])

    def test_water_is_complete(self):
        water = self.env["creditbox.quality.standard"].search(
            [("authority", "=", "rqsii"), ("company_id", "=", False)]
        )
        kinds = water.grouped(lambda standard: standard.kind == "general")
        self.assertEqual((len(kinds[False]), len(kinds[True])), (29, 14))
        macros = water.grouped("macro")
        self.assertEqual(len(macros["mc1"]), 18)

    def test_charter_is_better(self):
        national = self.standard("transfer")
        own = national.copy({"company_id": self.company.id, "limit_value": 3})
        self.assertEqual(self.start("transfer", "2026-03-02 10:00").limit_value, 3)
        other = self.start(
            "transfer", "2026-03-02 10:00", company=self.company_b, supply=None
        )
        self.assertEqual(other.limit_value, 5)
        with self.assertRaises(ValidationError):
            national.copy({"company_id": self.company_b.id, "limit_value": 6})
        self.assertEqual(own.company_id, self.company)

    def test_versions(self):
        old = self.standard("transfer")
        old.date_to = "2026-03-31"
        new = old.copy({"date_from": "2026-04-01", "date_to": False, "limit_value": 4})
        before = self.start("transfer", "2026-03-31 10:00")
        after = self.start("transfer", "2026-04-01 10:00")
        self.assertEqual((before.standard_id, after.standard_id), (old, new))

    def test_measured_figures_stay(self):
        standard = self.standard("transfer")
        self.start("transfer", "2026-03-02 10:00")
        with self.assertRaises(UserError):
            standard.limit_value = 7
        standard.source = "Another text"

    def test_one_text_a_day(self):
        text = self.env.ref("creditbox_quality.regulation_rqsii")
        with self.assertRaises(ValidationError):
            text.copy({"date_from": "2026-01-01"})

    def test_late_hour_is_dated(self):
        text = self.env.ref("creditbox_quality.regulation_rqsii")
        text.date_to = "2026-03-31"
        text.copy({"date_from": "2026-04-01", "date_to": False, "late_hour": 0})
        march = self.start("transfer", "2026-03-31 19:00")
        april = self.start("transfer", "2026-04-01 19:00")
        self.assertEqual(march.date_due, day("2026-04-09"))
        self.assertEqual(april.date_due, day("2026-04-09"))


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestByHand(QualityCommon):
    """What operators do with windows, and what others may not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = cls.make_user("operator")
        cls.reader = cls.make_user("reader")
        cls.stranger = cls.make_user("administrator", cls.company_b)

    def test_an_operator_enters_a_performance(self):
        env = self.as_user(self.operator, self.Clock).env
        form = Form(env["creditbox.quality.start"])
        form.standard_id = self.env.ref("creditbox_quality.standard_transfer")
        form.partner_id = self.customer
        form.moment = rome("2026-03-02 10:00")
        action = form.save().action_confirm()
        clock = env["creditbox.quality.clock"].browse(action["res_id"])
        for kind, moment, options in (
            ("suspend", "2026-03-04 10:00", {"cause": "customer", "note": "Papers"}),
            ("resume", "2026-03-06 10:00", {}),
            ("stop", "2026-03-20 10:00", {}),
        ):
            step = Form(
                env["creditbox.quality.step"].with_context(
                    default_kind=kind, default_clock_ids=clock.ids
                )
            )
            step.moment = rome(moment)
            for name, value in options.items():
                setattr(step, name, value)
            step.save().action_confirm()
        # 3 and 4, then 9 to 13 and 16 to 20
        self.assertEqual((clock.counted, clock.counted_suspended), (12, 2))
        self.assertEqual(clock.level, 2)

    def test_not_in_the_future(self):
        clock = self.start("transfer", "2026-03-26 10:00")
        step = self.env["creditbox.quality.step"].create(
            {
                "kind": "stop",
                "clock_ids": clock.ids,
                "moment": rome("2026-04-01 10:00"),
            }
        )
        with self.assertRaises(UserError):
            step.action_confirm()

    def test_supervisors_correct(self):
        clock = self.run_to("transfer", "2026-03-02 10:00", "2026-03-20 10:00")
        step = {
            "kind": "correct",
            "clock_ids": clock.ids,
            "stop_at": rome("2026-03-05 10:00"),
            "note": "Typing error",
        }
        steps = self.env["creditbox.quality.step"]
        with self.assertRaises(AccessError):
            self.as_user(self.operator, steps).create(step).action_confirm()
        supervisor = self.make_user("supervisor")
        self.as_user(supervisor, steps).create(step).action_confirm()
        self.assertEqual(clock.outcome, "in")

    def test_a_reader_reads(self):
        clock = self.start("transfer", "2026-03-02 10:00")
        seen = self.as_user(self.reader, clock)
        self.assertIn("of 5", seen.explanation)
        with self.assertRaises(AccessError):
            seen.action_step()
        with self.assertRaises(AccessError):
            seen.write({"stop_at": rome("2026-03-03 10:00")})

    def test_nobody_writes_the_register(self):
        clock = self.start("transfer", "2026-03-02 10:00")
        administrator = self.make_user("administrator")
        with self.assertRaises(AccessError):
            self.as_user(administrator, clock).write({"counted": 1})

    def test_other_company_sees_nothing(self):
        clock = self.run_to("transfer", "2026-03-02 10:00", "2026-03-20 10:00")
        self.assertTrue(clock.indemnity_ids)
        for model in (
            "creditbox.quality.clock",
            "creditbox.indemnity",
            "creditbox.quality.exposure",
            "creditbox.quality.forecast",
        ):
            with self.subTest(model=model):
                seen = self.as_user(self.stranger, self.env[model])
                self.assertFalse(seen.search([]))
        with self.assertRaises(AccessError):
            self.as_user(self.stranger, clock).action_step()
        with self.assertRaises(AccessError):
            self.as_user(self.stranger, clock.indemnity_ids).action_credit_note()


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestQueries(QualityCommon):
    def _count(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def _performances(self, number):
        return [
            {
                "code": "transfer",
                "company": self.company,
                "moment": rome("2026-03-02 10:00"),
                "partner": self.make_customer(f"Customer {number} {n}"),
            }
            for n in range(number)
        ]

    def test_in_sets(self):
        """As many queries for forty as for ten."""
        counts = [self._steps(number) for number in (10, 10, 40)]
        self.assertEqual(counts[1], counts[2])

    def _steps(self, number):
        """:return: list of the queries of each step"""
        performances, moment = self._performances(number), rome("2026-03-20 10:00")
        clocks = self.Clock
        queries = []

        def measured(work):
            queries.append(self._count(work))

        def start():
            nonlocal clocks
            clocks = self.Clock._start_all(performances)

        measured(start)
        measured(lambda: clocks.mapped("explanation"))
        measured(lambda: clocks._suspend(rome("2026-03-03 10:00"), "permit"))
        measured(lambda: clocks._resume(rome("2026-03-04 10:00")))
        measured(lambda: clocks._note_breaches(moment))
        measured(lambda: clocks._stop(moment))
        self.assertEqual(len(clocks.indemnity_ids), number)
        return queries
