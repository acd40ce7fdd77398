from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

# of the Italian chart of accounts; others: what the journal has
DEFAULT_ACCOUNTS = {
    "creditbox_fee_account_id": "3103",  # rimborsi spese di vendita
    "creditbox_interest_account_id": "5110",  # interessi attivi v/clienti
}
DEFAULT_TAX = "00art15v"  # left out of the taxable amount, DPR 633/1972 art. 15


class ResCompany(models.Model):
    """Where costs and interest go in the accounts, and how they are reckoned."""

    _inherit = "res.company"

    creditbox_charge_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of charges",
        check_company=True,
        domain="[('type', '=', 'sale')]",
    )
    creditbox_fee_account_id = fields.Many2one(
        "account.account", string="Account of costs", check_company=True
    )
    creditbox_interest_account_id = fields.Many2one(
        "account.account", string="Account of interest", check_company=True
    )
    creditbox_charge_tax_id = fields.Many2one(
        "account.tax",
        string="Tax of charges",
        check_company=True,
        domain="[('type_tax_use', '=', 'sale')]",
        help="Late interest and advanced postage are outside VAT (art. 15).",
    )
    creditbox_charge_due_days = fields.Integer(string="Days to pay charges", default=30)
    creditbox_fee_if_failed = fields.Boolean(
        string="Fees stay when a communication comes back",
        help="Otherwise a fee goes back with the step when the customer was not "
        "reached.",
    )
    creditbox_interest_leap_years = fields.Boolean(
        string="366 days in leap years",
        help="Otherwise late interest always counts years of 365 days.",
    )

    def _creditbox_charge_due(self, day):
        return day + timedelta(days=self.creditbox_charge_due_days)

    def _creditbox_prepare_charges(self):
        """Fill in what was left empty of journal, accounts and tax.

        :raises UserError: there is no chart of accounts
        """
        self.ensure_one()
        company = self.sudo().with_company(self)  # settings of the system
        chart = company.env["account.chart.template"]
        if not company.creditbox_charge_journal_id:
            company.creditbox_charge_journal_id = company._creditbox_charge_journal()
            tax = chart.ref(DEFAULT_TAX, raise_if_not_found=False)
            company.creditbox_charge_tax_id = company.creditbox_charge_tax_id or tax
        for name, xmlid in DEFAULT_ACCOUNTS.items():
            if not company[name]:
                company[name] = (
                    chart.ref(xmlid, raise_if_not_found=False)
                    or company._creditbox_income_account()
                )

    def _creditbox_charge_journal(self):
        speaking = self.with_context(lang=self.partner_id.lang)
        name = speaking.env._("Costs and late interest")
        return self._creditbox_journal("CBA", "sale", name)

    def _creditbox_journal(self, code, kind, name):
        """A journal of the company's, made when it is not there.

        :param kind: type of a journal, ``sale``, ``general`` …
        :return: account.journal
        """
        journals = self.env["account.journal"]
        found = journals.search(
            [("company_id", "=", self.id), ("code", "=", code)], limit=1
        )
        return found or journals.create(
            {"name": name, "code": code, "type": kind, "company_id": self.id}
        )

    def _creditbox_income_account(self):
        accounts = self.env["account.account"]
        account = self.creditbox_charge_journal_id.default_account_id or (
            accounts.search(
                [
                    *accounts._check_company_domain(self),
                    ("account_type", "=", "income"),
                ],
                limit=1,
            )
        )
        if not account:
            raise UserError(
                self.env._(
                    "Company %s has no chart of accounts: install one first.",
                    self.name,
                )
            )
        return account
