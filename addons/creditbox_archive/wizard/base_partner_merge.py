from odoo import models


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Join the folders first: a customer has one with each company."""
        self.env["dms.directory"]._creditbox_join(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)
