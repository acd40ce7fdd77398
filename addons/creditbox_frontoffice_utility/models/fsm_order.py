from odoo import fields, models


class FsmOrder(models.Model):
    """Orders that a customer's request has made: nothing in them is about debts."""

    _inherit = "fsm.order"

    creditbox_operation = fields.Selection(
        selection_add=[
            ("opening", "Activation"),
            ("closing", "Deactivation asked for"),
            ("works", "Works"),
        ]
    )
    creditbox_request_id = fields.Many2one(
        "helpdesk.ticket",
        string="Request",
        readonly=True,
        index="btree_not_null",
        copy=False,
        ondelete="set null",
    )

    def _carry_out(self, reason=None):
        """What was done is a milestone of the request."""
        res = super()._carry_out(reason)
        for order in self.filtered("creditbox_request_id"):
            moment = order.creditbox_on_site_at or order.creditbox_closed_at
            # the crew has no rights on requests
            order.sudo().creditbox_request_id._order_done(order, moment)
        return res

    def _close(self, state, reason=None, tell_action=True, **values):
        res = super()._close(state, reason, tell_action, **values)
        for order in self.filtered("creditbox_request_id"):
            order.sudo().creditbox_request_id._message_log(  # as above
                body=self.env._(
                    "Order %(order)s: %(state)s. %(reason)s",
                    order=order.name,
                    state=order._label("creditbox_state"),
                    reason=reason or "",
                )
            )
        return res
