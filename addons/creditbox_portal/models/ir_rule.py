from odoo import fields, models


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _compute_domain_context_values(self):
        """Domains are remembered for a day only: delegations end by themselves."""
        yield from super()._compute_domain_context_values()
        yield fields.Date.today()
