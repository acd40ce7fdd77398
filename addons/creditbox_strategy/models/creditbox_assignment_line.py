from odoo import fields, models


class CreditboxAssignmentLine(models.Model):
    """A position that changes hands: simulated, then history."""

    _name = "creditbox.assignment.line"
    _description = "Change of Hands of a Position"
    _order = "id desc"
    _rec_name = "position_id"
    _log_access = False

    assignment_id = fields.Many2one(
        "creditbox.assignment",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    position_id = fields.Many2one(
        "creditbox.position",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, ondelete="cascade"
    )
    portfolio_id = fields.Many2one(
        "creditbox.portfolio", readonly=True, ondelete="set null"
    )
    user_from_id = fields.Many2one("res.users", string="From", readonly=True)
    user_to_id = fields.Many2one("res.users", string="To", readonly=True)
    amount = fields.Monetary(string="Overdue", readonly=True)
    reason = fields.Char(related="assignment_id.reason")
    date = fields.Datetime(string="Changed on", readonly=True)
    state = fields.Selection(
        [
            ("simulated", "Simulated"),
            ("applied", "Changed hands"),
            ("stale", "Left out: assigned by somebody meanwhile"),
        ],
        required=True,
        readonly=True,
    )
