from odoo import fields, models
from odoo.exceptions import UserError


class HelpdeskTicket(models.Model):
    """Requests that go through a quote."""

    _inherit = "helpdesk.ticket"

    creditbox_quote_ids = fields.One2many("creditbox.quote", "ticket_id")
    creditbox_quotes = fields.Boolean(related="creditbox_procedure_id.quotes")
    creditbox_quote_count = fields.Integer(compute="_compute_creditbox_quote_count")

    def _compute_creditbox_quote_count(self):
        counts = dict(
            self.env["creditbox.quote"]._read_group(
                [("ticket_id", "in", self.ids)], ["ticket_id"], ["__count"]
            )
        )
        for ticket in self:
            ticket.creditbox_quote_count = counts.get(ticket._origin, 0)

    def action_next_step(self):
        """A quote is sent, and accepted, from its own form."""
        quoting = self.creditbox_next_id.code in ("quote", "acceptance")
        if (
            self.creditbox_procedure_id.quotes
            and quoting
            and not self.env.context.get("creditbox_quote")
        ):
            return self.action_open_quotes()
        return super().action_next_step()

    def action_open_quotes(self):
        """:return: window action of the request's quote, made when there is none"""
        self.ensure_one()
        quotes = self.creditbox_quote_ids
        if not quotes:
            if not self.creditbox_procedure_id.quotes:
                raise UserError(self.env._("This procedure has no quotes."))
            quotes = quotes.create({"ticket_id": self.id})
        return quotes._get_records_action(name=self.env._("Quotes"))

    def _check_step(self, step, moment):
        """The steps of the quote need the quote."""
        res = super()._check_step(step, moment)
        if self.creditbox_procedure_id.quotes:
            states = {"quote": "sent", "acceptance": "accepted"}
            state = states.get(step.code)
            if state and state not in self.creditbox_quote_ids.mapped("state"):
                raise UserError(
                    self.env._("%s: this is done from the quote.", step.name)
                )
        return res
