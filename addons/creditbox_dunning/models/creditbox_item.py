from odoo import api, fields, models

from .loose_many2one import LooseMany2one


class CreditboxItem(models.Model):
    """Dunning state of one overdue receivable line.

    Rows are made and moved forward by SQL (``creditbox.evaluation``): a company
    has a million of them, so the table keeps just what it needs.
    """

    _name = "creditbox.item"
    _description = "Dunning Item"
    _order = "next_date, id"
    _rec_name = "move_line_id"
    _log_access = False  # its actions tell who did what, and when

    move_line_id = fields.Many2one(
        "account.move.line", required=True, ondelete="cascade", readonly=True
    )
    position_id = LooseMany2one(
        "creditbox.position", required=True, index=True, readonly=True
    )
    company_id = LooseMany2one("res.company", required=True, readonly=True)
    step = fields.Integer(default=0, readonly=True)
    last_action_id = LooseMany2one("creditbox.action", readonly=True)
    last_action_date = fields.Date(readonly=True)
    next_rule_id = LooseMany2one("creditbox.rule", readonly=True)
    next_date = fields.Date(readonly=True)
    exclusion = fields.Selection(
        [
            ("plan", "Repayment plan"),
            ("agency", "With an agency"),
            ("litigation", "In litigation"),
            ("writeoff", "Proposed for write-off"),
        ],
        readonly=True,
        help="Takes no part in the action table while this is set.",
    )
    partner_id = fields.Many2one(related="position_id.partner_id")
    supply_id = fields.Many2one(related="position_id.supply_id")
    move_id = fields.Many2one(related="move_line_id.move_id", string="Bill")
    date_due = fields.Date(related="move_line_id.date_maturity")
    amount_residual = fields.Monetary(
        related="move_line_id.amount_residual", currency_field="currency_id"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    line_ids = fields.One2many("creditbox.action.line", "item_id", readonly=True)

    _move_line_uniq = models.Constraint(
        "UNIQUE(move_line_id)", "A receivable line has one dunning state."
    )

    @api.depends("move_line_id", "step")
    def _compute_display_name(self):
        for item in self:
            name = item.move_id.creditbox_ref or item.move_id.name
            item.display_name = f"{name} ({item.step})"
