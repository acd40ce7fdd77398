from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from odoo import models

from odoo.addons.creditbox_dunning.tools.qr import MAX_BYTES, qr_rows
from odoo.addons.creditbox_dunning.tools.statement import Debt


@dataclass(frozen=True)
class PortalBill:
    """A bill as the customer reads it.

    ``state``: to_pay, overdue, held, paid, settled, credit or credit_used.
    """

    move: object
    number: str
    state: str
    due: date
    held_until: date | None = None
    held_for: str = ""

    @property
    def payable(self):
        return self.state in ("to_pay", "overdue", "held")


class AccountMove(models.Model):
    """Bills in the customer's area, in the customer's words."""

    _inherit = "account.move"

    def _creditbox_portal_bills(self):
        """:return: list of PortalBill; the number of queries does not grow"""
        holds = self._creditbox_portal_holds()
        bills = []
        for move in self:
            hold = holds.get(move)
            # customers have no rights on the reasons, whose names are the office's
            words = hold.sudo().reason_id._portal_words() if hold else ""
            bills.append(
                PortalBill(
                    move,
                    move._creditbox_number(),
                    move._creditbox_portal_state(hold),
                    move.invoice_date_due or move.invoice_date,
                    hold.date_to if hold else None,
                    words,
                )
            )
        return bills

    def _creditbox_number(self):
        return self.creditbox_ref or self.name

    def _creditbox_portal_state(self, hold):
        nothing_open = self.currency_id.is_zero(self.amount_residual)
        if self.move_type == "out_refund":
            return "credit_used" if nothing_open else "credit"
        if nothing_open:
            return "paid" if self.payment_state in ("paid", "in_payment") else "settled"
        if hold:
            return "held"
        due = self.invoice_date_due or self.invoice_date
        return "overdue" if due < self.company_id._creditbox_today() else "to_pay"

    def _creditbox_portal_holds(self):
        """:return: {bill: creditbox.hold in force on it, the longest}"""
        open_moves = self.filtered("amount_residual")
        if not open_moves:
            return {}
        by_target = defaultdict(list)
        for company, moves in open_moves.grouped("company_id").items():
            for hold in moves._creditbox_holds_in_force(company):
                target = hold.move_id or hold.supply_id or hold.partner_id
                by_target[hold.level, target.id].append(hold)
        found = {}
        for move in open_moves:
            holds = [
                *by_target["bill", move.id],
                *by_target["supply", move.creditbox_supply_id.id],
                *by_target["customer", move.commercial_partner_id.id],
            ]
            if holds:
                found[move] = max(holds, key=lambda hold: (hold.date_to, hold.id))
        return found

    def _creditbox_holds_in_force(self, company):
        today = company._creditbox_today()
        return self.env["creditbox.hold"].search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "active"),
                ("date_from", "<=", today),
                ("date_to", ">=", today),
                ("customer_id", "in", self.commercial_partner_id.ids),
            ]
        )

    def _creditbox_pdf(self):
        """:return: ir.attachment, the PDF of this very bill, or none

        As the system: who may read the bill, may read its PDF; check that first.
        """
        self.ensure_one()
        return self.env["creditbox.channel.email"].sudo()._bill_file(self.sudo())

    def _creditbox_qr(self):
        """:return: rows of booleans (dark) of the payment code's QR, None without"""
        self.ensure_one()
        return payment_qr(
            self.env,
            self.company_id,
            self.creditbox_payment_code,
            self.amount_residual,
        )


def payment_qr(env, company, code, amount):
    """The QR code of a payment, as on the letters.

    :return: 33 lists of booleans (True: dark); None where there is none
    """
    debt = Debt(0, "", None, None, amount, amount, code or "")
    # settings of the company, which customers need not read
    text = env["creditbox.channel.letter"]._qr(company.sudo(), debt)
    if not text or len(text.encode()) > MAX_BYTES:
        return None
    return qr_rows(text)
