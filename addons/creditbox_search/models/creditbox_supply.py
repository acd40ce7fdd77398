from odoo import models


class CreditboxSupply(models.Model):
    _name = "creditbox.supply"
    _inherit = ["creditbox.supply", "creditbox.searchable"]

    _creditbox_search_columns = ("code", "street", "zip", "city")

    def _creditbox_search_results(self):
        return [
            {
                "id": supply.id,
                "name": supply.name,
                "detail": " · ".join(
                    (supply.service_type_id.name, supply.partner_id.name)
                ),
                "amount": self._creditbox_search_amount(
                    supply.amount_overdue, supply.currency_id
                ),
            }
            for supply in self
        ]
