from odoo import api, models


class CreditboxSearch(models.AbstractModel):
    _inherit = "creditbox.search"

    @api.model
    def open(self, model, record_id):
        """A customer is opened on his page, where he is one of this company."""
        if model == "res.partner":
            partner = self.env[model].browse(record_id).commercial_partner_id
            if partner.creditbox_position_ids:
                return partner.action_open_creditbox_page()
        return super().open(model, record_id)
