from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

STATES = [
    ("open", "Unpaid"),
    ("paid", "Paid"),
    ("claimed", "Claimed"),
    ("cancelled", "Cancelled"),
]


class CreditboxDeclarationLine(models.Model):
    """One bill that an insurer was told of."""

    _name = "creditbox.declaration.line"
    _description = "Declared Bill"
    _inherit = ["creditbox.guarded"]
    _order = "date_claimable, date_due, id"
    _rec_name = "move_id"
    _check_company_auto = True

    declaration_id = fields.Many2one(
        "creditbox.declaration",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="declaration_id.company_id", store=True, precompute=True
    )
    policy_id = fields.Many2one(
        related="declaration_id.policy_id", store=True, precompute=True, index=True
    )
    provider_id = fields.Many2one(related="policy_id.provider_id")
    date_declared = fields.Date(
        related="declaration_id.date", string="Declared on", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    move_line_id = fields.Many2one(
        "account.move.line", required=True, readonly=True, index=True
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Bill")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, readonly=True, index=True
    )
    date_due = fields.Date(string="Due on", readonly=True)
    date_deadline = fields.Date(string="To declare by", readonly=True)
    late = fields.Boolean(readonly=True, help="Declared after its term: at risk.")
    date_claimable = fields.Date(
        string="To claim from", readonly=True, help="The waiting time is over."
    )
    amount = fields.Monetary(string="Declared", readonly=True)
    amount_insured = fields.Monetary(string="Insured", readonly=True)
    amount_residual = fields.Monetary(
        related="move_line_id.amount_residual", string="Open now"
    )
    live = fields.Boolean(default=True, readonly=True)
    claim_id = fields.Many2one(
        "creditbox.claim", readonly=True, index="btree_not_null", ondelete="set null"
    )
    state = fields.Selection(
        STATES, compute="_compute_state", search="_search_state", string="Stand"
    )

    _live_uniq = models.UniqueIndex(
        "(move_line_id) WHERE live", "This bill has been declared already."
    )

    @api.depends("live", "claim_id", "move_line_id.reconciled")
    def _compute_state(self):
        for line in self:
            if not line.live:
                line.state = "cancelled"
            elif line.claim_id:
                line.state = "claimed"
            else:
                # whoever sees what was declared need not see entries
                paid = line.sudo().move_line_id.reconciled
                line.state = "paid" if paid else "open"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.OR(self._state_domain(state) for state in value)

    def _state_domain(self, state):
        if state == "cancelled":
            return Domain("live", "=", False)
        if state == "claimed":
            return Domain("live", "=", True) & Domain("claim_id", "!=", False)
        return (
            Domain("live", "=", True)
            & Domain("claim_id", "=", False)
            & Domain("move_line_id.reconciled", "=", state == "paid")
        )

    def action_claim(self):
        """Claim these bills: one claim for each customer and policy.

        :return: window action of the claims
        :raises UserError: one cannot be claimed (yet), with the reason of each
        """
        self._require("creditbox_base.group_operator")
        self._check_claimable()
        return self.env["creditbox.claim"]._claim(self)._window()

    def _check_claimable(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        wrong = []
        for line in self:
            bill = line.sudo().move_id.name  # as above
            if line.state != "open":
                wrong.append(f"{bill}: {labels[line.state]}")
            elif line.date_claimable > line.company_id._creditbox_today():
                wrong.append(
                    self.env._(
                        "%(bill)s: the waiting time lasts until %(day)s",
                        bill=bill,
                        day=line.date_claimable,
                    )
                )
        if wrong:
            raise UserError("\n".join(wrong))

    def action_open_bill(self):
        """:return: window action of the bill"""
        self.ensure_one()
        return self.move_id.get_formview_action()
