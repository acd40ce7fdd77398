from odoo import api, fields, models
from odoo.exceptions import UserError


class CreditboxClaimAnswer(models.TransientModel):
    """What the insurer says to a claim."""

    _name = "creditbox.claim.answer"
    _description = "Answer of an Insurer"

    claim_id = fields.Many2one("creditbox.claim", required=True, readonly=True)
    currency_id = fields.Many2one(related="claim_id.currency_id")
    state = fields.Selection(
        [("recognised", "Recognised"), ("refused", "Refused")],
        required=True,
        default="recognised",
    )
    date = fields.Date(
        required=True,
        compute="_compute_proposed",
        store=True,
        readonly=False,
        precompute=True,
    )
    amount = fields.Monetary(
        string="Recognised amount",
        compute="_compute_proposed",
        store=True,
        readonly=False,
        precompute=True,
    )
    answer = fields.Text()

    @api.depends("claim_id")
    def _compute_proposed(self):
        for answer in self:
            claim = answer.claim_id
            company = claim.company_id or self.env.company
            answer.date = company._creditbox_today()
            answer.amount = claim.amount_expected

    def action_save(self):
        """Write the answer on the claim.

        :raises UserError: an amount that was not claimed; a refusal without its reason
        """
        self.ensure_one()
        claim = self.claim_id
        claim._require("creditbox_base.group_operator")
        claim._check_state("submitted", "recognised")
        if self.state == "refused" and not (self.answer or "").strip():
            raise UserError(self.env._("Write why the insurer refuses."))
        recognised = self.state == "recognised"
        if recognised and not 0 < self.amount <= claim.amount_claimed:
            raise UserError(
                self.env._("The amount is more than nothing, at most what is claimed.")
            )
        claim.sudo().write(  # nobody writes claims: asked for above
            {
                "state": self.state,
                "date_recognised": self.date,
                "amount_recognised": self.amount if recognised else 0,
                "answer": self.answer,
            }
        )
        return {"type": "ir.actions.act_window_close"}
