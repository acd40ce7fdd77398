"""Lists that grow with the bills read their first page from an index."""

import re

from odoo.tests import TransactionCase, tagged

# Models of which there is one record, or several, for each bill or customer.
GROWING = """
    creditbox.position creditbox.supply creditbox.meter creditbox.hold
    creditbox.item creditbox.action creditbox.charge creditbox.postal.event
    creditbox.rating creditbox.rating.history creditbox.alert creditbox.console.line
""".split()


@tagged("post_install", "-at_install")
class TestOrderIndexes(TransactionCase):
    def test_default_order_has_an_index(self):
        """Whatever the companies ticked: not led by the company."""
        for name in GROWING:
            model = self.env[name]
            with self.subTest(model=name):
                wanted = ", ".join(
                    part.strip().replace(" desc", " DESC")
                    for part in model._order.split(",")
                )
                self.assertIn(wanted, self._orders(model))

    def _orders(self, model):
        """:return: the columns of the table's btree indexes over all rows"""
        self.env.cr.execute(
            "SELECT indexdef FROM pg_indexes WHERE tablename = %s", [model._table]
        )
        found = [
            re.fullmatch(r".* USING btree \((.*)\)", row)
            for (row,) in self.env.cr.fetchall()
        ]
        return [match[1] for match in found if match]
