from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_amount


class CreditboxClaim(models.Model):
    """What the insurer pays closes the customer's bills; the rest is our own share.

    The payment is one of the insurer's, as of a supplier who gives money back. One
    entry for each supply, because the statement of account is by supply, moves it to
    the customer: the insurer takes the company's place for what he has paid (c.c. art.
    1916), nobody writes it off.
    """

    _inherit = "creditbox.claim"

    def _collect(self, journal, date, amount):
        """Book what an insurer has paid.

        :param journal: account.journal, bank or cash
        :param amount: float, what arrived
        :raises UserError: the policy does not say who the insurer is in the accounts
        """
        self.ensure_one()
        insurer = self.policy_id.partner_id
        if not insurer:
            raise UserError(
                self.env._(
                    "Policy %s: say who the insurer is in the accounts first.",
                    self.policy_id.display_name,
                )
            )
        # no right to the accounts is needed: the button has asked who
        claim = self.sudo().with_company(self.company_id)
        claim.company_id._creditbox_prepare_claims()
        positions = self.env["creditbox.position"].search(
            [("partner_id", "=", claim.partner_id.id)]
        )
        self.env["creditbox.evaluation"]._lock_positions(positions)
        payment = claim._make_payment(insurer, journal, date, amount)
        moves = claim._make_entries(payment.destination_account_id, date, amount)
        claim._match_payment(payment, moves)
        claim.write(
            {
                "state": "collected",
                "date_collected": date,
                "amount_collected": amount,
                "payment_id": payment.id,
                "move_ids": [Command.set(moves.ids)],
            }
        )
        claim._tell_excess(amount - sum(moves.mapped("amount_total")))

    def _make_payment(self, insurer, journal, date, amount):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "supplier",
                "partner_id": insurer.id,
                "company_id": self.company_id.id,
                "journal_id": journal.id,
                "date": date,
                "amount": amount,
                "memo": self.env._("Indemnity %s", self.name),
            }
        )
        payment.action_post()
        return payment

    def _make_entries(self, account, date, amount):
        """Close the bills by what was paid, the oldest first.

        :param account: account.account of the insurer, that the payment has credited
        :return: account.move, posted, one a supply
        """
        shares, left = {}, amount
        for line in self.line_ids.move_line_id.sorted("date_maturity"):
            share = min(left, line.amount_residual)
            left -= share
            if not self.currency_id.is_zero(share):
                supply = line.move_id.creditbox_supply_id
                shares.setdefault(supply, []).append((line, share))
        moves = self.env["account.move"].create(
            [
                self._entry_values(supply, parts, account, date)
                for supply, parts in shares.items()
            ]
        )
        moves._post(soft=False)
        plan = [
            bill | entry
            for move, parts in zip(moves, shares.values(), strict=True)
            for (bill, _share), entry in zip(
                parts, move.line_ids.filtered("credit").sorted("id"), strict=True
            )
        ]
        if plan:
            self.env["account.move.line"]._reconcile_plan(plan)
        return moves

    def _entry_values(self, supply, parts, account, date):
        label = self.env._("Indemnity %s", self.name)
        customer = [
            {
                "name": bill.move_id.creditbox_ref or bill.move_id.name,
                "account_id": bill.account_id.id,
                "partner_id": self.partner_id.id,
                "credit": share,
            }
            for bill, share in parts
        ]
        insurer = {
            "name": label,
            "account_id": account.id,
            "partner_id": self.policy_id.partner_id.id,
            "debit": sum(share for _bill, share in parts),
        }
        return {
            "move_type": "entry",
            "company_id": self.company_id.id,
            "journal_id": self.company_id.creditbox_claim_journal_id.id,
            "creditbox_supply_id": supply.id,
            "date": date,
            "ref": label,
            "line_ids": [Command.create(values) for values in (*customer, insurer)],
        }

    def _match_payment(self, payment, moves):
        """Where the bank's statement makes the entry later, it is matched then."""
        account = payment.destination_account_id
        lines = (payment.move_id | moves).line_ids.filtered(
            lambda line: line.account_id == account and not line.reconciled
        )
        if payment.move_id and moves:
            lines.reconcile()

    def _tell_excess(self, excess):
        """The customer has paid meanwhile: the insurer has paid too much."""
        if self.currency_id.compare_amounts(excess, 0) > 0:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=(self.user_id or self.env.user).id,
                summary=self.env._(
                    "The bills needed less: %s to be given back to the insurer",
                    format_amount(self.env, excess, self.currency_id),
                ),
            )

    def action_write_off(self):
        """Ask for the write-off of what the insurer has not paid, the own share.

        :return: window action of the requests
        :raises UserError: nothing is left, or somebody else has the bills
        """
        self._require("creditbox_base.group_operator")
        self._check_state("collected", "refused")
        # operators need not have rights on entries
        lines = self.sudo().line_ids.move_line_id.filtered(
            lambda line: not line.reconciled
        )
        if not lines:
            raise UserError(self.env._("Nothing of these bills is open."))
        requests = self.env["creditbox.writeoff"]._ask(
            lines,
            self.env.ref("creditbox_insurance.writeoff_reason_own_share"),
            note=", ".join(self.mapped("name")),
        )
        for claim in self:
            claim._message_log(
                body=self.env._(
                    "Write-off asked for: %s", ", ".join(requests.mapped("name"))
                )
            )
        return requests._get_records_action(name=self.env._("Write-offs"))
