from odoo import api, fields, models

from .fsm_order import OPERATIONS


class CreditboxRule(models.Model):
    """A row for the technical office says which operation it asks for."""

    _inherit = "creditbox.rule"

    operation = fields.Selection(
        OPERATIONS,
        string="At the meter",
        compute="_compute_operation",
        store=True,
        readonly=False,
        copy=True,
        help="What the crew does. By default what the legal step says.",
    )

    @api.depends("code", "legal_step", "service_type_id")
    def _compute_operation(self):
        for rule in self:
            rule.operation = rule.code == "technical" and rule._default_operation()

    def _default_operation(self):
        if self.legal_step == "limitation":
            return self.service_type_id._limiting_operation()
        known = ("notice", "suspension", "removal")
        return self.legal_step if self.legal_step in known else "check"
