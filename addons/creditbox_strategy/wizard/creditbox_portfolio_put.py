from odoo import api, fields, models


class CreditboxPortfolioPut(models.TransientModel):
    """Put positions into a portfolio by hand, or give them back to the rules."""

    _name = "creditbox.portfolio.put"
    _inherit = ["creditbox.guarded"]
    _description = "Choose a Portfolio"

    position_ids = fields.Many2many(
        "creditbox.position",
        required=True,
        default=lambda self: self._default_position_ids(),
    )
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    portfolio_id = fields.Many2one(
        "creditbox.portfolio",
        domain="[('company_id', '=', company_id)]",
        help="Empty: the rules decide again.",
    )

    def _default_position_ids(self):
        return self.env.context.get("active_ids", [])

    @api.depends("position_ids")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.position_ids.company_id[:1]

    def action_put(self):
        """Put them there; the rules leave them alone from now on."""
        self._require("creditbox_base.group_supervisor")
        positions = self.position_ids
        positions.check_access("write")
        strangers = positions.filtered(
            lambda p: self.portfolio_id and p.company_id != self.portfolio_id.company_id
        )
        (positions - strangers).write(
            {
                "portfolio_id": self.portfolio_id.id,
                "portfolio_by_hand": bool(self.portfolio_id),
            }
        )
        return {"type": "ir.actions.act_window_close"}
