import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .common import TODAY
from .postal_common import PostalCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30")
class TestChannelRegistered(PostalCommon):
    def test_a_lot_of_registered_letters(self):
        actions = self._letters()
        lot = actions.letter_lot_id
        self.assertEqual((lot.product, lot.letter_count), ("registered", 2))
        self.assertEqual(set(actions.mapped("state")), {"done"})
        self.assertEqual(set(actions.mapped("date_done")), {TODAY})
        self.assertEqual(set(actions.mapped("date_proof")), {False})
        self.assertEqual(set(actions.item_ids.mapped("step")), {1})
        self.assertEqual(set(actions.provider_id), set(self.provider))
        text = self._text(base64.b64decode(lot.pdf))
        self.assertEqual(text.count("REGISTERED LETTER A/R"), 2)
        self.assertIn("Registered letter", actions[0].message_id.subject)

    def test_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.customer.lang = "it_IT"
        lot = self._one().letter_lot_id
        self.assertIn("RACCOMANDATA A/R", self._text(base64.b64decode(lot.pdf)))

    def test_a_lot_holds_one_product(self):
        self._table(
            self.company,
            [
                {"code": "registered", "step": 1, "service_type_id": self.water.id},
                {"code": "letter", "step": 1, "service_type_id": self.gas.id},
            ],
        )
        gas = self._supply(self.verdi, "G1", service_type_id=self.gas.id)
        self._bill(100, 40)
        self._bill(70, 40, gas)
        lots = self._execute().letter_lot_id
        self.assertEqual(
            sorted((lot.product, lot.letter_count) for lot in lots),
            [("letter", 1), ("registered", 1)],
        )
        letter = lots.filtered(lambda lot: lot.product == "letter")
        self.assertNotIn("A/R", self._text(base64.b64decode(letter.pdf)))

    def test_undo_takes_it_out_of_the_lot(self):
        actions = self._letters()
        lot = actions.letter_lot_id
        actions[0]._undo()
        self.assertEqual((actions[0].state, lot.letter_count), ("cancelled", 1))

    def test_costs(self):
        self.provider.postal_duplex = True
        self.provider.postal_price_ids = [
            (0, 0, {"product": "registered", "sheets": 1, "cost": 4.05}),
            (
                0,
                0,
                {
                    "product": "registered",
                    "sheets": 3,
                    "cost": 5.2,
                    "cost_further": 0.5,
                },
            ),
            (0, 0, {"product": "letter", "sheets": 9, "cost": 0.7}),
        ]
        cost = self.provider._postal_cost
        cases = {1: 4.05, 2: 4.05, 3: 5.2, 6: 5.2, 7: 5.7, 10: 6.2}
        for pages, expected in cases.items():
            with self.subTest(pages=pages):
                self.assertAlmostEqual(cost("registered", pages), expected)
        self.assertEqual(cost("letter", 1), 0.7)
        actions = self._letters()
        self.assertEqual(actions.mapped("cost"), [4.05, 4.05])
        self.assertEqual(actions.letter_lot_id.cost, 8.1)
        self.assertEqual(actions.run_id.cost, 8.1)
        actions[0]._undo()
        self.assertEqual(actions.run_id.cost, 4.05)

    def test_without_outsourcer_nothing_is_counted(self):
        self.provider.active = False
        action = self._one()
        self.assertFalse(action.letter_lot_id.provider_id)
        self.assertEqual(action.cost, 0)
        self.assertEqual(action.state, "done")

    # ------------------------------------------------------------------
    # by hand
    # ------------------------------------------------------------------
    def _entry(self, action, user="operator", **values):
        model = self.env["creditbox.postal.entry"].with_user(self._user(user))
        with Form(model.with_context(default_action_id=action.id)) as form:
            for name, value in values.items():
                setattr(form, name, value)
        return form.save()

    def test_an_operator_enters_the_outcome(self):
        action = self._one()
        entry = self._entry(
            action,
            tracking_number="6180 1234-5678",
            outcome_id=self._meaning("consegnato"),
            date="2026-06-30",
        )
        entry.action_enter()
        self.assertEqual(action.tracking_number, "618012345678")
        self.assertEqual((action.state, action.date_proof), ("delivered", TODAY))
        bodies = " ".join(action.message_ids.mapped("body"))
        self.assertIn("618012345678", bodies)
        self.assertIn("Delivered", bodies)

    def test_what_cannot_be_entered(self):
        first, second = self._letters()
        first.sudo().tracking_number = "618000000001"
        outcome = self._meaning("consegnato")
        cases = [
            {"tracking_number": "618000000001"},
            {"tracking_number": "abc"},
            {"outcome_id": outcome, "date": "2026-05-01"},
            {"outcome_id": outcome, "date": "2026-08-01"},
            {"card": base64.b64encode(b"MZ program"), "card_name": "a.png"},
        ]
        for values in cases:
            with self.subTest(values=values), self.assertRaises(UserError):
                model = self.env["creditbox.postal.entry"]
                model.create(
                    {
                        "action_id": second.id,
                        **values,
                        "outcome_id": values.get("outcome_id", outcome.browse()).id,
                    }
                ).action_enter()
        self.assertFalse(second.tracking_number or second.postal_event_ids)

    def test_readers_and_strangers_enter_nothing(self):
        action = self._one()
        with self.assertRaises(AccessError):
            self._entry(action, "reader")
        stranger = self._user("operator", self.setup_other_company()["company"])
        entry = self.env["creditbox.postal.entry"].with_user(stranger)
        with self.assertRaises(AccessError):
            entry.create({"action_id": action.id}).action_enter()

    def test_numbers_of_a_lot_are_scanned_in_a_row(self):
        first, second = self._letters()
        numbers = self.env["creditbox.postal.numbers"].with_user(self._user("operator"))
        numbers = numbers.create({"lot_id": first.letter_lot_id.id})
        self.assertEqual(numbers.line_ids.action_id, first | second)
        lines = numbers.line_ids
        lines[0].tracking_number, lines[1].tracking_number = (
            "618000000002",
            "618000000001",
        )
        numbers.action_enter()
        self.assertEqual(
            (first.tracking_number, second.tracking_number),
            ("618000000002", "618000000001"),
        )
        # scanned in the wrong order: exchanged
        lines[0].tracking_number, lines[1].tracking_number = (
            "618000000001",
            "618000000002",
        )
        numbers.action_enter()
        self.assertEqual(first.tracking_number, "618000000001")
        lines[1].tracking_number = "618000000001"
        with self.assertRaises(UserError):
            numbers.action_enter()
        self.assertEqual(second.tracking_number, "618000000002")
