from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CreditboxPlanBill(models.Model):
    """A bill that a plan is about, with what was open of it."""

    _name = "creditbox.plan.bill"
    _inherit = ["creditbox.plan.part"]
    _description = "Bill of a Plan"
    _order = "plan_id, date_due, id"
    _rec_name = "move_line_id"

    plan_id = fields.Many2one(
        "creditbox.plan", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Receivable Line",
        required=True,
        index=True,
        ondelete="restrict",
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Bill")
    amount = fields.Monetary(
        string="Open then", compute="_compute_amount", store=True, precompute=True
    )
    date_due = fields.Date(
        string="Due on", compute="_compute_amount", store=True, precompute=True
    )
    step = fields.Integer(
        readonly=True, help="Where it stood in the action table when the plan began."
    )

    _line_uniq = models.Constraint(
        "UNIQUE(plan_id, move_line_id)", "A bill is in a plan once."
    )

    @api.depends("move_line_id")
    def _compute_amount(self):
        """Kept as it was: what has been paid since does not change an agreement."""
        for bill in self:
            bill.amount = bill.move_line_id.amount_residual
            bill.date_due = bill.move_line_id.date_maturity or bill.move_line_id.date

    def _square(self):
        """Take what is open now: before the customer has been told."""
        self.filtered(lambda b: b.move_line_id.amount_residual <= 0).unlink()
        for bill in self.exists():
            bill.amount = bill.move_line_id.amount_residual

    @api.constrains("move_line_id", "plan_id")
    def _check_bill(self):
        for bill in self:
            line, plan = bill.move_line_id, bill.plan_id
            fits = (
                line.company_id == plan.company_id
                and line.partner_id.commercial_partner_id == plan.partner_id
                and line.move_id.creditbox_supply_id == plan.supply_id
                and line.account_id.account_type == "asset_receivable"
                and line.parent_state == "posted"
                and line.amount_residual > 0
            )
            if not fits:
                raise ValidationError(
                    self.env._(
                        "%s is not an open bill of this supply.",
                        line.move_id.display_name,
                    )
                )
            if line.currency_id != plan.currency_id:
                raise ValidationError(
                    self.env._(
                        "%s is in another currency: it cannot be paid in instalments.",
                        line.move_id.display_name,
                    )
                )
