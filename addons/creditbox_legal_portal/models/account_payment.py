from odoo import fields, models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    case_declaration_ids = fields.One2many(
        "creditbox.case.declaration",
        "payment_id",
        string="Declared collections",
        groups="creditbox_base.group_reader",
    )
