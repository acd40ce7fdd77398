from odoo import models
from odoo.fields import Command


class CreditboxCession(models.Model):
    """Assignments without recourse in the accounts: one entry a position.

    The customer's bills are closed against the assignee, who owes the price; the
    discount is a loss. A bill that comes back, and money that is the assignee's, go the
    other way.
    """

    _inherit = "creditbox.cession"

    def _close_bills(self):
        self.company_id._creditbox_prepare_cessions()
        groups = self.line_ids.grouped("position_id")
        moves = self._post_entries(
            [
                self._entry(position, self._assigned_rows(lines))
                for position, lines in groups.items()
            ]
        )
        plan = []
        for move, lines in zip(moves, groups.values(), strict=True):
            credits = move.line_ids.filtered("credit").sorted("id")
            for line, credit in zip(lines, credits, strict=True):
                line.entry_line_id = credit
                plan.append(line.move_line_id | credit)
        self.env["account.move.line"]._reconcile_plan(plan)

    def _assigned_rows(self, lines, back=False):
        """Values of the journal items that close bills, or open them again."""
        owed, owing = ("debit", "credit") if back else ("credit", "debit")
        price = sum(lines.mapped("price"))
        rows = [
            {
                "name": line.move_id.creditbox_ref or line.move_id.name,
                "account_id": line.move_line_id.account_id.id,
                "partner_id": line.partner_id.id,
                owed: line.amount,
            }
            for line in lines
        ]
        rows.append({**self._assignee_row(), owing: price})
        loss = self.currency_id.round(sum(lines.mapped("amount")) - price)
        if loss:
            account = self.company_id.creditbox_loss_account_id
            rows.append(
                {
                    "name": self.env._("Discount of %s", self.name),
                    "account_id": account.id,
                    owing: loss,
                }
            )
        return rows

    def _assignee_row(self):
        return {
            "name": self.name,
            "account_id": self.company_id.creditbox_cession_account_id.id,
            "partner_id": self.partner_id.id,
        }

    def _entry(self, position, rows):
        return {
            "move_type": "entry",
            "company_id": self.company_id.id,
            "journal_id": self.company_id.creditbox_cession_journal_id.id,
            "creditbox_supply_id": position.supply_id.id,
            "creditbox_cession_id": self.id,
            "date": self.company_id._creditbox_today(),
            "ref": self.display_name,
            "line_ids": [Command.create(values) for values in rows],
        }

    def _post_entries(self, vals_list):
        moves = self.env["account.move"].create(vals_list)
        moves._post(soft=False)
        return moves

    def _reopen_bills(self, lines):
        """The entries' part of these bills goes back; what else paid them stays."""
        entry_lines = lines.entry_line_id
        entry_lines.matched_debit_ids.unlink()
        groups = lines.grouped("position_id")
        moves = self._post_entries(
            [
                self._entry(position, self._assigned_rows(own, back=True))
                for position, own in groups.items()
            ]
        )
        plan = []
        for move, own in zip(moves, groups.values(), strict=True):
            receivable = own.move_line_id.account_id
            debits = move.line_ids.filtered(
                lambda line, a=receivable: line.debit and line.account_id in a
            ).sorted("id")
            plan += [
                line.entry_line_id | debit
                for line, debit in zip(own, debits, strict=True)
            ]
        self.env["account.move.line"]._reconcile_plan(plan)

    def _turn_over_credit(self, receipt):
        """What a debtor has paid to the company is owed to the assignee.

        :param receipt: creditbox.cession.receipt whose credit is open
        """
        credit = receipt.credit_line_id
        debtor = {
            "name": self.name,
            "account_id": credit.account_id.id,
            "partner_id": receipt.partner_id.id,
            "debit": receipt.amount,
        }
        owed = {**self._assignee_row(), "credit": receipt.amount}
        move = self._post_entries([self._entry(receipt.position_id, [debtor, owed])])
        (credit | move.line_ids.filtered("debit")).reconcile()
        return move
