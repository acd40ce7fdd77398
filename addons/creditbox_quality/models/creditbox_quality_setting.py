from odoo import api, fields, models
from odoo.exceptions import UserError


class CreditboxQualitySetting(models.Model):
    """Where a company books its indemnities, and who looks after them."""

    _name = "creditbox.quality.setting"
    _description = "Settings of Quality"
    _rec_name = "company_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self._default_company_id()
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="Journal of credit notes",
        check_company=True,
        domain="[('type', '=', 'sale')]",
        help="Empty: the first journal of sales.",
    )
    account_id = fields.Many2one(
        "account.account",
        string="Account of indemnities",
        check_company=True,
        help="Empty: that of the journal.",
    )
    tax_id = fields.Many2one(
        "account.tax",
        string="VAT of indemnities",
        check_company=True,
        domain="[('type_tax_use', '=', 'sale')]",
        help="Out of the scope of VAT; empty: none.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        help="Is told of terms that are about to end.",
    )

    _company_uniq = models.Constraint(
        "UNIQUE(company_id)", "This company has its settings already."
    )

    def _default_company_id(self):
        return self.env.company

    @api.model
    def _of(self, company):
        """:return: creditbox.quality.setting of a company, or empty"""
        # what an administrator has set applies to whoever works
        return self.sudo().search([("company_id", "=", company.id)], limit=1)

    @api.model
    def _journal(self, company):
        """:return: account.journal of the credit notes
        :raises UserError: the company has none of sales
        """
        journal = self._of(company).journal_id or self.env[
            "account.journal"
        ].sudo().search(
            [("type", "=", "sale"), ("company_id", "=", company.id)], limit=1
        )
        if not journal:
            raise UserError(
                self.env._("%s has no journal of sales.", company.display_name)
            )
        return journal
