from odoo import api, models


class CreditboxPosition(models.Model):
    _inherit = "creditbox.position"

    @api.model
    def _on_debt_changed(self, partner_ids):
        """Whoever has paid gets the indemnities that waited."""
        res = super()._on_debt_changed(partner_ids)
        # whoever posts a payment
        self.env["creditbox.indemnity"].sudo()._follow_debts(partner_ids)
        return res
