from odoo import fields, models


class CreditboxAssignmentLoad(models.Model):
    """What an operator has before and after an assignment."""

    _name = "creditbox.assignment.load"
    _description = "Load of an Operator"
    _order = "assignment_id, user_id"
    _rec_name = "user_id"

    assignment_id = fields.Many2one(
        "creditbox.assignment",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="assignment_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", string="Operator", readonly=True)
    count_before = fields.Integer(string="Positions before", readonly=True)
    count_after = fields.Integer(string="Positions after", readonly=True)
    amount_before = fields.Monetary(string="Overdue before", readonly=True)
    amount_after = fields.Monetary(string="Overdue after", readonly=True)
