from odoo import fields, models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    creditbox_source_id = fields.Many2one(
        "creditbox.source",
        string="Billing System",
        copy=False,
        readonly=True,
        ondelete="restrict",
        help="The billing system that this payment was acquired from.",
    )
    creditbox_bill_ids = fields.One2many(
        "creditbox.payment.bill", "payment_id", string="Bills Named", readonly=True
    )

    def _generate_move_vals(
        self, write_off_line_vals=None, force_balance=None, line_ids=None
    ):
        """The entry of an acquired payment carries the code of the payment."""
        vals = super()._generate_move_vals(write_off_line_vals, force_balance, line_ids)
        if self.creditbox_source_id and self.creditbox_ref:
            vals["name"] = self.creditbox_source_id._payment_name(self.creditbox_ref)
        return vals
