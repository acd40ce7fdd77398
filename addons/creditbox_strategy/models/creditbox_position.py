from odoo import fields, models


class CreditboxPosition(models.Model):
    _inherit = "creditbox.position"

    portfolio_id = fields.Many2one(
        "creditbox.portfolio", readonly=True, index="btree_not_null"
    )
    portfolio_by_hand = fields.Boolean(readonly=True)
    user_by_rule = fields.Boolean(
        string="Assigned by rule",
        readonly=True,
        help="An assignment may give it to somebody else. What was assigned by hand"
        " stays.",
    )
    assignment_line_ids = fields.One2many(
        "creditbox.assignment.line",
        "position_id",
        string="Changes of hands",
        domain=[("state", "=", "applied")],
        readonly=True,
    )

    def write(self, vals):
        """Whoever writes the operator assigns by hand."""
        if "user_id" in vals and "user_by_rule" not in vals:
            vals = {**vals, "user_by_rule": False}
        return super().write(vals)
