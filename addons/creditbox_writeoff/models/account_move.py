from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    creditbox_writeoff_id = fields.Many2one(
        "creditbox.writeoff",
        string="Recovery of",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
