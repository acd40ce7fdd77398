from odoo import api, models

CODES = {"creditbox_fiscal_code", "vat", "company_id", "parent_id"}


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners._creditbox_mind_stop_list()
        return partners

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint(CODES):
            self._creditbox_mind_stop_list()
        return result

    def _creditbox_mind_stop_list(self):
        coded = self.filtered(lambda p: p.creditbox_fiscal_code or p.vat)
        if coded:
            self.env["creditbox.stop"]._apply_to(coded)
