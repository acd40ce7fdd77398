from odoo import fields, models
from odoo.exceptions import UserError

# of the Italian chart of accounts; of others the administrator chooses them
DEFAULT_ACCOUNTS = {
    "creditbox_loss_account_id": "4905",  # perdite su crediti
    "creditbox_recovery_account_id": "3230",  # sopravvenienze attive
}


class ResCompany(models.Model):
    """Where write-offs go in the accounts."""

    _inherit = "res.company"

    creditbox_writeoff_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of write-offs",
        check_company=True,
        domain="[('type', '=', 'general')]",
    )
    creditbox_loss_account_id = fields.Many2one(
        "account.account",
        string="Account of losses",
        check_company=True,
        help="Losses on receivables, or the allowance for doubtful accounts.",
    )
    creditbox_recovery_account_id = fields.Many2one(
        "account.account", string="Account of recoveries", check_company=True
    )
    creditbox_large_firm = fields.Boolean(
        string="Large firm",
        help="For the tax limit of small credits: turnover of 100 million or more.",
    )
    creditbox_small_residual = fields.Monetary(
        string="Small residuals up to",
        default=20,
        help="What the window of small residuals proposes.",
    )

    def _creditbox_prepare_writeoffs(self):
        """Fill in what was left empty of journal and accounts.

        :raises UserError: an account is missing, and the chart has no usual one
        """
        self.ensure_one()
        company = self.sudo().with_company(self)  # settings of the system
        if not company.creditbox_writeoff_journal_id:
            company.creditbox_writeoff_journal_id = company._creditbox_loss_journal()
        chart = company.env["account.chart.template"]
        for name, xmlid in DEFAULT_ACCOUNTS.items():
            company[name] = company[name] or chart.ref(xmlid, raise_if_not_found=False)
            if not company[name]:
                raise UserError(
                    self.env._(
                        "%(company)s: choose «%(account)s» in the settings.",
                        company=self.name,
                        account=self._fields[name]._description_string(self.env),
                    )
                )

    def _creditbox_loss_journal(self):
        speaking = self.with_context(lang=self.partner_id.lang)
        return self._creditbox_journal("CBS", "general", speaking.env._("Write-offs"))
