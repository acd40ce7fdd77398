from odoo import models


class CreditboxPlan(models.Model):
    """A plan that is agreed, or paid, gives back what was cut for its bills."""

    _inherit = "creditbox.plan"

    def _gives_back(self):
        """:return: bool, whether a running plan has come as far as the company asks"""
        self.ensure_one()
        when = self.company_id.creditbox_plan_gives_back
        if when == "first":
            first = next(iter(self.line_ids))  # read together with those of others
            return first.state == "paid"
        return when == "agreed"

    def _value(self):
        """What was paid of the instalments is known now: it may be enough."""
        result = super()._value()
        # whoever pays need not see orders
        orders = self.env["fsm.order"].sudo()
        orders._reactivate_paid_of(self.position_id.partner_id.ids)
        return result
