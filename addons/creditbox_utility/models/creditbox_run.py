from odoo import api, fields, models
from odoo.fields import Domain

from .fsm_order import OPEN_STATES


class CreditboxRun(models.Model):
    """A run is over when its orders are handed to the technical office."""

    _inherit = "creditbox.run"

    order_open_count = fields.Integer(
        string="Orders still open", compute="_compute_order_open_count"
    )

    def _compute_order_open_count(self):
        orders = self.env["fsm.order"]
        for run in self:
            run.order_open_count = orders.search_count(run._domain_open_orders())

    def _domain_open_orders(self):
        return [
            ("creditbox_action_id.run_id", "=", self.id),
            ("creditbox_state", "in", OPEN_STATES),
        ]

    @api.model
    def _domain_under_way(self):
        """Days and weeks of the crews do not keep a run from being done."""
        handed_over = Domain("code", "=", "technical") & Domain("state", "=", "sending")
        return super()._domain_under_way() & ~handed_over

    def action_open_orders(self):
        """:return: window action of the run's orders that are still open"""
        return self.env["fsm.order"]._window(self._domain_open_orders())
