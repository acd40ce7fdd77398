import base64
import csv
import io
from datetime import date, timedelta
from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from .common import TODAY
from .postal_common import NUMBERS, PostalCommon


@tagged("creditbox", "post_install", "-at_install")
@freeze_time("2026-06-30")
class TestJointLetter(PostalCommon):
    """One registered letter for all supplies of a customer, in one envelope."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.creditbox_joint = True
        cls.customer.lang = cls.verdi.lang = "en_US"
        cls.second = cls._supply(cls.customer, "W9", street="Via Po 2", city="Roma")

    def _letters(self):
        """:return: actions of Rossi's letter for two supplies, action of Verdi's"""
        self._bill(100, 40)
        self._bill(30, 40, self.second)
        self._bill(70, 40, self.other_supply)
        actions = self._execute()
        rossi = actions.filtered(lambda action: action.partner_id == self.customer)
        return rossi, actions - rossi

    def _lot_text(self, lot):
        return self._text(base64.b64decode(lot.pdf))

    def _lot_index(self, lot):
        text = base64.b64decode(lot.index).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text), delimiter=";"))

    def _paid_unseen(self, amount, bill):
        position = self.env.registry["creditbox.position"]
        with patch.object(position, "_on_debt_changed", lambda *args: None):
            self._pay(amount, bill)

    def test_one_letter(self):
        rossi, verdi = self._letters()
        lot = (rossi | verdi).letter_lot_id
        lead = rossi.filtered("joined_ids")
        self.assertEqual(lot.letter_count, 2)
        self.assertEqual(set((rossi | verdi).mapped("state")), {"done"})
        self.assertEqual(len(rossi.message_id), 1)
        self.assertEqual(len(set(rossi.mapped("letter_page"))), 1)
        text = self._text(base64.b64decode(lot._letter_attachment(rossi[-1:]).datas))
        for part in (
            "W1, W9",
            "2 supplies, listed below",
            "Supply W9, Via Po 2, Roma",
            "Subtotal",
            "130.00",
        ):
            self.assertIn(part, text)
        self.assertNotIn("Verdi", text)
        self.assertNotIn("Subtotal", self._text(lot._letter_pdf(verdi)))
        rows = self._lot_index(lot)
        self.assertEqual(
            {(row["letter"], row["amount"]) for row in rows},
            {(str(lead.id), "130.00"), (str(verdi.id), "70.00")},
        )

    def test_shown_once_on_the_chatter(self):
        rossi, _verdi = self._letters()
        for action in rossi:
            action.with_user(self._user("operator")).action_open_letter()
        self.assertEqual(len(rossi.message_id.attachment_ids), 1)
        self.assertEqual(
            self.customer.message_ids.filtered("subject"), rossi.message_id
        )

    def test_paid_for_once(self):
        rossi, verdi = self._letters()
        lot = rossi.letter_lot_id
        cost = verdi.cost
        lot._note_provider()
        self.assertEqual(sorted(rossi.mapped("cost")), sorted([0, cost]))

    def test_given_to_the_outsourcer_once(self):
        rossi, verdi = self._letters()
        lot = rossi.letter_lot_id
        self.provider.postal_delivery = "download"
        lot.action_deliver()
        lead = rossi.filtered("joined_ids")
        content = next(
            content for name, content in self._files(lot).items() if ".csv" in name
        ).decode("utf-8-sig")
        self.assertIn(self._own(lead), content)
        self.assertIn(self._own(verdi), content)
        self.assertNotIn(self._own(lead.joined_ids), content)

    def test_outcome_is_of_all(self):
        rossi, verdi = self._letters()
        lead = rossi.filtered("joined_ids")
        with freeze_time("2026-07-10"):
            file = self._take(
                [(self._own(lead), NUMBERS[0], "RECRN005C", "", "05/07/2026")]
            )
        self.assertFalse(file.error_ids)
        self.assertEqual(set(rossi.mapped("state")), {"delivered"})
        self.assertEqual(set(rossi.mapped("date_proof")), {date(2026, 7, 5)})
        self.assertEqual(verdi.state, "done")
        self.assertEqual(self._run(date(2026, 8, 3)).action_count, 0)
        self.assertEqual(
            self._run(date(2026, 8, 4)).action_ids.supply_id, rossi.supply_id
        )

    def test_failure_is_of_all_and_can_be_withdrawn(self):
        rossi, _verdi = self._letters()
        member = rossi.filtered("lead_id")
        with freeze_time("2026-07-10"):
            event = self._event(member.lead_id, "sconosciuto", "2026-07-05 10:00:00")
            self.assertEqual(set(rossi.mapped("state")), {"failed"})
            self.assertEqual(set(rossi.mapped("item_ids.step")), {0})
            event.action_withdraw()
        self.assertEqual(set(rossi.mapped("state")), {"done"})
        self.assertEqual(set(rossi.mapped("item_ids.step")), {1})

    def test_entered_by_hand_on_any_of_them(self):
        rossi, _verdi = self._letters()
        with freeze_time("2026-07-10"):
            entry = (
                self.env["creditbox.postal.entry"]
                .with_user(self._user("operator"))
                .create(
                    {
                        "action_id": rossi.filtered("lead_id").id,
                        "tracking_number": NUMBERS[0],
                        "outcome_id": self._meaning("consegnato").id,
                        "date": date(2026, 7, 5),
                    }
                )
            )
            entry.action_enter()
        self.assertEqual(set(rossi.mapped("state")), {"delivered"})
        self.assertEqual(rossi.filtered("joined_ids").tracking_number, NUMBERS[0])

    def test_numbers_of_a_lot_are_asked_once_a_letter(self):
        rossi, _verdi = self._letters()
        numbers = self.env["creditbox.postal.numbers"].create(
            {"lot_id": rossi.letter_lot_id.id}
        )
        self.assertEqual(len(numbers.line_ids), 2)

    def test_one_supply_paid_before_it_is_posted(self):
        """What is printed cannot be corrected: the other is written to anew."""
        rossi, verdi = self._letters()
        lot = rossi.letter_lot_id
        paid = rossi[:1]
        self._paid_unseen(paid.amount, paid.line_ids.move_id)
        lot.action_check_due()
        self.assertEqual(set(rossi.mapped("state")), {"cancelled"})
        self.assertEqual(lot.action_ids, verdi)
        self.assertEqual((lot.letter_count, lot.state), (1, "ready"))
        self.assertNotIn("Rossi", self._lot_text(lot))
        self.assertEqual(set(rossi.mapped("item_ids.step")), {0})
        again = self._run(TODAY + timedelta(days=6)).action_ids
        self.assertEqual(again.supply_id, rossi[1:].supply_id)

    def test_undo_of_one_takes_the_letter_out(self):
        rossi, verdi = self._letters()
        left = rossi[:1]._undo()
        self.assertFalse(left)
        self.assertEqual(set(rossi.mapped("state")), {"cancelled"})
        self.assertEqual(set(rossi.mapped("item_ids.step")), {0})
        self.assertEqual(verdi.state, "done")

    def test_undo_of_a_chosen_one(self):
        """The report names all that its letter was for."""
        rossi, verdi = self._letters()
        undone = rossi[-1:]._undo_chosen("Wrong tariff")
        self.assertEqual(undone.recalled, rossi)
        self.assertFalse(undone.left | undone.stopped)
        self.assertEqual(set(rossi.mapped("reason")), {"Wrong tariff"})
        self.assertEqual(set(rossi.mapped("state")), {"cancelled"})
        self.assertEqual(verdi.state, "done")

    def test_undo_of_a_letter_of_which_one_supply_has_gone_on(self):
        rossi, _verdi = self._letters()
        with freeze_time("2026-07-25"):
            rossi[:1].rule_id.with_context(install_mode=True).count_from = "send"
            later = self._run(date(2026, 7, 31)).action_ids
            later = later.filtered(lambda a: a.supply_id == rossi[:1].supply_id)
            self.assertEqual(later.step, 2)
            (later.run_id.action_ids - later)._cancel("not now")
            undone = rossi[-1:]._undo_chosen("Wrong tariff")
        self.assertEqual(set(undone.refused), set(rossi))
        self.assertEqual(set(rossi.mapped("state")), {"done"})

    def test_undo_of_the_run(self):
        rossi, verdi = self._letters()
        lot = rossi.letter_lot_id
        rossi.run_id.action_undo()
        self.assertEqual(set((rossi | verdi).mapped("state")), {"cancelled"})
        self.assertEqual(lot.state, "cancelled")

    def test_taken_out_keeps_places(self):
        """The letter for two supplies stands behind one that leaves the lot."""
        self.customer.zip = "99999"
        rossi, verdi = self._letters()
        lot = rossi.letter_lot_id
        self.assertLess(verdi.letter_page, rossi[:1].letter_page)
        verdi._undo()
        self.assertEqual(set(rossi.mapped("letter_page")), {1})
        self.assertEqual(lot.page_count, rossi[:1].letter_page_count)
        self.assertIn("130.00", self._text(lot._letter_pdf(rossi[-1:])))
