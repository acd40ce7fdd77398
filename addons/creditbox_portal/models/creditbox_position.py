from odoo import api, models


class CreditboxPosition(models.Model):
    _inherit = "creditbox.position"

    @api.model
    def _on_debt_changed(self, partner_ids):
        """A payment that is in the accounts need not be declared any more."""
        res = super()._on_debt_changed(partner_ids)
        self.env["creditbox.payment.declaration"]._close_paid(partner_ids)
        return res

    def action_creditbox_portal_access(self):
        """:return: window action of the wizard that opens the customer's area"""
        return self.partner_id.action_creditbox_portal_access()
