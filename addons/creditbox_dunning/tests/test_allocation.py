"""Payments without a bill: the oldest bill first, or costs and interest first."""

from odoo.tests import freeze_time, tagged

from .test_charge import ChargeCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30")
class TestAllocation(ChargeCommon):
    def _portfolio(self):
        bills = {
            "old": self._bill(100, 90),
            "new": self._bill(100, 30),
            "fee": self._bill(10, 20),
            "interest": self._bill(5, 15),
        }
        bills["fee"].creditbox_charge = "fee"
        bills["interest"].creditbox_charge = "interest"
        return bills

    def _open(self, bills):
        """:return: {name: what is open}, by the SQL and by the reading in Python"""
        self.env.flush_all()
        rows = self.env.execute_query_dict(
            self.env["creditbox.evaluation"]._sql_open_items(
                self.company, self.env["creditbox.run"]._default_as_of(), self.customer
            )
        )
        names = {self._line(move).id: name for name, move in bills.items()}
        by_sql = {
            names[row["line_id"]]: float(row["amount_open"])
            for row in rows
            if row["amount_open"]
        }
        why = self.env["creditbox.position.why"].create(
            {
                "position_id": self._position().id,
                "as_of": self.env["creditbox.run"]._default_as_of(),
                "rule_set_id": self.table.id,
            }
        )
        by_reading = {names[item.line.id]: item.open for item in why._items()}
        self.assertEqual(by_sql, by_reading)
        return by_sql

    def test_order_of_money(self):
        cases = [
            # order, paid, of the supply, what is left open
            ("oldest", 20, True, {"old": 80, "new": 100, "fee": 10, "interest": 5}),
            ("charges", 20, True, {"old": 95, "new": 100}),
            ("charges", 12, True, {"old": 100, "new": 100, "interest": 3}),
            ("charges", 12, False, {"old": 100, "new": 100, "interest": 3}),
            ("oldest", 205, False, {"fee": 5, "interest": 5}),
            ("charges", 205, False, {"new": 10}),
        ]
        for order, paid, of_supply, left in cases:
            with self.subTest(order=order, paid=paid, of_supply=of_supply):
                savepoint = self.env.cr.savepoint()
                try:
                    self.company.creditbox_allocation = order
                    bills = self._portfolio()
                    self._pay(
                        paid,
                        customer=self.customer,
                        supply=self.supply if of_supply else None,
                    )
                    self.assertEqual(self._open(bills), left)
                finally:
                    savepoint.close(rollback=True)
                    self.env.invalidate_all()

    def test_interest_follows_the_same_order(self):
        bills = self._portfolio()
        self._pay(15, customer=self.customer)
        claims = {}
        for order in ("oldest", "charges"):
            self.company.creditbox_allocation = order
            claims[order] = self._interest(bills["old"]).claim.payments
        self.assertEqual(sum(p.amount for p in claims["oldest"]), 15)
        self.assertEqual(claims["charges"], ())

    def test_nothing_is_asked_of_the_accounts_by_default(self):
        """The million bills of an evaluation do not pay for what is off."""
        sql = self.env["creditbox.evaluation"]._sql_order_of_cover(self.company)
        self.assertFalse(any(part.code for part in sql.values()))
