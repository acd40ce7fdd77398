from odoo import fields, models


class CreditboxSupply(models.Model):
    _inherit = "creditbox.supply"

    order_ids = fields.One2many(
        "fsm.order", "creditbox_supply_id", string="Orders at the meter"
    )
    condominium = fields.Boolean(
        help="One meter for several homes: a part payment in time stops the procedure."
    )
    deposit = fields.Monetary(
        string="Security Deposit",
        help="Where the act says so, the debt is compared with it first.",
    )
    order_count = fields.Integer(compute="_compute_order_count")

    def _compute_order_count(self):
        counts = dict(
            self.env["fsm.order"]._read_group(
                [("creditbox_supply_id", "in", self.ids)],
                ["creditbox_supply_id"],
                ["__count"],
            )
        )
        for supply in self:
            supply.order_count = counts.get(supply._origin, 0)

    def action_open_orders(self):
        """:return: window action of the supply's orders"""
        return self.env["fsm.order"]._window([("creditbox_supply_id", "in", self.ids)])

    def _current_positions(self):
        """:return: the positions of those who have the supplies now"""
        return self.position_ids.filtered(lambda position: position._is_current())

    def action_request_order(self):
        """:return: window that asks for orders at the meters of these supplies"""
        request = self.env["creditbox.order.request"].create(
            {
                "supply_ids": [fields.Command.set(self.ids)],
                "position_ids": [fields.Command.set(self._current_positions().ids)],
            }
        )
        return request._window()

    def action_declare_payment(self):
        """:return: window for a payment that the customer shows"""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_utility.creditbox_counter_payment_action"
        )
        return {**action, "context": {"default_supply_id": self.id}}

    def action_open_history(self):
        """:return: window action of all that has happened at this supply"""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("History of %s", self.code),
            "res_model": "creditbox.supply.event",
            "view_mode": "list",
            "domain": [("supply_id", "=", self.id)],
        }
