from odoo import fields, models
from odoo.tools import html2plaintext, plaintext2html


class HelpdeskTicket(models.Model):
    """Requests that need somebody at the meter."""

    _inherit = "helpdesk.ticket"

    creditbox_order_ids = fields.One2many(
        "fsm.order", "creditbox_request_id", string="Orders at the Meter"
    )

    def _on_milestone(self, record):
        res = super()._on_milestone(record)
        procedure = self.creditbox_procedure_id
        following = self.creditbox_next_id.milestone_id
        if (
            procedure.field_operation
            and following == procedure.field_milestone_id
            and self.creditbox_supply_id
        ):
            self._make_order()
        return res

    def _make_order(self):
        """The order of the request; one that is under way for the same is taken.

        :return: fsm.order
        """
        orders = self.env["fsm.order"].sudo()  # made by steps, whoever does them
        operation = self.creditbox_procedure_id.field_operation
        supply = self.creditbox_supply_id.sudo()
        open_ones = orders.search(
            [
                ("creditbox_supply_id", "=", supply.id),
                ("creditbox_operation", "=", operation),
                ("creditbox_request_id", "in", (False, self.id)),
            ]
        )._open_ones()
        if open_ones:
            open_ones[:1].creditbox_request_id = self
            return open_ones[:1]
        order = orders.create(
            {
                "name": orders._creditbox_names(1)[0],
                "company_id": self.company_id.id,
                "team_id": orders._creditbox_team(self.company_id).id,
                "location_id": orders.env["fsm.location"]
                ._creditbox_of(supply)[supply]
                .id,
                "stage_id": orders._stage_of("requested").id,
                "todo": self._order_text(),
                "creditbox_operation": operation,
                "creditbox_state": "requested",
                "creditbox_origin": "counter",
                "creditbox_requested_at": fields.Datetime.now(),
                "creditbox_user_id": self.env.uid,
                "creditbox_supply_id": supply.id,
                "creditbox_position_id": supply._current_positions()[:1].id,
                "creditbox_request_id": self.id,
            }
        )
        self._message_log(body=self.env._("Order at the meter: %s", order.name))
        return order

    def _order_text(self):
        """:return: HTML, what the crew reads"""
        lines = [
            self.creditbox_code,
            self.creditbox_procedure_id.name,
            html2plaintext(self.description or "").strip(),
        ]
        return plaintext2html("\n".join(filter(None, lines)))

    def _order_done(self, order, moment):
        """The crew has been there: the milestone is reached, unless it waits for data.

        :param moment: datetime in UTC
        """
        step = self.creditbox_next_id
        if step.milestone_id != self.creditbox_procedure_id.field_milestone_id:
            return
        note = self.env._("Order %s", order.name)
        if self._missing(step) or self.creditbox_waiting:
            self._message_log(
                body=self.env._(
                    "%(note)s has been carried out: do the step «%(step)s».",
                    note=note,
                    step=step.name,
                )
            )
        else:
            self._reach(step.code, max(moment, self.date_received), note)

    def _on_withdrawn(self, moment, reason):
        """Nobody need go any more."""
        res = super()._on_withdrawn(moment, reason)
        # orders are nobody's to write
        for order in self.sudo().creditbox_order_ids._open_ones():
            out = order.creditbox_state in ("sent", "on_site")
            order._close("recalled" if out else "cancelled", reason)
        return res

    def _effect_deposit(self, day):
        """What the customer has left as a guarantee, kept on the supply."""
        supply = self.creditbox_supply_id
        supply._message_log(
            body=self.env._(
                "Security deposit: %(old)s → %(new)s (%(code)s)",
                old=supply.deposit,
                new=self.creditbox_amount,
                code=self.creditbox_code,
            )
        )
        supply.deposit = self.creditbox_amount
