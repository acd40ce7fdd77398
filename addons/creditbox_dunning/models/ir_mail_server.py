from odoo import models


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    def _active_usages_compute(self):
        """A certified mailbox that is in use needs its server."""
        usages = super()._active_usages_compute()
        providers = self.env["creditbox.provider"].sudo()  # who manages mail servers
        for provider in providers.search([("pec_server_id", "in", self.ids)]):
            usages.setdefault(provider.pec_server_id.id, []).append(
                self.env._("PEC mailbox %s", provider.name)
            )
        return usages

    def write(self, vals):
        res = super().write(vals)
        if "from_filter" in vals:
            providers = self.env["creditbox.provider"].sudo()
            providers.search([("pec_server_id", "in", self.ids)])._check_pec_server()
        return res
