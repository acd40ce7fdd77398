from odoo import fields, models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    creditbox_supply_id = fields.Many2one(
        "creditbox.supply",
        string="Paid for Supply",
        check_company=True,
        index="btree_not_null",
        help="Until it is matched the payment pays bills of this supply alone. "
        "Empty: the oldest bills of the customer.",
    )

    def _generate_move_vals(
        self, write_off_line_vals=None, force_balance=None, line_ids=None
    ):
        vals = super()._generate_move_vals(write_off_line_vals, force_balance, line_ids)
        if self.creditbox_supply_id:
            vals["creditbox_supply_id"] = self.creditbox_supply_id.id
        return vals
