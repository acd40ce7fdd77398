from odoo import fields, models


class CreditboxHold(models.Model):
    _inherit = "creditbox.hold"

    case_declaration_id = fields.Many2one(
        "creditbox.case.declaration",
        string="Declared collection",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
    )
