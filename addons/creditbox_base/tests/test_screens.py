from odoo.tests import Form, tagged

from .common import CreditboxCommon


@tagged("creditbox", "post_install", "-at_install")
class TestScreens(CreditboxCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer(creditbox_code="1")
        cls.supply = cls.make_supply(cls.customer, "W1")
        cls.bill = cls.make_bill(cls.customer, 100, days=40, supply=cls.supply)

    def test_every_action_opens_for_a_reader(self):
        reader = self.make_user("reader")
        actions = self.env["ir.actions.act_window"].search(
            [("path", "=like", "creditbox-%")]
        )
        self.assertGreaterEqual(len(actions), 13)
        ours = actions.filtered(
            lambda action: action.get_external_id()[action.id].startswith(
                "creditbox_base."
            )
        )
        for action in ours:
            with self.subTest(action=action.path):
                model = self.as_user(reader, self.env[action.res_model])
                views = [(False, mode) for mode in action.view_mode.split(",")]
                for view in model.get_views(views)["views"].values():
                    self.assertTrue(view["arch"])

    def test_buttons_lead_to_the_right_records(self):
        position = self.position(self.customer, self.supply)
        self.make_hold("supply", self.supply)
        cases = (
            (position.action_open_bills(), self.bill),
            (position.action_open_holds(), self.customer.creditbox_hold_ids),
            (position.action_open_customer_positions(), position),
            (self.customer.action_open_creditbox_positions(), position),
            (self.customer.action_open_creditbox_supplies(), self.supply),
            (
                self.customer.action_open_creditbox_holds(),
                self.customer.creditbox_hold_ids,
            ),
            (self.supply.action_open_bills(), self.bill),
        )
        for action, records in cases:
            with self.subTest(action=action["name"]):
                found = self.env[action["res_model"]].search(action["domain"])
                self.assertEqual(found, records)

    def test_groups_of_the_search_view(self):
        for group in (
            "user_id",
            "service_type_id",
            "customer_type_id",
            "meter_state_id",
            "age_class",
            "state",
            "company_id",
            "partner_id",
        ):
            with self.subTest(group=group):
                rows = self.position_model.formatted_read_group(
                    [("partner_id", "=", self.customer.id)],
                    [group],
                    ["amount_overdue:sum"],
                )
                self.assertEqual([row["amount_overdue:sum"] for row in rows], [100])

    def test_names_of_positions(self):
        position = self.position(self.customer, self.supply)
        self.assertEqual(position.display_name, "Mario Rossi – W1")
        for text in ("mario", "W1"):
            found = self.position_model.name_search(text)
            self.assertIn(position.id, [record_id for record_id, _name in found])

    def test_customer_form_opens_for_an_operator(self):
        operator = self.make_user("operator")
        with Form(self.as_user(operator, self.customer)) as form:
            form.creditbox_mobile = "333 1234567"
        self.assertEqual(self.customer.creditbox_mobile, "+393331234567")
