from odoo import models


class CreditboxRule(models.Model):
    _inherit = "creditbox.rule"

    def _needs_template(self):
        return super()._needs_template() or self.code == "plan"
