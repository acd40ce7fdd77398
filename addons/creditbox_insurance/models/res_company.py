from odoo import fields, models


class ResCompany(models.Model):
    """Where indemnities go in the accounts."""

    _inherit = "res.company"

    creditbox_claim_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of indemnities",
        check_company=True,
        domain="[('type', '=', 'general')]",
        help="Of the entries that close the customer's bills by what an insurer paid.",
    )

    def _creditbox_prepare_claims(self):
        """Fill in the journal, if it was left empty."""
        self.ensure_one()
        company = self.sudo().with_company(self)  # settings of the system
        if not company.creditbox_claim_journal_id:
            speaking = company.with_context(lang=company.partner_id.lang)
            name = speaking.env._("Insurance indemnities")
            company.creditbox_claim_journal_id = company._creditbox_journal(
                "CBI", "general", name
            )
