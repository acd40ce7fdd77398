from odoo import fields, models
from odoo.exceptions import UserError


class CreditboxPecMessage(models.Model):
    """A message of a customer is the beginning of a request."""

    _inherit = "creditbox.pec.message"

    ticket_id = fields.Many2one(
        "helpdesk.ticket",
        string="Request",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    def action_request(self):
        """Make a request of the message, received when the PEC was.

        :return: window action of the request, without a procedure yet
        :raises UserError: it has been handled already
        """
        self.ensure_one()
        self._require("creditbox_frontoffice.group_counter")
        if self.ticket_id:
            return self._open_request()
        if self.state != "open":
            raise UserError(self.env._("This message has been handled already."))
        ticket = self.env["helpdesk.ticket"].create(self._request_values())
        message = self.sudo()  # messages change by their buttons alone
        message.write({"ticket_id": ticket.id, "state": "handled"})
        self.env["ir.attachment"].create(
            {
                "name": self.eml_name,
                "datas": message.with_context(bin_size=False).eml,
                "res_model": "helpdesk.ticket",
                "res_id": ticket.id,
            }
        )
        return self._open_request()

    def _request_values(self):
        partner = self.partner_id or self._partner_of_sender()
        return {
            "name": self.subject or self.env._("PEC of %s", self.sender),
            "company_id": (self.company_id or self.env.company).id,
            "channel_id": self.env.ref("creditbox_frontoffice.channel_pec").id,
            "date_received": self.date or self.create_date,
            "partner_id": partner.id,
            "partner_email": self.sender,
            "user_id": False,
        }

    def _partner_of_sender(self):
        """:return: the only customer of the company with this PEC, or none"""
        found = self.env["res.partner"].search(
            [
                ("creditbox_pec", "=ilike", self.sender or ""),
                ("company_id", "in", (self.company_id.id, False)),
            ],
            limit=2,
        )
        return found if len(found) == 1 else found.browse()

    def _open_request(self):
        action = self.ticket_id.get_formview_action()
        view = self.env.ref("creditbox_frontoffice.creditbox_request_view_form")
        return {**action, "views": [(view.id, "form")]}
