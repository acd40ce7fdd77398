from odoo import models


class CreditboxProvider(models.Model):
    _inherit = "creditbox.provider"

    def action_portal_access(self):
        """Give the contact of a lawyer or an agency, and its people, the portal.

        :return: window action of Odoo's own wizard, which writes to them
        """
        firms = self.partner_id.commercial_partner_id
        wizard = self.env["portal.wizard"].with_context(default_partner_ids=firms.ids)
        return wizard.action_open_wizard()
