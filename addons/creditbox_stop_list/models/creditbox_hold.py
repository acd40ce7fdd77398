from odoo import fields, models


class CreditboxHold(models.Model):
    _inherit = "creditbox.hold"

    stop_id = fields.Many2one(
        "creditbox.stop",
        string="Stop List",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="Entry of the group's stop list that has made this hold.",
    )
