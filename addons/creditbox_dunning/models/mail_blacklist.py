from odoo import api, models
from odoo.tools import SQL


class MailBlacklist(models.Model):
    """Who wants no e-mails gets the reminders by another channel."""

    _inherit = "mail.blacklist"

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        self._creditbox_forget_cache()
        return entries

    def write(self, vals):
        res = super().write(vals)
        self._creditbox_forget_cache()
        return res

    def unlink(self):
        res = super().unlink()
        self._creditbox_forget_cache()
        return res

    def _creditbox_forget_cache(self):
        names = ["creditbox_blacklisted", "creditbox_warnings"]
        self.env["res.partner"].invalidate_model(names)

    @api.model
    def _creditbox_sql(self):
        """SELECT the addresses: hashed once for all customers."""
        return SQL("SELECT b.email FROM mail_blacklist b WHERE b.active")
