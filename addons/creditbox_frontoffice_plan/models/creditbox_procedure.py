from odoo import models


class CreditboxProcedure(models.Model):
    _inherit = "creditbox.procedure"

    def _effects(self):
        return [*super()._effects(), ("plan", self.env._("Repayment plan"))]
