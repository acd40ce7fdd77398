from odoo import models

from odoo.addons.creditbox_base.tools.package import safe_name


class CreditboxCase(models.Model):
    """A case has a folder of its own within its customer's."""

    _name = "creditbox.case"
    _inherit = ["creditbox.case", "creditbox.archived"]

    def _archive_owner(self):
        return self.company_id, self.partner_id

    def _archive_folder_name(self):
        return safe_name(self.name)
