from unittest.mock import patch

from odoo.tests import tagged

from .common import CreditboxCommon


@tagged("creditbox", "post_install", "-at_install")
class TestQueries(CreditboxCommon):
    """The same number of queries for few and for many records."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env["res.partner"].union(
            *(cls.make_customer(f"Customer {n}") for n in range(22))
        )
        cls.supplies = cls.env["creditbox.supply"].union(
            *(cls.make_supply(c, f"W{c.id}") for c in cls.customers)
        )
        for customer, supply in zip(cls.customers, cls.supplies, strict=True):
            cls.make_bill(customer, 100, days=40, supply=supply)
        cls.positions = cls.position_model.search(
            [("partner_id", "in", cls.customers.ids)]
        )

    def queries(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        work()
        return self.env.cr.sql_log_count - start

    def assert_same_queries(self, work, records):
        """``work`` costs the same on 2 and on 20 records."""
        work(records[:1])  # fills the caches of the registry
        few = self.queries(lambda: work(records[:2]))
        many = self.queries(lambda: work(records[2:]))
        self.assertEqual(few, many)

    def test_refresh(self):
        self.assert_same_queries(
            lambda customers: self.position_model._touch(customers.ids, self.company),
            self.customers,
        )

    def test_position_list(self):
        names = [
            "partner_id",
            "supply_id",
            "service_type_id",
            "amount_overdue",
            "state",
        ]
        self.assert_same_queries(lambda records: records.read(names), self.positions)

    def test_customer_list(self):
        names = ["name", "creditbox_amount_overdue", "creditbox_supply_count"]
        self.assert_same_queries(lambda records: records.read(names), self.customers)

    def test_supply_list(self):
        names = ["display_name", "amount_overdue", "bill_count", "hold_count"]
        self.assert_same_queries(lambda records: records.read(names), self.supplies)

    def test_hold_list(self):
        holds = self.env["creditbox.hold"].union(
            *(self.make_hold("supply", supply) for supply in self.supplies)
        )
        names = ["display_name", "customer_id", "amount_held", "state"]
        self.assert_same_queries(lambda records: records.read(names), holds)

    def test_posting_many_bills_refreshes_once(self):
        bills = self.positions.open_line_ids.move_id
        bills.button_draft()
        with patch.object(
            type(self.position_model),
            "_sql_refresh",
            autospec=True,
            side_effect=type(self.position_model)._sql_refresh,
        ) as refresh:
            bills.action_post()
        self.assertLessEqual(refresh.call_count, 2)
