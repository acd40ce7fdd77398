from odoo import models


class CreditboxProcedure(models.Model):
    _inherit = "creditbox.procedure"

    def _effects(self):
        return [*super()._effects(), ("statement", self.env._("Statement of account"))]
