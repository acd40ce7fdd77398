from odoo import api, models
from odoo.exceptions import UserError, ValidationError


class CreditboxSource(models.Model):
    """Where in the accounts the documents of a billing system go."""

    _inherit = "creditbox.source"

    @api.constrains("journal_id", "payment_journal_id")
    def _check_journals(self):
        for source in self:
            journals = source.journal_id | source.payment_journal_id
            if any(journal.restrict_mode_hash_table for journal in journals):
                raise ValidationError(
                    self.env._(
                        "The journals of a billing system cannot be secured with a "
                        "hash: its corrections and cancellations must be possible."
                    )
                )
            foreign = journals.currency_id - source.company_id.currency_id
            if foreign:
                raise ValidationError(
                    self.env._("The journals must be in the currency of the company.")
                )

    def _prepare_accounts(self):
        """Fill in the journals and the account that were left empty."""
        for source in self.sudo().with_company(self.company_id[:1]):
            company = source.company_id
            if not source.journal_id:
                source.journal_id = source._find_journal(
                    "sale", "CBB", source.env._("Bills of %s", company.name)
                )
            if not source.payment_journal_id:
                source.payment_journal_id = source._find_journal(
                    "bank", "CBP", source.env._("Payments of %s", company.name)
                )
            if not source.income_account_id:
                source.income_account_id = source._find_income_account()

    def _find_journal(self, kind, code, name):
        journal = self.env["account.journal"].search(
            [("company_id", "=", self.company_id.id), ("code", "=", code)], limit=1
        )
        return journal or self.env["account.journal"].create(
            {"name": name, "code": code, "type": kind, "company_id": self.company_id.id}
        )

    def _find_income_account(self):
        """The account on which the company's other sales go."""
        journals = self.env["account.journal"].search(
            [("company_id", "=", self.company_id.id), ("type", "=", "sale")]
        )
        account = (
            self.journal_id.default_account_id
            or self.company_id.income_account_id
            or journals.default_account_id[:1]
            or self.env["account.account"].search(
                [
                    *self.env["account.account"]._check_company_domain(self.company_id),
                    ("account_type", "=", "income"),
                ],
                limit=1,
            )
        )
        if not account:
            raise UserError(
                self.env._(
                    "Company %s has no chart of accounts: install one first.",
                    self.company_id.name,
                )
            )
        return account

    def _bill_name(self, number):
        return f"{self.number_prefix or ''}{number}"

    def _payment_name(self, code):
        return f"{self.payment_journal_id.code}/{code}"
