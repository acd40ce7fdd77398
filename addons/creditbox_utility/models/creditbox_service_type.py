from odoo import models


class CreditboxServiceType(models.Model):
    _inherit = "creditbox.service.type"

    def _limiting_operation(self):
        """:return: what limits the supply: electricity reduces the power"""
        return "power_reduction" if self.code_format == "pod" else "limitation"
