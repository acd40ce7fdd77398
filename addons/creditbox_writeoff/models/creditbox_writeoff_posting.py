import logging

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

BATCH = 100


class CreditboxWriteoff(models.Model):
    """How approved write-offs get into the accounts: one entry each, reconciled."""

    _inherit = "creditbox.writeoff"

    @api.model
    def _cron_book(self):
        """Book what has been approved; what cannot be booked says why and waits."""
        tried = self.browse()
        while batch := self.search(
            [("state", "=", "approved"), ("id", "not in", tried.ids)],
            limit=BATCH,
            order="id",
        ):
            batch._book()
            tried |= batch
            left = len(batch) == BATCH
            if not self.env["ir.cron"]._commit_progress(len(batch), remaining=left):
                return

    def _book(self):
        """Book approved requests, company by company.

        A closed period or a missing account stops nothing else: ``error`` says it.
        """
        # no right to the accounts is needed: the button has asked who
        approved = self.sudo().filtered(lambda request: request.state == "approved")
        for company, requests in approved.grouped("company_id").items():
            try:
                with self.env.cr.savepoint():
                    company._creditbox_prepare_writeoffs()
                    requests.with_company(company)._book_in(company)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except (UserError, ValidationError) as error:
                self.env.invalidate_all()
                _logger.info("Write-offs of %s not booked: %s", company.name, error)
                requests.error = str(error)[:200]

    def _book_in(self, company):
        """Write off what is still open, the positions' rows locked."""
        self.env["creditbox.evaluation"]._lock_positions(self.position_id)
        today = company._creditbox_today()
        bulk = self.with_context(creditbox_bulk=True, mail_create_nolog=True)
        bulk._use_credits()
        bulk._measure()
        paid = bulk.filtered(lambda request: request.amount <= 0)
        due = bulk - paid
        moves = due._make_entries(company, today)
        due._close_bills(moves)
        for request, move in zip(due, moves, strict=True):
            request.write(
                {
                    "move_id": move.id,
                    "state": "posted",
                    "date_posted": today,
                    "amount_written": request.amount,
                    "error": False,
                    **request._tax_values(today),
                }
            )
        due._message_log_batch(
            bodies={
                request.id: self.env._("Written off: %s", request.move_id.name)
                for request in due
            }
        )
        self._tell_accountant(due)
        # before the hook below, which ends what is paid in another way
        paid._end("cancelled", self.env._("Paid"))
        self.env["creditbox.position"].with_context(creditbox_bulk=False)._touch(
            set(self.partner_id.ids), company
        )

    def _use_credits(self):
        """Credits of the position pay what they can of its bills, oldest first."""
        for request, credits in self._credit_lines().items():
            for account, of_account in credits.grouped("account_id").items():
                bills = request.line_ids.move_line_id.filtered(
                    lambda line, a=account: line.account_id == a and not line.reconciled
                )
                # two requests of a customer may share a credit without a supply
                still_open = of_account.filtered(lambda line: not line.reconciled)
                if still_open and bills:
                    (still_open | bills).reconcile()

    def _make_entries(self, company, day):
        """:return: account.move, posted, one for each request, in their order"""
        moves = self.env["account.move"].create(
            [request._entry_values(company, day) for request in self]
        )
        moves._post(soft=False)
        return moves

    def _entry_values(self, company, day):
        label = self.env._("Write-off %s", self.name)
        lines = self.line_ids.filtered("amount")
        receivable = [
            {
                "name": line.move_id.creditbox_ref or line.move_id.name,
                "account_id": line.move_line_id.account_id.id,
                "partner_id": self.partner_id.id,
                "credit": line.amount,
            }
            for line in lines
        ]
        loss = {
            "name": f"{label}: {self.reason_id.name}",
            "account_id": company.creditbox_loss_account_id.id,
            "partner_id": self.partner_id.id,
            "debit": sum(lines.mapped("amount")),
        }
        return {
            "move_type": "entry",
            "company_id": company.id,
            "journal_id": company.creditbox_writeoff_journal_id.id,
            "creditbox_supply_id": self.supply_id.id,
            "date": day,
            "ref": label,
            "line_ids": [Command.create(values) for values in (*receivable, loss)],
        }

    def _close_bills(self, moves):
        """Reconcile each bill with its line of the entry, all at once."""
        plan = []
        for request, move in zip(self, moves, strict=True):
            lines = request.line_ids.filtered("amount")
            entries = move.line_ids.filtered("credit").sorted("id")
            plan += [
                line.move_line_id | entry
                for line, entry in zip(lines, entries, strict=True)
            ]
        self.env["account.move.line"]._reconcile_plan(plan)

    # ------------------------------------------------------------------
    # taxes
    # ------------------------------------------------------------------
    def _tax_values(self, day):
        """:return: {tax_ground, tax_note}: which makes the loss deductible, and why

        Source: TUIR art. 101 c. 5. A position is looked at as a whole: bills of one
        supply contract count together.
        """
        limit = self.env["creditbox.writeoff.limit"]._on(day)
        large = self.company_id.creditbox_large_firm
        amount = large and limit.amount_large or limit.amount
        youngest = max(self.line_ids.filtered("amount").mapped("date_due"))
        since = day - relativedelta(months=limit.months)
        if limit and self.amount <= amount and youngest <= since:
            note = self.env._(
                "Up to %(amount)s and due for %(months)s months (%(law)s)",
                amount=self.currency_id.format(amount),
                months=limit.months,
                law=limit.source,
            )
            return {"tax_ground": "small", "tax_note": note}
        ground = self.reason_id.ground or "proof"
        return {"tax_ground": ground, "tax_note": self.reason_id.name}

    def _tell_accountant(self, requests):
        """Who has approved sees to the notes of variation."""
        for request in requests.filtered("vat_note"):
            request.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=(request.approved_by_id or self.env.user).id,
                summary=self.env._("VAT note of variation (art. 26) due"),
            )
