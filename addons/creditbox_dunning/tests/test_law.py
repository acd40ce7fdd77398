from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import OwnChannelsOnly
from .law import NOTICE_DAY, LawCommon

# what a proposal of the technical office becomes while nobody can carry it out
LAWFUL = "no_channel"


@tagged("post_install", "-at_install")
class TestLaw(OwnChannelsOnly, LawCommon):
    """No step without those before it, nor early, nor before a day of rest."""

    def _suspension(self, day):
        return self._run(day).action_ids.filtered(lambda a: a.code == "technical")

    def test_suspension_needs_the_notice_its_proof_and_its_terms(self):
        day = date(2026, 5, 19)  # a Tuesday
        for proof, deadline, expected in (
            (None, None, "no_chain"),
            (None, date(2026, 4, 20), "no_chain"),
            (day - timedelta(days=39), date(2026, 4, 20), "too_early"),
            (day - timedelta(days=40), None, "no_chain"),
            (day - timedelta(days=40), date(2026, 4, 20), LAWFUL),
            # 3 working days after Thursday: Friday, Monday and Tuesday
            (day - timedelta(days=40), date(2026, 5, 14), LAWFUL),
            (day - timedelta(days=40), date(2026, 5, 15), "too_early"),
        ):
            with self.subTest(proof=proof, deadline=deadline), self._rolled_back():
                self._notice(proof, deadline)
                action = self._suspension(day)
                self.assertEqual(action.exception, expected, action.exception_note)
                if expected != LAWFUL:
                    self.assertIn("Suspension", action.exception_note)
                law = self.env["creditbox.chain"]._law(self.company, day)
                reasons = self.env["creditbox.chain"]._hindrances(action, law)
                self.assertEqual(
                    reasons.get(action.id, (LAWFUL,))[0], expected, "Python as SQL"
                )

    def test_none_before_a_rest_day(self):
        self._notice(date(2026, 4, 8), date(2026, 4, 20))
        for day, expected in (
            (date(2026, 6, 4), LAWFUL),  # Thursday
            (date(2026, 6, 5), "forbidden_day"),
            (date(2026, 6, 6), "forbidden_day"),
            (date(2026, 6, 7), "forbidden_day"),
            (date(2026, 6, 8), LAWFUL),
            (date(2026, 6, 1), "forbidden_day"),  # eve of the Republic
        ):
            with self.subTest(day=day):
                self.assertEqual(self._suspension(day).exception, expected)

    def test_notice_waits_for_the_due_date(self):
        self._bill(100, due=date(2026, 3, 14))
        action = self._run(NOTICE_DAY).action_ids
        self.assertEqual(action.exception, "too_early")
        self.assertEqual(action.state, "planned")
        later = self._run(NOTICE_DAY + timedelta(days=1)).action_ids
        self.assertFalse(later.exception)

    def test_channel_that_the_law_does_not_allow(self):
        self.regulation.step_ids[0].channel = "certified"
        self._bill(100, due=date(2026, 3, 1))
        action = self._run(NOTICE_DAY).action_ids
        self.assertEqual(action.exception, "unlawful_channel")
        self.assertEqual(action.exception_note, "Act 1/2020")

    def test_debt_that_is_too_small(self):
        """The debt is all that is overdue, measured by a year's subsidised band."""
        kind = self.customer.creditbox_customer_type_id
        other = self.env["creditbox.customer.type"].search([("id", "!=", kind.id)])[0]
        self._table(self.company, [{**self._procedure()[0], "threshold": 50}])
        step = self.regulation.step_ids[0]
        step.debt_multiple = 2
        self._bill(60, due=date(2026, 3, 1))
        self._bill(40, due=date(2026, 4, 3))  # waits, but is overdue: 100 in all
        for supply, company, types, expected in (
            (49.99, 0, [], None),
            (50, 0, [], "100.00, it must be more than 100.00"),
            (0, 49.99, [], None),
            (49.99, 80, [], None),
            (0, 80, [], "debt of 100.00, it must be more than 160.00 (2 times"),
            (0, 0, [], "is not known"),
            (0, 0, other.ids, None),
            (50, 0, kind.ids, "100.00"),
        ):
            with (
                self.subTest(supply=supply, company=company, types=types),
                self._rolled_back(),
            ):
                self.supply.subsidised_amount = supply
                self.company.creditbox_subsidised_amount = company
                step.debt_customer_type_ids = types
                action = self._run(NOTICE_DAY).action_ids
                self.assertEqual(action.exception, "small_debt" if expected else False)
                self.assertIn(expected or "", action.exception_note or "")
                chain = self.env["creditbox.chain"]
                found = chain._hindrances(action, chain._law(self.company, NOTICE_DAY))
                self.assertEqual(
                    found.get(action.id, (False, False)),
                    (action.exception, action.exception_note),
                    "Python as SQL",
                )

    def test_hand_over_measures_the_debt_again(self):
        self.regulation.step_ids[0].debt_multiple = 1
        self.supply.subsidised_amount = 70
        bill = self._bill(60, due=date(2026, 3, 1))
        self._bill(40, due=date(2026, 3, 1))
        action = self._run(NOTICE_DAY).action_ids
        self.assertFalse(action.exception)
        action.sudo().state = "ready"
        self._pay(30, bill)
        action._execute()
        self.assertEqual(action.exception, "small_debt")
        self.assertIn("debt of 70.00", action.exception_note)

    def test_longer_term_for_a_small_debt(self):
        """As water: 25 days where the debt is ordinary, 20 where it is serious."""
        term = self.regulation.term_ids[0]  # 25 days
        term.debt_up_to = 3
        term.copy({"days": 20, "debt_up_to": 0})
        due = NOTICE_DAY - timedelta(days=22)
        self._bill(100, due=due)
        for yearly, expected in (
            (33.33, False),
            (33.34, "too_early"),
            (0, "too_early"),
        ):
            with self.subTest(yearly=yearly), self._rolled_back():
                self.supply.subsidised_amount = yearly
                action = self._run(NOTICE_DAY).action_ids
                self.assertEqual(action.exception, expected)
                chain = self.env["creditbox.chain"]
                found = chain._hindrances(action, chain._law(self.company, NOTICE_DAY))
                self.assertEqual(found.get(action.id, (False,))[0], expected)
                if expected:
                    self.assertIn("up to 3 times", action.exception_note)

    @freeze_time(NOTICE_DAY)
    def test_figures_are_written_as_the_reader_writes_them(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.regulation.step_ids[0].debt_multiple = 1
        self.supply.subsidised_amount = 1500
        self._bill(1234.5, due=date(2026, 3, 1))
        run = self._run(NOTICE_DAY, propose=False).with_context(lang="it_IT")
        run.action_simulate()
        self.assertIn("1234,50", run.action_ids.exception_note)
        self.assertIn("1500,00", run.action_ids.exception_note)

    def test_water_regulation_measures_the_debt_of_domestic_users(self):
        water = self.env.ref("creditbox_dunning.regulation_remsi")
        domestic = self.env.ref("creditbox_base.customer_type_domestic")
        step = water.step_ids.filtered(lambda s: s.legal_step == "suspension")
        self.assertEqual(step.debt_multiple, 1)
        self.assertEqual(step.debt_customer_type_ids, domestic)
        waits = water.term_ids.filtered(lambda t: t.event_step == "limitation")
        self.assertEqual(
            sorted((t.days, t.debt_up_to) for t in waits if t.days), [(20, 0), (25, 3)]
        )

    def test_row_that_does_not_say_its_step(self):
        self._table(self.company, [{"step": 1, "code": "technical"}])
        self._bill(100, due=date(2026, 3, 1))
        action = self._run(NOTICE_DAY).action_ids
        self.assertEqual(action.exception, "no_chain")
        chain = self.env["creditbox.chain"]
        found = chain._hindrances(action, chain._law(self.company, NOTICE_DAY))
        self.assertEqual(found[action.id][0], "no_chain", "Python as SQL")
        self.regulation.date_to = NOTICE_DAY - timedelta(days=1)
        action = self._run(NOTICE_DAY).action_ids
        self.assertEqual(action.exception, LAWFUL, "no act is in force any more")

    @freeze_time(NOTICE_DAY)
    def test_terms_are_dated(self):
        term = self.regulation.term_ids[0]
        term.date_to = NOTICE_DAY
        start = NOTICE_DAY + timedelta(days=1)
        term.copy({"days": 30, "date_from": start, "date_to": False})
        self._bill(100, due=NOTICE_DAY - timedelta(days=27))
        self.assertFalse(self._run(NOTICE_DAY, propose=False).action_ids)
        run = self._run(NOTICE_DAY, propose=False)
        run.action_simulate()
        self.assertFalse(run.action_ids.exception)
        run = self._run(NOTICE_DAY + timedelta(days=1), propose=False)
        run.action_simulate()
        self.assertEqual(run.action_ids.exception, "too_early")

    def test_a_company_is_stricter_than_the_act_never_looser(self):
        own = self._regulation(name="Charter", company_id=self.company.id)
        own.term_ids[0].days = 60
        self._bill(100, due=NOTICE_DAY - timedelta(days=27))
        self.assertEqual(self._run(NOTICE_DAY).action_ids.exception, "too_early")
        own.term_ids[0].days = 1
        self.assertFalse(self._run(NOTICE_DAY).action_ids.exception)
        self._bill(100, due=NOTICE_DAY - timedelta(days=24))
        action = self._run(NOTICE_DAY + timedelta(days=30), propose=False)
        self.assertFalse(action.action_ids)
        other = self.setup_other_company()["company"]
        law = self.env["creditbox.chain"]._law(other, NOTICE_DAY)
        self.assertNotIn(own, law.terms.regulation_id)

    def test_hand_over_looks_at_the_law_again(self):
        self._bill(100, due=date(2026, 3, 1))
        action = self._run(NOTICE_DAY).action_ids
        self.assertFalse(action.exception)
        action.sudo().state = "ready"
        self.regulation.step_ids[0].channel = "certified"
        action._execute()
        self.assertEqual(action.exception, "unlawful_channel")
        self.assertEqual(action.state, "planned")

    def test_last_day_to_pay_is_kept(self):
        self._bill(100, due=date(2026, 3, 1))
        action = self._run(NOTICE_DAY).action_ids
        self.template.deadline_days = 17
        action.sudo().state = "ready"
        action._execute()
        today = self.company._creditbox_today()
        self.assertEqual(action.date_deadline, today + timedelta(days=17))

    def test_managers_change_the_law_and_others_read_it(self):
        regulation = self.regulation.with_user(self._user("manager"))
        regulation.term_ids[0].days = 26
        self.assertIn("Changed", regulation.message_ids[:1].body)
        regulation.value_ids.create(
            {
                "regulation_id": regulation.id,
                "code": "x",
                "name": "Indemnity",
                "value": 30,
                "unit": "euro",
            }
        )
        self.assertIn("Added: Indemnity: 30 euro", regulation.message_ids[:1].body)
        reader = self.regulation.with_user(self._user("reader"))
        self.assertEqual(reader.term_ids[0].days, 26)
        with self.assertRaises(AccessError):
            reader.term_ids[0].days = 1

    @freeze_time(NOTICE_DAY)
    def test_notes_speak_the_reader_s_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self._bill(100, due=date(2026, 3, 14))
        for lang, words in (
            ("en_US", "at least 25 days"),
            ("it_IT", "almeno 25 giorni"),
        ):
            with self.subTest(lang):
                run = self._run(NOTICE_DAY, propose=False).with_context(lang=lang)
                run.action_simulate()
                self.assertIn(words, run.action_ids.exception_note)

    def test_terms_that_make_no_sense(self):
        for values in (
            {"event": "due", "event_step": "notice"},
            {"event": "delivered", "event_step": False},
            {"event": "sent", "event_step": "removal"},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.regulation.term_ids[1].write(values)

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        sent=st.integers(0, 90),
        proof=st.one_of(st.none(), st.integers(0, 20)),
        deadline=st.one_of(st.none(), st.integers(0, 60)),
        terms=st.lists(
            st.tuples(
                st.integers(0, 45),
                st.sampled_from(["solar", "ferial", "working"]),
                st.sampled_from(["sent", "delivered", "deadline"]),
            ),
            max_size=4,
        ),
        day=st.integers(0, 120),
    )
    def test_sql_agrees_with_python(self, sent, proof, deadline, terms, day):
        with self._rolled_back():
            sent = NOTICE_DAY + timedelta(days=sent)
            notice = self._notice(
                None if proof is None else sent + timedelta(days=proof),
                None if deadline is None else sent + timedelta(days=deadline),
                sent,
            )
            self.regulation.term_ids.unlink()
            self.regulation.term_ids = [
                Command.create(
                    {
                        "legal_step": "suspension",
                        "days": days,
                        "unit": unit,
                        "event": event,
                        "event_step": "notice",
                    }
                )
                for days, unit, event in terms
            ]
            day = sent + timedelta(days=day + 6)
            action = self._suspension(day)
            self.assertEqual(len(action), 1, notice.state)
            law = self.env["creditbox.chain"]._law(self.company, day)
            found = self.env["creditbox.chain"]._hindrances(action, law)
            expected = found.get(action.id, (LAWFUL, None))
            self.assertEqual(action.exception, expected[0])
