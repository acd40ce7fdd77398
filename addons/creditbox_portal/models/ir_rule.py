from odoo import fields, models


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _compute_domain_context_values(self):
        """Domains are remembered for an hour: delegations begin and end by themselves.

        Not for a day: midnight is another hour in each company's time zone.
        """
        yield from super()._compute_domain_context_values()
        yield fields.Datetime.now().replace(minute=0, second=0)
