from odoo import fields, models


class CreditboxHold(models.Model):
    _inherit = "creditbox.hold"

    promise_id = fields.Many2one(
        "creditbox.promise",
        string="Because of the promise",
        readonly=True,
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
    )
