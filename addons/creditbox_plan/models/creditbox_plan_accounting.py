"""Instalments as entries: why, and how.

For each instalment one entry on the customer's own account: it credits the bills with
the instalment's share, oldest bill first, and debits the same account once, due on the
instalment's day. Interest is the only other line. So

- what the customer owes stays on one account, with the days on which it is really due:
  ageing, statement, payment codes, payments and reminders work as for bills;
- revenue and VAT are not touched: bills keep their numbers, dates and taxes, and are
  never posted again;
- the way back needs no correction of documents: what is still open of the instalments
  is matched with their own credits, and the bills are open again for just that.

Bills keep their state in the action table (creditbox.item) all the time.
"""

from decimal import Decimal

from odoo import models
from odoo.fields import Command


class CreditboxPlan(models.Model):
    _inherit = "creditbox.plan"

    def _quietly(self):
        """Positions follow once, at the end."""
        return self.with_context(creditbox_bulk=True, tracking_disable=True)

    def _post_instalments(self):
        """Close the bills' open amounts and open the instalments instead."""
        plan = self._quietly()
        plan.company_id._creditbox_prepare_plans()
        open_amounts = {
            bill: plan._money(bill.move_line_id.amount_residual)
            for bill in plan.bill_ids
        }
        paid = plan._money(plan.amount) - sum(open_amounts.values())
        entries = []
        for line in plan.line_ids:
            before = min(max(paid, Decimal(0)), plan._money(line.capital))
            paid -= before
            line.amount_before = float(before)
            if share := plan._money(line.capital) - before:
                entries.append((line, plan._shares(open_amounts, share)))
        values = [plan._entry(line, shares) for line, shares in entries]
        moves = plan.env["account.move"].create(values)
        for (line, _shares), move in zip(entries, moves, strict=True):
            line.move_id = move
        moves._post(soft=False)
        plan._close_bills(moves)
        self.env["creditbox.item"]._exclude(plan.line_ids._receivable(), "plan")

    def _shares(self, open_amounts, amount):
        """Take ``amount`` from the bills, oldest first.

        :param open_amounts: {creditbox.plan.bill: Decimal}, lowered here
        :return: [(bill, Decimal)]
        """
        shares = []
        for bill, left in open_amounts.items():
            if share := min(left, amount):
                shares.append((bill, share))
                open_amounts[bill] -= share
                amount -= share
        return shares

    def _entry(self, line, shares):
        """Values of the entry of an instalment."""
        label = self.env._(
            "Plan %(plan)s, instalment %(number)s of %(count)s",
            plan=self.name,
            number=line.number,
            count=len(self.line_ids),
        )
        capital = sum(share for _bill, share in shares)
        account = shares[0][0].move_line_id.account_id
        lines = [
            {
                "name": label,
                "account_id": account.id,
                "partner_id": self.partner_id.id,
                "date_maturity": line.date_due,
                "debit": float(capital + self._money(line.interest)),
            },
            *(
                {
                    "name": label,
                    "account_id": bill.move_line_id.account_id.id,
                    "partner_id": self.partner_id.id,
                    "date_maturity": bill.date_due,
                    "credit": float(share),
                }
                for bill, share in shares
            ),
        ]
        if line.interest:
            lines.append(self._interest_line(label, credit=line.interest))
        return self._entry_values(
            label, lines, creditbox_payment_code=line.payment_code
        )

    def _interest_line(self, label, **amounts):
        account = self.company_id.creditbox_interest_account_id
        return {"name": label, "account_id": account.id, **amounts}

    def _entry_values(self, label, lines, **values):
        return {
            "move_type": "entry",
            "company_id": self.company_id.id,
            "journal_id": self.company_id.creditbox_plan_journal_id.id,
            "date": self.company_id._creditbox_today(),
            "partner_id": self.partner_id.id,
            "creditbox_supply_id": self.supply_id.id,
            "ref": label,
            "line_ids": [Command.create(line) for line in lines],
            **values,
        }

    def _close_bills(self, moves):
        """Match each bill with what the entries credit it."""
        credits_ = self._credits(moves)
        for bill in self.bill_ids:
            own = credits_.filtered(
                lambda line: (
                    line.account_id == bill.move_line_id.account_id  # noqa: B023
                    and not line.reconciled
                )
            )
            self._match(bill.move_line_id, own, self._credited(bill, own))

    def _credits(self, moves):
        """:return: what the entries take off the bills, in the order of both"""
        return moves.line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable" and line.balance < 0
            )
        ).sorted("id")

    def _credited(self, bill, lines):
        """:return: those of ``lines`` that were made for the bill"""
        found, left = lines.browse(), bill.move_line_id.amount_residual
        for line in lines:
            if self.currency_id.compare_amounts(left, 0) <= 0:
                break
            found |= line
            left += line.amount_residual
        return found

    def _match(self, debit, credits_, chosen=None):
        lines = debit | (credits_ if chosen is None else chosen)
        if len(lines) > 1:
            lines.reconcile()

    # -- the way back --------------------------------------------------------------

    def _reopen_bills(self):
        """What has not been paid of the instalments is open on the bills again.

        Interest that has not been paid falls away: from now on the law's runs, on the
        bills.
        """
        for plan in self._quietly():
            plan._drop_interest(plan.line_ids)
            debits = plan.line_ids._receivable().filtered("amount_residual")
            left = sum(plan._money(line.amount_residual) for line in debits)
            moves = plan.line_ids.move_id
            freed = plan.env["account.move.line"]
            # the newest bills come back first: payments have covered the oldest
            for credit in plan._credits(moves).sorted(
                lambda line: (line.date_maturity, line.id), reverse=True
            ):
                if left <= 0:
                    break
                freed |= credit
                left += plan._money(credit.balance)
            bills = {
                credit: (
                    credit.matched_debit_ids.debit_move_id & plan.bill_ids.move_line_id
                )
                for credit in freed
            }
            freed.remove_move_reconcile()
            for credit in freed:
                still = debits.filtered(
                    lambda line: (
                        line.account_id == credit.account_id  # noqa: B023
                        and not line.reconciled
                    )
                )
                plan._match(credit, still)
            # of the last one a part had been paid
            for credit in freed.filtered(lambda line: not line.reconciled):
                plan._match(bills[credit], credit)

    def _drop_interest(self, lines):
        """Take back the interest of instalments as far as it has not been paid."""
        unpaid = {}
        for line in lines.filtered("interest"):
            debit = line._receivable()
            if amount := min(line.interest, debit.amount_residual):
                unpaid[debit] = amount
        if not unpaid:
            return
        label = self.env._("Plan %s: interest that falls away", self.name)
        entry = self.env["account.move"].create(
            self._entry_values(
                label,
                [
                    *(
                        {
                            "name": label,
                            "account_id": debit.account_id.id,
                            "partner_id": self.partner_id.id,
                            "credit": amount,
                        }
                        for debit, amount in unpaid.items()
                    ),
                    self._interest_line(label, debit=sum(unpaid.values())),
                ],
            )
        )
        entry._post(soft=False)
        for debit, credit in zip(unpaid, self._credits(entry), strict=True):
            self._match(debit, credit)
