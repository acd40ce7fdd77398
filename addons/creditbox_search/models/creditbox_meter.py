from odoo import models


class CreditboxMeter(models.Model):
    _name = "creditbox.meter"
    _inherit = ["creditbox.meter", "creditbox.searchable"]

    _creditbox_search_columns = ("serial",)

    def _creditbox_search_results(self):
        return [
            {
                "id": meter.id,
                "name": meter.serial,
                "detail": " · ".join(
                    filter(
                        None,
                        (
                            meter.meter_state_id.name,
                            meter.supply_ids[:1].name,
                            meter.supply_ids[:1].partner_id.name,
                        ),
                    )
                ),
                "amount": False,
            }
            for meter in self
        ]
