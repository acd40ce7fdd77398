from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _has_check_or_unique_constraint(self, table, column):
        """Unique indexes too can refuse the reference to the customer that is kept."""
        return super()._has_check_or_unique_constraint(
            table, column
        ) or self.env.execute_query(
            SQL(
                """
                SELECT FROM pg_index i
                  JOIN pg_attribute a
                    ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
                 WHERE i.indisunique AND i.indrelid = %s::regclass AND a.attname = %s
                """,
                table,
                column,
            )
        )

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Join the positions first: a customer has one on each supply."""
        # the wizard moves all references, whatever the user may see
        positions = self.env["creditbox.position"].sudo()
        positions = positions.search(
            Domain("partner_id", "in", (src_partners + dst_partner).ids)
        )
        companies = positions.company_id
        self._join_positions(positions, dst_partner)
        res = super()._update_foreign_keys(src_partners, dst_partner)
        positions._touch(dst_partner.ids, companies)
        return res

    def _join_positions(self, positions, dst_partner):
        for same in positions.grouped(lambda p: (p.company_id, p.supply_id)).values():
            kept = same.filtered(lambda p: p.partner_id == dst_partner) or same[0]
            others = same - kept
            if others:
                self._update_foreign_keys_generic(same._name, others, kept)
                self._update_reference_fields_generic(same._name, others, kept)
                others.unlink()
