from odoo import models
from odoo.fields import Domain

# One row a customer and company: of two, the kept customer's stays.
ONE_EACH = ("creditbox.rating", "creditbox.limit")


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """The customer that is kept is evaluated anew: he has the bills of all."""
        # the wizard moves all references, whatever the user may see
        everybody = Domain("partner_id", "in", (src_partners + dst_partner).ids)
        ratings = self.env["creditbox.rating"].sudo().search(everybody)
        companies = ratings.company_id
        for model in ONE_EACH:
            rows = self.env[model].sudo().search(everybody)
            for same in rows.grouped("company_id").values():
                kept = same.filtered(lambda row: row.partner_id == dst_partner)
                (same - (kept or same)[:1]).unlink()
        alerts = self.env["creditbox.alert"].sudo()
        alerts.search(everybody & Domain("by_hand", "=", False)).unlink()
        reports = self.env["creditbox.information.report"].sudo()
        reports.search(
            Domain("partner_id", "in", src_partners.ids)
            & Domain("state", "in", ("queued", "asked"))
        ).state = "cancelled"
        by_hand = alerts.search(everybody & Domain("live", "=", True), order="id")
        for same in by_hand.grouped(lambda a: (a.company_id, a.kind, a.fact)).values():
            same[1:].live = False
        res = super()._update_foreign_keys(src_partners, dst_partner)
        self.env["creditbox.rating"].sudo()._refresh(dst_partner.ids, companies)
        return res
