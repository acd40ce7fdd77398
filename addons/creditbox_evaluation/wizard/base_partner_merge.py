from odoo import models
from odoo.fields import Domain


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """The customer that is kept is evaluated anew: he has the bills of all."""
        # the wizard moves all references, whatever the user may see
        wizard = self.sudo()
        companies = wizard._join_ratings(src_partners, dst_partner)
        wizard._join_limits(src_partners, dst_partner)
        wizard._join_alerts(src_partners, dst_partner)
        reports = wizard.env["creditbox.information.report"].search(
            Domain("partner_id", "in", src_partners.ids)
            & Domain("state", "in", ("queued", "asked"))
        )
        reports.state = "cancelled"
        wizard.env.flush_all()
        res = super()._update_foreign_keys(src_partners, dst_partner)
        wizard.env["creditbox.rating"]._refresh(dst_partner.ids, companies)
        return res

    def _creditbox_of(self, model, partners, **options):
        return self.env[model].search([("partner_id", "in", partners.ids)], **options)

    def _join_ratings(self, src_partners, dst_partner):
        """One evaluation a company stays, the kept customer's if there is one.

        :return: res.company of all
        """
        ratings = self._creditbox_of("creditbox.rating", src_partners + dst_partner)
        companies = ratings.company_id
        for same in ratings.grouped("company_id").values():
            kept = same.filtered(lambda rating: rating.partner_id == dst_partner)
            (same - (kept or same)[:1]).unlink()
        return companies

    def _join_limits(self, src_partners, dst_partner):
        """One limit a company stays in force; the others can be read in the archive."""
        limits = self._creditbox_of("creditbox.limit", src_partners + dst_partner)
        for same in limits.grouped("company_id").values():
            kept = same.filtered(lambda limit: limit.partner_id == dst_partner)
            (same - (kept or same)[:1]).active = False

    def _join_alerts(self, src_partners, dst_partner):
        """Of two alerts on the same fact the older one goes on."""
        alerts = self._creditbox_of(
            "creditbox.alert", src_partners + dst_partner, order="id"
        ).filtered("live")
        for same in alerts.grouped(lambda a: (a.company_id, a.kind, a.fact)).values():
            same[1:]._close("gone")
            same[1:].live = False
