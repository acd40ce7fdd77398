from odoo import models


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    def _effect_statement(self, day):
        """The customer's statement of account, filed with the request."""
        ticket = self._in_customer_language()
        name, content = ticket.env["creditbox.account.statement"]._file(
            ticket.partner_id.commercial_partner_id, ticket.company_id, "pdf"
        )
        self._keep_pdf(name, content)
