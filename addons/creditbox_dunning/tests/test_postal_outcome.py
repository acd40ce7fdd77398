from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from .postal_common import PostalCommon

# outcome: (state, date_proof, code of the next run's action)
EFFECTS = {
    "accettato": ("done", False, None),
    "inesito": ("done", False, None),
    "in_giacenza": ("done", False, None),
    "consegnato": ("delivered", date(2026, 6, 20), None),
    "consegnato_in_giacenza": ("delivered", date(2026, 6, 20), None),
    "rifiutato": ("delivered", date(2026, 6, 20), None),
    "compiuta_giacenza": ("delivered", date(2026, 6, 20), None),
    "irreperibile": ("failed", False, "email"),
    "sconosciuto": ("failed", False, "email"),
    "trasferito": ("failed", False, "email"),
    "deceduto": ("failed", False, "email"),
    "indirizzo_errato": ("failed", False, "email"),
    "smarrito": ("failed", False, "registered"),
    "scartato_in_stampa": ("failed", False, "registered"),
}
DAYS = [f"2026-06-{day} 10:00:00" for day in range(12, 30)]


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30")
class TestPostalOutcome(PostalCommon):
    def _letter(self):
        """:return: a registered letter of the 10th of June"""
        self._bill(100, 60)
        with freeze_time("2026-06-10"):
            run = self._run(as_of=date(2026, 6, 10))
            run.action_approve()
            run.sudo().state = "executing"
            run._execute_next()
        return run.action_ids

    def _undone(self):
        """:return: savepoint to go back to"""
        return self.env.cr.savepoint()

    def _state(self, action):
        return (
            action.state,
            action.date_proof,
            action.unreachable,
            action.postal_outcome_id.code,
            action.line_ids.item_id.step,
        )

    # ------------------------------------------------------------------
    # what each does
    # ------------------------------------------------------------------
    def test_every_outcome(self):
        action = self._letter()
        for outcome, (state, proof, code) in EFFECTS.items():
            savepoint = self._undone()
            with self.subTest(outcome=outcome):
                self._event(action, outcome)
                self.assertEqual((action.state, action.date_proof), (state, proof))
                again = self._run().action_ids
                self.assertEqual(again.code or None, code)
                if again:
                    self.assertEqual(again.step, 1)
                step = 0 if state == "failed" else 1
                self.assertEqual(action.line_ids.item_id.step, step)
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def test_the_next_step_counts_from_the_proof(self):
        self._letter()
        run = self._run(as_of=date(2026, 7, 25))
        self.assertFalse(run.action_ids)
        [action] = self.env["creditbox.action"].search([("code", "=", "registered")])
        self._event(action, "consegnato", "2026-06-20 10:00:00")
        self.assertFalse(self._run(as_of=date(2026, 7, 19)).action_ids)
        # 30 days after the delivery
        step = self._run(as_of=date(2026, 7, 20)).action_ids
        self.assertEqual((step.code, step.step), ("email", 2))

    def test_legal_effect_is_a_setting(self):
        unclaimed = self._meaning("compiuta_giacenza")
        unclaimed.write({"is_proof": False, "is_failure": True})
        action = self._letter()
        self._event(action, "compiuta_giacenza")
        self.assertEqual((action.state, action.unreachable), ("failed", True))
        with self.assertRaises(ValidationError):
            unclaimed.is_proof = True
        with self.assertRaises(ValidationError):
            self._meaning("consegnato").is_bad_address = True
        with self.assertRaises(AccessError):
            unclaimed.with_user(self._user("supervisor")).is_failure = False

    def test_an_ordinary_letter_proves_nothing(self):
        self._table(self.company, [{"code": "letter", "step": 1}])
        action = self._letter()
        self.assertEqual(action.code, "letter")
        self._event(action, "consegnato")
        self.assertEqual((action.state, action.date_proof), ("done", False))
        self._event(action, "sconosciuto")
        self.assertEqual(action.state, "done")  # what is stronger has been said

    # ------------------------------------------------------------------
    # order, twice, late
    # ------------------------------------------------------------------
    def test_the_order_of_arrival_does_not_matter(self):
        """Any events, in any order, in any number of files, any of them twice."""
        action = self._letter()
        events = st.lists(
            st.tuples(st.sampled_from(sorted(EFFECTS)), st.sampled_from(DAYS)),
            min_size=1,
            max_size=5,
        )

        @settings(max_examples=40, deadline=None)
        @given(st.data())
        def check(data):
            told = data.draw(events)
            shuffled = data.draw(st.permutations(told + told[:1]))
            results = []
            for order in (told, shuffled):
                savepoint = self._undone()
                for outcome, moment in order:
                    self._event(action, outcome, moment)
                results.append(self._state(action))
                savepoint.close(rollback=True)
                self.env.invalidate_all()
            self.assertEqual(*results)
            strongest = max(told, key=lambda e: self._meaning(e[0]).strength)[0]
            self.assertEqual(results[0][3], strongest)

        check()

    def test_a_proof_is_not_taken_away(self):
        action = self._letter()
        self._event(action, "consegnato", "2026-06-15 10:00:00")
        for outcome in ("in_giacenza", "irreperibile", "smarrito", "rifiutato"):
            self._event(action, outcome, "2026-06-25 10:00:00")
        self.assertEqual(
            (action.state, action.date_proof), ("delivered", date(2026, 6, 15))
        )
        self.assertFalse(self.customer.creditbox_failed_address_ids)

    def test_what_is_announced_does_nothing_yet(self):
        action = self._letter()
        self._event(action, "consegnato", preliminary=True, code="RECRN001A")
        self.assertEqual((action.state, action.date_proof), ("done", False))
        self.assertEqual(len(action.postal_event_ids), 1)
        self._event(action, "consegnato", code="RECRN001C")
        self.assertEqual(action.state, "delivered")

    def test_a_proof_after_it_was_given_up(self):
        action = self._letter()
        self._event(action, "irreperibile")
        substitute = self._run().action_ids
        self.assertEqual(substitute.code, "email")
        self._event(action, "consegnato", "2026-06-18 10:00:00")
        self.assertEqual(
            (action.state, action.date_proof), ("delivered", date(2026, 6, 18))
        )
        self.assertEqual(substitute.state, "cancelled")
        self.assertEqual(action.line_ids.item_id.step, 1)

    def test_a_proof_after_another_way_was_taken(self):
        action = self._letter()
        self._event(action, "smarrito")
        again = self._execute()
        self.assertEqual((again.code, again.state), ("registered", "done"))
        again.letter_lot_id.sudo().action_posted()
        event = self._event(action, "consegnato")
        self.assertEqual(action.state, "failed")
        self.assertIn("another way", event.note)
        self.assertEqual(again.state, "done")

    def test_a_letter_lost_is_found_before_the_new_one_left(self):
        action = self._letter()
        self._event(action, "smarrito")
        again = self._execute()
        self._event(action, "consegnato")
        self.assertEqual((action.state, again.state), ("delivered", "cancelled"))
        self.assertEqual(again.letter_lot_id.id, False)

    def test_done_again_is_no_second_step(self):
        action = self._letter()
        self._event(action, "smarrito")
        again = self._execute()
        self.assertEqual((again.code, again.step), ("registered", 1))
        self.assertEqual(again.line_ids.item_id.step, 1)

    # ------------------------------------------------------------------
    # addresses
    # ------------------------------------------------------------------
    def test_a_wrong_address_counts_as_none_until_corrected(self):
        action = self._letter()
        self._event(action, "sconosciuto")
        [failed] = self.customer.creditbox_failed_address_ids
        self.assertEqual(
            (failed.kind, failed.address), ("postal", "VIA ROMA 1 20100 MILANO")
        )
        channels = [
            self.env[f"creditbox.channel.{c}"] for c in ("letter", "registered")
        ]
        for channel in channels:
            self.assertFalse(channel._address(self.customer))
        self.assertEqual(self._run().action_ids.code, "email")
        self.customer.street = "via  roma 1"  # not corrected: written otherwise
        self.assertFalse(channels[0]._address(self.customer))
        self.customer.street = "Via Po 3"
        for channel in channels:
            self.assertTrue(channel._address(self.customer))

    def test_the_corrected_address_is_tried_again(self):
        action = self._letter()
        self._event(action, "trasferito")
        self.customer.city = "Forlì"
        again = self._run().action_ids
        self.assertEqual((again.code, again.step), ("registered", 1))

    def test_what_is_entered_and_what_is_looked_for_are_the_same(self):
        """The form made by SQL is that made in Python, whatever was entered."""
        channel = self.env["creditbox.channel"]

        @settings(max_examples=100, deadline=None)
        @given(*[st.text("aZèÈ ßi\tİ\n1,'%", max_size=8) for _field in range(4)])
        def check(street, street2, zip_code, city):
            self.customer.write(
                {"street": street, "street2": street2, "zip": zip_code, "city": city}
            )
            self.env.flush_all()
            self.env.cr.execute(
                SQL(
                    "SELECT %s FROM res_partner c WHERE id = %s",
                    channel._sql_postal(),
                    self.customer.id,
                )
            )
            self.assertEqual(
                self.env.cr.fetchone()[0], channel._postal_key(self.customer)
            )

        check()

    def test_the_address_works_after_all(self):
        action = self._letter()
        self._event(action, "irreperibile")
        [failed] = self.customer.creditbox_failed_address_ids
        failed.with_user(self._user("operator")).action_works_again()
        self.assertFalse(action.unreachable)
        self.assertEqual(self._run().action_ids.code, "registered")
        # the same said again, and something weaker, decide nothing anew
        self._event(action, "irreperibile")
        self._event(action, "in_giacenza")
        self.assertFalse(action.unreachable)
        self.assertFalse(self.customer.creditbox_failed_address_ids)

    def test_without_other_channel_it_is_an_exception(self):
        self.customer.email = False
        action = self._letter()
        self._event(action, "deceduto")
        self.assertEqual(self._run().action_ids.exception, "not_delivered")

    # ------------------------------------------------------------------
    # mistakes
    # ------------------------------------------------------------------
    def test_withdrawn_by_a_supervisor(self):
        action = self._letter()
        before = self._state(action)
        for outcome in ("consegnato", "irreperibile", "smarrito"):
            with self.subTest(outcome=outcome):
                event = self._event(action, outcome)
                self.assertNotEqual(self._state(action), before)
                with self.assertRaises(AccessError):
                    event.with_user(self._user("operator")).action_withdraw()
                event.with_user(self._user("supervisor")).action_withdraw()
                self.assertEqual(self._state(action), before)
                self.assertIn("withdrawn", action.message_ids[0].body)

    def test_withdrawn_the_next_one_counts(self):
        action = self._letter()
        self._event(action, "irreperibile", "2026-06-18 10:00:00")
        event = self._event(action, "consegnato", "2026-06-20 10:00:00")
        self.assertEqual(action.state, "delivered")
        event.with_user(self._user("supervisor")).action_withdraw()
        self.assertEqual(
            (action.state, action.date_proof, action.unreachable),
            ("failed", False, True),
        )
        self.assertEqual(action.line_ids.item_id.step, 0)

    def test_the_day_is_the_companys(self):
        action = self._letter()
        self.company.partner_id.tz = "Europe/Rome"
        self._event(action, "consegnato", "2026-06-20 22:30:00")
        self.assertEqual(action.date_proof, date(2026, 6, 21))

    def test_other_companies_see_nothing(self):
        event = self._event(self._letter(), "consegnato")
        stranger = self._user("reader", self.setup_other_company()["company"])
        with self.assertRaises(AccessError):
            event.with_user(stranger).read(["code"])
        with self.assertRaises(AccessError):
            event.with_user(self._user("administrator")).code = "x"
        self.assertEqual(event.with_user(self._user("reader")).code, "consegnato")
