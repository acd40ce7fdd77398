from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _creditbox_today(self):
        """Today's date where the company is (time zone of its partner)."""
        self.ensure_one()
        tz = self.sudo().partner_id.tz or "Europe/Rome"
        return fields.Datetime.context_timestamp(
            self.with_context(tz=tz), fields.Datetime.now()
        ).date()
