from odoo import fields, models


class CreditboxCaseLine(models.Model):
    """A bill of a case, as it was handed over."""

    _name = "creditbox.case.line"
    _description = "Bill of a Case"
    _order = "case_id, date_due, id"

    case_id = fields.Many2one(
        "creditbox.case", required=True, index=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="case_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    position_id = fields.Many2one(
        "creditbox.position", required=True, index=True, readonly=True
    )
    move_line_id = fields.Many2one(
        "account.move.line", required=True, index=True, readonly=True
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Bill")
    date_due = fields.Date(readonly=True)
    amount_handed = fields.Monetary(string="Handed over", readonly=True)
    amount_residual = fields.Monetary(
        related="move_line_id.amount_residual", string="Due now"
    )
    age = fields.Integer(
        string="Days overdue", readonly=True, help="When it was handed over."
    )
    live = fields.Boolean(default=True, readonly=True, help="The case is open.")
    last_match = fields.Integer(
        readonly=True, help="The last matching in the accounts before the case."
    )

    _live_uniq = models.UniqueIndex(
        "(move_line_id) WHERE live", "This bill is in an open case already."
    )
