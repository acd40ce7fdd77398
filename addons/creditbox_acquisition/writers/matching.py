"""Bring the reconciliation of acquired bills and payments to what it must be."""

from odoo.tools import SQL

from ..tools.matching import Bill, Payment, allocate
from .connected import Connected
from .reconciler import Reconciler


class Matcher:
    """Matches the bills and payments touched, and all that hangs together with them.

    What must be is computed from scratch (`tools.matching.allocate`), compared with
    what is there, and only the difference is written. Matchings with anything else
    than acquired documents are people's work and stay.
    """

    def __init__(self, source):
        self.env = source.env
        self.among = Connected(source)

    @property
    def partner_ids(self):
        return self.among.partner_ids

    def run(self, bills=(), payments=()):
        """Match.

        :param bills: numbers (`creditbox_ref`) of the bills written
        :param payments: ids of the payments written
        """
        self.env.flush_all()
        among = self.among
        among.gather(set(bills), set(payments))
        if not among.payments:
            return
        present = among.load_partials()
        capacity = {}
        for (payment_line, bill_line), (_partial, cents) in present.items():
            capacity[payment_line] = capacity.get(payment_line, 0) + cents
            capacity[bill_line] = capacity.get(bill_line, 0) + cents
        wanted = {
            (payment, bill): cents
            for payment, bill, cents in allocate(
                [self._bill(row, capacity) for row in among.bills.values()],
                [self._payment(row, capacity) for row in among.payments.values()],
                among.company.creditbox_allocation == "charges",
            )
        }
        left = self._left_over(wanted, capacity)
        self._remove(
            [
                partial
                for pair, (partial, cents) in present.items()
                if wanted.get(pair) != cents
            ]
        )
        Reconciler(among, left).run(
            {
                pair: cents
                for pair, cents in wanted.items()
                if pair not in present or present[pair][1] != cents
            }
        )
        self._set_supplies()

    def _left_over(self, wanted, capacity):
        """dict line id -> cents left when all is matched as wanted, signed."""
        left = {}
        for row in (*self.among.bills.values(), *self.among.payments.values()):
            sign = 1 if "payment_id" not in row else -1
            cents = sign * self.among.cents(row["residual"]) + capacity.get(
                row["id"], 0
            )
            left[row["id"]] = sign * cents
        for (payment, bill), cents in wanted.items():
            left[payment] += cents
            left[bill] -= cents
        return left

    def _bill(self, row, capacity):
        amount = self.among.cents(row["residual"]) + capacity.get(row["id"], 0)
        return Bill(
            row["id"], row["ref"], row["due"], amount, row["account_id"],
            row["partner_id"], row["charge"],
        )  # fmt: skip

    def _payment(self, row, capacity):
        amount = self.among.cents(-row["residual"]) + capacity.get(row["id"], 0)
        return Payment(
            row["id"], row["ref"], row["date"], amount, row["account_id"],
            row["partner_id"], tuple(row["refs"]), row["oldest"],
        )  # fmt: skip

    # -- writing -------------------------------------------------------------------

    def _remove(self, partial_ids):
        if not partial_ids:
            return
        self.env["account.partial.reconcile"].browse(partial_ids).unlink()
        self.env.flush_all()

    def _set_supplies(self):
        """A payment whose bills are all of one supply is a credit of that supply."""
        changes = {}
        for row in self.among.payments.values():
            if row["refs"]:
                named = [
                    self.among.bills[ref]
                    for ref in row["refs"]
                    if ref in self.among.bills
                ]
                supplies = {bill["supply_id"] for bill in named}
                supply = supplies.pop() if len(supplies) == 1 else None
                if supply != row["supply_id"]:
                    changes[row["move_id"]] = supply
        if changes:
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE account_move AS move
                       SET creditbox_supply_id = change.supply_id
                      FROM unnest(%s::int[], %s::int[]) AS change(id, supply_id)
                     WHERE move.id = change.id
                    """,
                    list(changes),
                    list(changes.values()),
                )
            )
            self.env["account.move"].invalidate_model(
                ["creditbox_supply_id"], flush=False
            )
