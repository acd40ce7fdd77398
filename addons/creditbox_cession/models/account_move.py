from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    creditbox_cession_id = fields.Many2one(
        "creditbox.cession",
        string="Assignment of credit",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
