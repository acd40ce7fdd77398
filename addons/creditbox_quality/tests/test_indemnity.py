from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .common import NOW, QualityCommon, day, rome

LATE_CASES = [  # done on, times, amount, outcome: transfer of 2 March, 5 working days
    ("2026-03-09 10:00", 0, 0, "in"),
    ("2026-03-10 10:00", 1, 30, "out"),
    ("2026-03-16 10:00", 1, 30, "out"),
    ("2026-03-17 10:00", 2, 60, "out"),
    ("2026-03-23 10:00", 2, 60, "out"),
    ("2026-03-24 10:00", 3, 90, "out"),
]


class IndemnityCommon(QualityCommon):
    def late(self, **options):
        return self.run_to(
            "transfer", "2026-03-02 10:00", "2026-03-11 10:00", **options
        )

    def breaches(self):
        domain = self.Clock._breached_domain(self.env.cr.now().replace(microsecond=0))
        return self.Clock.search(domain)


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestArising(IndemnityCommon):
    def test_by_the_delay(self):
        for done, times, amount, outcome in LATE_CASES:
            with self.subTest(done=done):
                clock = self.run_to(
                    "transfer",
                    "2026-03-02 10:00",
                    done,
                    supply=None,
                    partner=self.make_customer(f"Customer {done}"),
                )
                self.assertEqual((clock.level, clock.outcome), (times, outcome))
                self.assertEqual(sum(clock.indemnity_ids.mapped("amount")), amount)

    def test_fixed_and_general(self):
        band = self.run_to("appt_band", "2026-03-02 09:00", "2026-03-02 22:00")
        self.assertEqual(band.indemnity_ids.amount, 30)
        general = self.run_to("works_complex", "2026-01-02 09:00", "2026-03-20 09:00")
        self.assertEqual(general.outcome, "out")
        self.assertFalse(general.indemnity_ids)

    def test_arisen_and_to_be_paid_by(self):
        indemnity = self.late().indemnity_ids
        self.assertEqual(indemnity.date_arisen, day("2026-03-10"))
        self.assertEqual(indemnity.date_limit, day("2026-09-06"))
        self.assertEqual(indemnity.state, "due")
        self.assertEqual(indemnity.partner_id, self.customer)

    def test_grows_while_it_runs(self):
        clock = self.start("transfer", "2026-03-02 10:00")
        for now, level, amount in (
            ("2026-03-09 23:59", 0, 0),
            ("2026-03-10 00:00", 1, 30),
            ("2026-03-17 00:00", 2, 60),
            ("2026-03-24 00:00", 3, 90),
            ("2026-03-29 00:00", 3, 90),
        ):
            with self.subTest(now=now):
                moment = rome(now)
                self.Clock.search(self.Clock._breached_domain(moment))._note_breaches(
                    moment
                )
                self.assertEqual(clock.level, level)
                self.assertEqual(sum(clock.indemnity_ids.mapped("amount")), amount)
        self.assertEqual(clock.indemnity_ids.state, "growing")
        clock._stop(rome("2026-03-30 09:00"))
        self.assertEqual(clock.indemnity_ids.state, "due")

    def test_every_hour(self):
        clock = self.start("transfer", "2026-03-02 10:00")
        with self.enter_registry_test_mode():
            self.env.ref("creditbox_quality.ir_cron_breaches").method_direct_trigger()
        self.assertEqual(clock.indemnity_ids.amount, 90)
        self.assertEqual(clock.outcome, "out")

    def test_causes_of_others(self):
        for cause in ("fm", "user_third"):
            with self.subTest(cause=cause):
                clock = self.late()
                clock._set_cause(cause, "Flood")
                indemnity = clock.indemnity_ids
                self.assertEqual(indemnity.state, "excluded")
                self.assertEqual(indemnity.exclusion, cause)
                clock._set_cause("operator", "There was no flood")
                self.assertEqual(indemnity.state, "due")
                self.assertFalse(indemnity.exclusion)
                clock._set_cause(cause)

    def test_no_cause_of_what_was_in_time(self):
        clock = self.run_to("transfer", "2026-03-02 10:00", "2026-03-05 10:00")
        clock._set_cause("fm", "Flood")
        self.assertFalse(clock.cause)

    def test_cause_before_the_end(self):
        clock = self.start("transfer", "2026-03-02 10:00")
        clock._set_cause("fm", "Flood")
        clock._stop(rome("2026-03-20 10:00"))
        self.assertEqual((clock.outcome, clock.cause), ("out", "fm"))
        self.assertFalse(clock.indemnity_ids)

    def test_withdrawn(self):
        clock = self.start("transfer", "2026-03-02 10:00")
        clock._note_breaches(rome("2026-03-12 10:00"))
        clock._cancel(rome("2026-03-12 11:00"), "Withdrawn by the customer")
        self.assertEqual(clock.indemnity_ids.exclusion, "cancelled")

    def test_as_many_a_year_as_the_rule_allows(self):
        clocks = self.Clock
        for _number in range(3):
            clocks += self.late()
        self.assertEqual(
            clocks.indemnity_ids.sorted("id").mapped("state"),
            ["due", "due", "excluded"],
        )
        self.assertEqual(clocks.indemnity_ids.sorted("id")[2].exclusion, "yearly_max")
        other_standard = self.run_to(
            "deactivation", "2026-03-02 10:00", "2026-03-20 10:00"
        )
        other_year = self.run_to("transfer", "2025-03-03 10:00", "2025-03-12 10:00")
        other_customer = self.late(supply=None, partner=self.make_customer("Other"))
        for clock in (other_standard, other_year, other_customer):
            self.assertEqual(clock.indemnity_ids.state, "due")

    def test_a_set_has_its_maximum_too(self):
        clocks = self.Clock._start_all(
            [
                {
                    "code": "transfer",
                    "company": self.company,
                    "moment": rome("2026-03-02 10:00"),
                    "supply": self.supply,
                }
            ]
            * 4
        )
        self.assertEqual(len(clocks), 4)
        clocks._stop(rome("2026-03-11 10:00"))
        states = clocks.indemnity_ids.mapped("state")
        self.assertEqual(sorted(states), ["due", "due", "excluded", "excluded"])

    def test_done_in_time_but_written_down_late(self):
        clock = self.start("transfer", "2026-03-02 10:00")
        clock._note_breaches(rome("2026-03-12 10:00"))
        self.assertEqual(clock.indemnity_ids.state, "growing")
        clock._stop(rome("2026-03-09 10:00"))
        self.assertEqual((clock.outcome, clock.cause), ("in", False))
        self.assertEqual(clock.indemnity_ids.exclusion, "in_time")

    def test_corrected(self):
        clock = self.late()
        indemnity = clock.indemnity_ids
        clock._correct("Typing error", stop=rome("2026-03-18 10:00"))
        self.assertEqual((clock.counted, indemnity.amount), (12, 60))
        clock._correct("It came on Friday", start=rome("2026-03-13 10:00"))
        self.assertEqual((clock.counted, clock.outcome), (3, "in"))
        self.assertEqual(indemnity.exclusion, "in_time")
        self.assertIn("It came on Friday", " ".join(clock.message_ids.mapped("body")))

    def test_unknown_customer(self):
        clock = self.late(supply=None)
        self.assertEqual(clock.outcome, "out")
        self.assertFalse(clock.indemnity_ids)


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestPaying(IndemnityCommon):
    def test_credit_note(self):
        indemnity = self.late().indemnity_ids
        indemnity.action_credit_note()
        move = indemnity.move_id
        self.assertEqual((move.move_type, move.state), ("out_refund", "posted"))
        self.assertEqual(move.amount_total, 30)
        self.assertEqual(move.creditbox_supply_id, self.supply)
        texts = move.invoice_line_ids.mapped("name")
        self.assertIn("Automatic indemnity", texts[0])
        self.assertIn("compensation for any further damage", texts[1])
        self.assertEqual((indemnity.state, indemnity.way), ("paid", "credit_note"))
        self.assertEqual(indemnity.date_paid, day("2026-03-30"))
        with self.assertRaises(UserError):
            indemnity.action_credit_note()

    def test_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.customer.lang = "it_IT"
        text = self.env.ref("creditbox_quality.regulation_rqsii")
        text.with_context(lang="it_IT").bill_text = "Indennizzo automatico"
        indemnity = self.late().indemnity_ids
        indemnity.action_credit_note()
        self.assertIn(
            "Indennizzo automatico", indemnity.move_id.invoice_line_ids[0].name
        )

    def test_settings_of_the_company(self):
        account = self._make_account(self.company, "490200", "expense")
        self.env["creditbox.quality.setting"].create(
            {"company_id": self.company.id, "account_id": account.id}
        )
        indemnity = self.late().indemnity_ids
        indemnity.action_credit_note()
        self.assertIn(account, indemnity.move_id.line_ids.account_id)

    def test_payment(self):
        transfers = self._make_account(self.company, "180900", "asset_current")
        transfers.reconcile = True
        self.company.transfer_account_id = transfers
        indemnity = self.late().indemnity_ids
        indemnity.action_pay()
        self.assertEqual(indemnity.way, "payment")
        self.assertEqual(indemnity.payment_id.amount, 30)
        self.assertFalse(indemnity.move_id.amount_residual)

    def test_next_bill(self):
        indemnity = self.late().indemnity_ids
        indemnity.action_next_bill()
        self.assertEqual(indemnity.state, "to_bill")
        indemnity.action_back()
        self.assertEqual(indemnity.state, "due")
        indemnity.action_next_bill()
        action = indemnity.action_export()
        made = self.env["creditbox.indemnity.list"].browse(
            int(action["url"].split("/")[4])
        )
        self.assertIn(indemnity.name, str(made._rows()))
        self.assertTrue(made.csv)
        billed = Form(
            self.env["creditbox.indemnity.billed"].with_context(
                default_indemnity_ids=indemnity.ids
            )
        )
        billed.number = "2026/77"
        billed.save().action_confirm()
        self.assertEqual((indemnity.state, indemnity.bill_number), ("paid", "2026/77"))

    def test_customer_in_arrears(self):
        bill = self.make_bill(self.customer, 100, days=10)
        indemnity = self.late().indemnity_ids
        self.assertEqual(indemnity.state, "held")
        with self.assertRaises(UserError):
            indemnity.action_credit_note()
        self.pay(bill)
        self.assertEqual(indemnity.state, "due")

    def test_debt_on_hold_is_no_arrears(self):
        bill = self.make_bill(self.customer, 100, days=10)
        self.make_hold("bill", bill)
        self.env["creditbox.position"]._refresh(self.customer.ids)
        self.assertEqual(self.late().indemnity_ids.state, "due")

    def test_owed_by_hand(self):
        form = Form(self.env["creditbox.indemnity.owe"])
        form.standard_id = self.env.ref("creditbox_quality.standard_remsi_early")
        form.partner_id = self.customer
        form.reason = "Suspended a day too early"
        action = form.save().action_confirm()
        indemnity = self.Indemnity.browse(action["res_id"])
        self.assertEqual((indemnity.amount, indemnity.state), (10, "due"))
        indemnity.action_credit_note()
        self.assertIn("formal notice", indemnity.move_id.invoice_line_ids[0].name)

    def test_owed_once_for_each_record(self):
        owed = [
            self.Indemnity._owe(
                "remsi_protected", self.company, self.customer, record=self.supply
            )
            for _number in range(2)
        ]
        self.assertEqual(*owed)
        self.assertEqual(owed[0].amount, 30)

    def test_watched(self):
        user = self.make_user("supervisor")
        self.env["creditbox.quality.setting"].create(
            {"company_id": self.company.id, "user_id": user.id}
        )
        near, far = (
            self.Indemnity._owe(
                "remsi_early", self.company, self.customer, day=day(text)
            )
            for text in ("2025-10-10", "2026-03-01")
        )
        for _twice in range(2):
            self.Indemnity._watch(self.company)
        self.assertEqual(near.activity_ids.user_id, user)
        self.assertEqual(near.activity_ids.date_deadline, day("2026-04-08"))
        self.assertFalse(far.activity_ids)
        near.action_credit_note()
        self.assertFalse(near.activity_ids)

    def test_decided_by_hand(self):
        indemnity = self.late().indemnity_ids
        decision = self.env["creditbox.indemnity.exclude"].create(
            {"indemnity_ids": indemnity.ids, "exclusion": "hand", "note": "Paid before"}
        )
        decision.action_confirm()
        self.assertEqual(indemnity.state, "excluded")
        self.assertIn("Paid before", " ".join(indemnity.message_ids.mapped("body")))
        indemnity.clock_id._set_cause("operator")
        self.assertEqual(indemnity.state, "excluded")
        indemnity.action_reconsider()
        self.assertEqual(indemnity.state, "due")

    def test_roles(self):
        indemnity = self.late().indemnity_ids
        reader = self.as_user(self.make_user("reader"), indemnity)
        operator = self.as_user(self.make_user("operator"), indemnity)
        for button in ("credit_note", "next_bill", "pay", "export", "exclude"):
            with self.subTest(button=button), self.assertRaises(AccessError):
                getattr(reader, f"action_{button}")()
        with self.assertRaises(AccessError):
            operator.action_exclude()
        operator.action_credit_note()
        self.assertEqual(indemnity.state, "paid")


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestExposure(IndemnityCommon):
    def exposure(self, clock):
        self.env.flush_all()
        return self.env["creditbox.quality.exposure"].search([("id", "=", clock.id)])

    def test_standing_and_amounts(self):
        # now is Monday 30 March 2026, ten in the morning
        for start, standing, owed, risk in (
            ("2026-03-02 10:00", "1_late", 90, 0),
            ("2026-03-16 10:00", "1_late", 30, 30),
            ("2026-03-23 10:00", "2_day", 0, 30),
            ("2026-03-24 10:00", "3_week", 0, 30),
            ("2026-03-30 09:00", "4_later", 0, 30),
        ):
            with self.subTest(start=start):
                found = self.exposure(self.start("transfer", start))
                self.assertEqual(found.standing, standing)
                self.assertEqual((found.amount_owed, found.amount_risk), (owed, risk))

    def test_suspended_and_done(self):
        clock = self.start("transfer", "2026-03-24 10:00")
        clock._suspend(rome("2026-03-25 10:00"), "customer")
        found = self.exposure(clock)
        self.assertEqual((found.standing, found.amount_risk), ("5_still", 0))
        clock._stop(rome("2026-03-26 10:00"))
        self.assertFalse(self.exposure(clock))

    def test_forecast(self):
        for done in ("2026-02-20 10:00", "2026-02-20 10:00", "2026-03-27 10:00"):
            # 30 working days from 2 January: 13 February, with Epiphany off
            clock = self.run_to("works_complex", "2026-01-20 10:00", done)
        self.assertEqual(clock.outcome, "out")
        self.start("works_complex", "2026-03-20 10:00")
        self.start("works_complex", "2026-01-05 10:00")
        excused = self.run_to("works_complex", "2026-01-05 10:00", "2026-03-27 10:00")
        excused._set_cause("fm", "Flood")
        self.env.flush_all()
        row = self.env["creditbox.quality.forecast"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual((row.done_in, row.done_out), (2, 1))
        self.assertEqual((row.open_good, row.open_late), (1, 1))
        self.assertAlmostEqual(row.share_now, 66.7, 1)
        self.assertAlmostEqual(row.share_end, 60.0, 1)
        self.assertAlmostEqual(row.share_worst, 40.0, 1)
        self.assertFalse(row.kept)
        # 90 % of five are 4.5: with three good it is missed by two
        self.assertEqual(row.spare, -2)
        self.assertTrue(row.action_open_clocks()["domain"])


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestFigures(QualityCommon):
    def test_month(self):
        standard = self.env.ref("creditbox_quality.standard_phone_tma")
        figure = self.env["creditbox.quality.figure"].create(
            {"standard_id": standard.id, "month": "2026-02-17", "value": 250}
        )
        self.assertEqual(figure.month, day("2026-02-01"))
        self.assertFalse(figure.kept)
        figure.value = 240
        self.assertTrue(figure.kept)
