from odoo import api, fields, models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    _inherit = "res.partner"

    creditbox_failed_address_ids = fields.One2many(
        "creditbox.failed.address", "partner_id", string="Addresses that Failed"
    )

    @api.depends("creditbox_failed_address_ids.active")
    def _compute_creditbox_warnings(self):
        """Add the addresses in use that have failed."""
        res = super()._compute_creditbox_warnings()
        channels = self.env["creditbox.channel"]._channels()
        for partner in self:
            failed = [
                self.env._(
                    "%(address)s does not work any more: %(reason)s",
                    address=record.address,
                    reason=record.reason or "",
                )
                for record in partner.sudo().creditbox_failed_address_ids
                if record.address in channels[record.kind]._addresses(partner)
            ]
            if failed:
                found = [partner.creditbox_warnings, *failed]
                partner.creditbox_warnings = "\n".join(filter(None, found))
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_dunned(self):
        actions = self.env["creditbox.action"].sudo()  # whoever deletes customers
        if actions.search_count([("partner_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("Customers who have been written to cannot be deleted.")
            )
