from odoo import api, fields, models
from odoo.exceptions import UserError


class CreditboxClaimCollect(models.TransientModel):
    """The insurer has paid."""

    _name = "creditbox.claim.collect"
    _description = "Payment of an Insurer"
    _check_company_auto = True

    claim_id = fields.Many2one("creditbox.claim", required=True, readonly=True)
    company_id = fields.Many2one(related="claim_id.company_id")
    currency_id = fields.Many2one(related="claim_id.currency_id")
    journal_id = fields.Many2one(
        "account.journal",
        string="Bank or cash",
        required=True,
        check_company=True,
        domain="[('type', 'in', ('bank', 'cash'))]",
        compute="_compute_proposed",
        store=True,
        readonly=False,
        precompute=True,
    )
    date = fields.Date(
        required=True,
        compute="_compute_proposed",
        store=True,
        readonly=False,
        precompute=True,
    )
    amount = fields.Monetary(
        string="Collected",
        compute="_compute_proposed",
        store=True,
        readonly=False,
        precompute=True,
    )

    @api.depends("claim_id")
    def _compute_proposed(self):
        for collect in self:
            claim = collect.claim_id
            company = claim.company_id or self.env.company
            collect.date = company._creditbox_today()
            collect.amount = claim.amount_recognised
            collect.journal_id = self.env["account.journal"].search(
                [("company_id", "=", company.id), ("type", "=", "bank")], limit=1
            )

    def action_collect(self):
        """Book the payment; the bills are closed as far as it goes.

        :raises UserError: nothing, or more than was recognised
        """
        self.ensure_one()
        claim = self.claim_id
        claim._require("creditbox_base.group_supervisor")
        claim._check_state("recognised")
        over = self.currency_id.compare_amounts(self.amount, claim.amount_recognised)
        if self.amount <= 0 or over > 0:
            raise UserError(
                self.env._(
                    "The amount is more than nothing, at most what is recognised."
                )
            )
        claim._collect(self.journal_id, self.date, self.amount)
        return {"type": "ir.actions.act_window_close"}
