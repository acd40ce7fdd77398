from odoo import api, fields, models


class CreditboxPosition(models.Model):
    _inherit = "creditbox.position"

    order_ids = fields.One2many(
        "fsm.order", "creditbox_position_id", string="Orders at the meter"
    )
    order_count = fields.Integer(compute="_compute_order_count")

    def _compute_order_count(self):
        counts = dict(
            self.env["fsm.order"]._read_group(
                [("creditbox_position_id", "in", self.ids)],
                ["creditbox_position_id"],
                ["__count"],
            )
        )
        for position in self:
            position.order_count = counts.get(position._origin, 0)

    @api.model
    def _on_debt_changed(self, partner_ids):
        """Stop at once the orders that a payment has made pointless, and give back."""
        positions = self.with_context(creditbox_debt_changed=True)
        res = super(CreditboxPosition, positions)._on_debt_changed(partner_ids)
        orders = self.env["fsm.order"].sudo()  # whoever pays need not see orders
        orders._stop_paid_of(partner_ids)
        orders._withdraw_unpaid_of(partner_ids)
        orders._reactivate_paid_of(partner_ids)
        return res

    def _is_current(self):
        """:return: bool, whether the customer has the supply now: nobody's supply is
        touched for the debt of a former customer"""
        holder = self.supply_id.partner_id.commercial_partner_id
        return self.partner_id == holder

    def action_open_orders(self):
        """:return: window action of the positions' orders"""
        return self.env["fsm.order"]._window(
            [("creditbox_position_id", "in", self.ids)]
        )

    def action_request_order(self):
        """:return: window that asks for orders at the meters of these positions"""
        request = self.env["creditbox.order.request"].create(
            {"position_ids": [fields.Command.set(self.ids)]}
        )
        return request._window()

    def action_declare_payment(self):
        """:return: window for a payment that the customer shows"""
        if self.supply_id:
            return self.supply_id.action_declare_payment()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_utility.creditbox_counter_payment_action"
        )
        return {**action, "context": {"default_partner_id": self.partner_id.id}}
