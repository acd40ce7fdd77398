from odoo import api, models

from .creditbox_lawfulness import Demand


class CreditboxChannelTechnical(models.AbstractModel):
    """The technical office: an action becomes an order at the meter.

    The action stays *sending* until the order has been carried out on site, so that
    no further step is taken meanwhile; then it is done, and its bills have the step.
    An order that could not be carried out fails the action: the table may ask again.
    """

    _name = "creditbox.channel.technical"
    _inherit = "creditbox.channel"
    _description = "Technical Office Channel"

    @api.model
    def _dispatch(self, actions):
        demands = [self._demand(action) for action in actions]
        lawfulness = self.env["creditbox.lawfulness"]
        # the chain has been looked at just now, by the gate
        refusals = lawfulness._refusals(demands, chain=False)
        lawful = [
            demand
            for demand, refused in zip(demands, refusals, strict=True)
            if not refused
        ]
        for demand, refused in zip(demands, refusals, strict=True):
            if refused:
                note = " ".join(refusal.sentence for refusal in refused)
                demand.action._hold_back("order_refused", note)
        self.env["fsm.order"]._request(lawful, "workflow")
        self._note({"state": "varchar"}, [(d.action.id, "sending") for d in lawful])

    def _demand(self, action):
        return Demand(
            action.position_id,
            action.rule_id.operation or "check",
            action.sudo().line_ids.item_id.move_line_id,  # read as the system does
            action.amount,
            action,
        )

    @api.model
    def _recall(self, actions):
        """The action ends before the order has been carried out."""
        orders = self._orders(actions)._open_ones()
        if self.env.context.get("creditbox_debt_changed"):
            orders._stop(tell_action=False)
        else:
            orders._close("recalled", tell_action=False)

    @api.model
    def _confirm_sent(self, actions):
        """Whoever says that it was done, says it of the order: nothing waits here."""

    def _orders(self, actions):
        return (
            self.env["fsm.order"]
            .sudo()  # whoever pays need not see orders
            .search([("creditbox_action_id", "in", actions.ids)])
        )
