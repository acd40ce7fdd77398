from odoo import fields, models


class CreditboxHold(models.Model):
    """Customers read that and until when a bill is held, not what we note about it."""

    _inherit = "creditbox.hold"

    note = fields.Text(groups="base.group_user")
    user_id = fields.Many2one(groups="base.group_user")
    declaration_id = fields.Many2one(
        "creditbox.payment.declaration",
        string="Declared Payment",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
    )

    _declared_once = models.UniqueIndex(
        "(move_id) WHERE declaration_id IS NOT NULL",
        "A bill is held once only for a declared payment.",
    )
