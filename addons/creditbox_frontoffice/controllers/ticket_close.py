from werkzeug.exceptions import NotFound

from odoo.exceptions import AccessError, MissingError
from odoo.http import request, route

from odoo.addons.helpdesk_mgmt.controllers.main import HelpdeskTicketController


class FrontofficeTicketClose(HelpdeskTicketController):
    @route()
    def support_ticket_close(self, **kw):
        """Only who may see a ticket closes it; a request is withdrawn.

        The page of helpdesk_mgmt does not ask whose ticket it is.
        """
        ticket = request.env["helpdesk.ticket"].browse(int(kw["ticket_id"]))
        try:
            ticket.check_access("read")
        except (AccessError, MissingError) as error:
            raise NotFound() from error
        if ticket.creditbox_procedure_id:
            ticket = ticket.sudo()  # checked above; customers write nothing
            if ticket.creditbox_next_id:
                ticket._withdraw(
                    reason=request.env._("Closed by the customer on the portal")
                )
            return request.redirect(f"/my/ticket/{ticket.id}")
        return super().support_ticket_close(**kw)
