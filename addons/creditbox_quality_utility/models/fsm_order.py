from odoo import fields, models

from odoo.addons.creditbox_quality.models.creditbox_quality_clock import OPEN


class FsmOrder(models.Model):
    """A reactivation after arrears is a regulated performance."""

    _inherit = "fsm.order"

    def _reactivate_supply(self, priority, reason):
        order = super()._reactivate_supply(priority, reason)
        order._measure_reactivation()
        return order

    def _enter(self, state, reason=None, **values):
        """Done: the clock stops. Called back: nobody has a right to it any more.

        One that could not be done leaves the clock running: the supply is still cut.
        """
        res = super()._enter(state, reason, **values)
        if state in ("done", "recalled", "cancelled"):
            now = fields.Datetime.now()
            clocks = self._reactivation_clocks()
            if state == "done":
                clocks._stop(now)
            else:
                clocks._cancel(now, reason or self.env._("Order at the meter ended"))
        return res

    def _measure_reactivation(self):
        """Start the clock of orders whose supply has none running."""
        # whoever pays, or works at the meter, need not see the register
        clocks = self.env["creditbox.quality.clock"].sudo()
        now = fields.Datetime.now()
        running = self._reactivation_clocks().supply_id
        clocks._start_all(
            [
                {
                    "code": order._reactivation_standard(),
                    "company": order.company_id,
                    "moment": now,
                    "partner": order.creditbox_partner_id,
                    "supply": order.creditbox_supply_id,
                    "record": order,
                    "reference": order.name,
                }
                for order in self.sudo()
                if order.creditbox_supply_id not in running
                and clocks._is_regulated(
                    order._reactivation_standard(), order.company_id, now
                )
            ]
        )

    def _reactivation_standard(self):
        """:return: str, code of the standard of the supply's service, or False"""
        return self.creditbox_supply_id.service_type_id.reactivation_standard

    def _reactivation_clocks(self):
        """:return: creditbox.quality.clock, open, of these orders' supplies"""
        orders = self.sudo().filtered(
            lambda order: order.creditbox_operation == "reactivation"
        )
        clocks = self.env["creditbox.quality.clock"].sudo()  # as above
        if not orders:
            return clocks
        codes = orders.creditbox_supply_id.service_type_id.mapped(
            "reactivation_standard"
        )
        return clocks.search(
            [
                ("code", "in", codes),
                ("supply_id", "in", orders.creditbox_supply_id.ids),
                ("state", "in", OPEN),
            ]
        )
