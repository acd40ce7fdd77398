from odoo import models
from odoo.tools.misc import format_date


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "creditbox.searchable"]

    _creditbox_search_columns = ("name", "creditbox_ref", "creditbox_payment_code")
    _creditbox_search_where = "move_type IN ('out_invoice', 'out_refund')"

    def _creditbox_search_results(self):
        return [
            {
                "id": move.id,
                "name": move.creditbox_ref or move.name,
                "detail": " · ".join(
                    filter(
                        None,
                        (
                            move.partner_id.name,
                            format_date(self.env, move.invoice_date),
                        ),
                    )
                ),
                "amount": self._creditbox_search_amount(
                    move.amount_residual, move.currency_id
                ),
            }
            for move in self
        ]
