from odoo import fields, models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    creditbox_ref = fields.Char(
        string="Billing System Number",
        copy=False,
        help="Code of the payment in the billing system.",
    )
    creditbox_channel = fields.Char(
        string="Payment Channel", help="Where it was paid: post office, bank, counter…"
    )

    _creditbox_ref_uniq = models.UniqueIndex(
        "(company_id, creditbox_ref) WHERE creditbox_ref IS NOT NULL",
        "A payment with this billing system number already exists.",
    )
