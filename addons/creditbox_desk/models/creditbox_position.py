from odoo import api, fields, models


class CreditboxPosition(models.Model):
    _inherit = "creditbox.position"

    promise_ids = fields.One2many(
        "creditbox.promise", "position_id", string="Promises of this supply"
    )

    @api.model
    def _on_debt_changed(self, partner_ids):
        """Value the promises of whoever has paid, or whose payment came back."""
        res = super()._on_debt_changed(partner_ids)
        # a bookkeeper who posts a payment need not know promises
        self.env["creditbox.promise"].sudo()._value_customers(partner_ids)
        return res
