from odoo.tests import TransactionCase, tagged


@tagged("creditbox", "post_install", "-at_install")
class TestSchema(TransactionCase):
    def test_no_stored_computed_field_on_the_big_tables(self):
        for model in ("account.move", "account.move.line", "res.partner"):
            stored = [
                name
                for name, field in self.env[model]._fields.items()
                if name.startswith("creditbox_")
                and field.store
                and (field.compute or field.related)
            ]
            self.assertEqual(stored, [], model)

    def test_indexes_are_there(self):
        self.env.cr.execute(
            "SELECT indexname FROM pg_indexes WHERE tablename = ANY(%s)",
            [["creditbox_position", "account_move", "account_payment", "res_partner"]],
        )
        names = {name for (name,) in self.env.cr.fetchall()}
        self.assertGreaterEqual(
            names,
            {
                "creditbox_position_position_uniq",
                "creditbox_position_overdue_idx",
                "creditbox_position__user_id_index",
                "account_move_creditbox_ref_uniq",
                "account_payment_creditbox_ref_uniq",
                "res_partner_creditbox_code_uniq",
            },
        )
