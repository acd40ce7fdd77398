from odoo import api, models


class CreditboxChain(models.AbstractModel):
    """What was done at the meter by an order without an action counts as well."""

    _inherit = "creditbox.chain"

    @api.model
    def _history(self, items):
        """Add {(("order", item id), legal step): first day on which it was done}."""
        history = super()._history(items)
        for order in self._orders_by_hand(items):
            step = order._legal_step()
            day = order._day_done()
            for line in order.creditbox_move_line_ids:
                key = ("order", line.id), step
                history[key] = min(day, history.get(key, day))
        return history

    def _orders_by_hand(self, items):
        return (
            self.env["fsm.order"]
            .sudo()  # the law does not depend on who asks
            .search(
                [
                    ("creditbox_move_line_ids", "in", items.move_line_id.ids),
                    ("creditbox_state", "=", "done"),
                    ("creditbox_action_id", "=", False),
                    ("creditbox_legal", "=", True),
                ]
            )
        )

    @api.model
    def _event_day(self, item, term, history):
        day = super()._event_day(item, term, history)
        if term.event != "sent":
            return day
        by_hand = history.get((("order", item.move_line_id.id), term.event_step))
        return min(filter(None, (day, by_hand)), default=None)
