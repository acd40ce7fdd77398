from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.creditbox_base.tools.package import safe_name


class ResPartner(models.Model):
    """Customers have a folder in the archive of each company that they deal with."""

    _name = "res.partner"
    _inherit = ["res.partner", "creditbox.archived"]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_archived(self):
        """Folders without documents go; documents are kept for their years."""
        folders = self.env["dms.directory"].sudo()  # whatever the user may see
        folders = folders.search([("creditbox_partner_id", "in", self.ids)])
        if not folders:
            return
        kept = self.env["dms.file"].sudo().with_context(active_test=False)
        if kept.search([("directory_id", "in", folders.ids)], limit=1):
            raise UserError(
                self.env._("There are documents of this customer in the archive.")
            )
        folders.unlink()

    def _archive_owner(self):
        return self.company_id or self.env.company, self

    def _archive_folder_name(self):
        """With what no other customer has: two may have the same name."""
        return safe_name(f"{self.name or ''} [{self.creditbox_code or self.id}]")

    def _archive_counts(self):
        """Also the documents of their cases, and of the like."""
        groups = self.env["dms.file"]._read_group(
            [("creditbox_partner_id", "in", self.ids)],
            ["creditbox_partner_id"],
            ["__count"],
        )
        return {partner.id: count for partner, count in groups}
