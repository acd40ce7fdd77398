from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    creditbox_source_id = fields.Many2one(
        "creditbox.source",
        string="Billing System",
        copy=False,
        readonly=True,
        ondelete="restrict",
        help="The billing system that this bill was acquired from.",
    )
