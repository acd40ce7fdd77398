from odoo import fields, models


class CreditboxPaymentBill(models.Model):
    """A bill number that a payment names; the bill itself may come later."""

    _name = "creditbox.payment.bill"
    _description = "Bill Named by a Payment"
    _order = "payment_id, sequence"
    _log_access = False
    _rec_name = "bill_ref"

    payment_id = fields.Many2one(
        "account.payment", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True)
    sequence = fields.Integer()
    bill_ref = fields.Char(string="Bill Number", required=True)

    _bill_ref_idx = models.Index("(company_id, bill_ref)")
