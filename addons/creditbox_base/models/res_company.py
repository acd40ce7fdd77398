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

    def _creditbox_feed_problems(self):
        """Return why the data of the company is not to be trusted now.

        Addons that bring data in add theirs: late payments, totals that do not square.

        :return: list of str, empty when all is well
        """
        self.ensure_one()
        return []
