from odoo import fields, models
from odoo.exceptions import UserError

DEFAULT_ACCOUNT = "1502"  # crediti commerciali diversi


class ResCompany(models.Model):
    """Where assignments without recourse go in the accounts."""

    _inherit = "res.company"

    creditbox_cession_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of assignments",
        check_company=True,
        domain="[('type', '=', 'general')]",
    )
    creditbox_cession_account_id = fields.Many2one(
        "account.account",
        string="Account of assignees",
        check_company=True,
        help="What assignees owe for bills, less what is to be turned over to them.",
    )

    def _creditbox_prepare_cessions(self):
        """Fill in what was left empty of journal and accounts.

        :raises UserError: an account is missing, and the chart has no usual one
        """
        self.ensure_one()
        self._creditbox_prepare_writeoffs()  # the discount is a loss
        company = self.sudo().with_company(self)  # settings of the system
        if not company.creditbox_cession_journal_id:
            speaking = company.with_context(lang=company.partner_id.lang)
            name = speaking.env._("Assignments of credit")
            company.creditbox_cession_journal_id = company._creditbox_journal(
                "CBC", "general", name
            )
        if not company.creditbox_cession_account_id:
            company.creditbox_cession_account_id = company.env[
                "account.chart.template"
            ].ref(DEFAULT_ACCOUNT, raise_if_not_found=False)
        if not company.creditbox_cession_account_id:
            raise UserError(
                self.env._(
                    "%s: choose the account of assignees in the settings.", self.name
                )
            )
