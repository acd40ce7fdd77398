from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

LONGEST = 5000  # characters of a request
MOST_FILES = 5


class HelpdeskTicket(models.Model):
    """Requests that customers make themselves."""

    _inherit = "helpdesk.ticket"

    @api.model
    def _web_procedures(self):
        """:return: creditbox.procedure that customers may ask for on the web"""
        # which they are is no secret; customers have no rights on procedures
        return self.env["creditbox.procedure"].sudo().search([("portal", "=", True)])

    def _still_to_hand_in(self):
        """:return: creditbox.request.document that an open request lacks"""
        if not self.creditbox_next_id:
            return self.env["creditbox.request.document"]
        return self.creditbox_document_ids.filtered(
            lambda document: document.required and not document.received
        )

    @api.model
    def _ask_on_the_web(self, channel, values, files=()):
        """Take a request; the caller has checked whose it is.

        :param channel: XML id of the channel
        :param values: ``procedure`` (id as text), ``text``, ``company``: res.company,
            and fields of the request: partner_id, creditbox_supply_id, partner_name,
            partner_email
        :param files: list of upload.Upload
        :return: helpdesk.ticket as the system
        :raises UserError: no text, or a procedure that cannot be asked for
        """
        values = dict(values)
        asked = values.pop("procedure", None)
        procedure = self._web_procedures().filtered(lambda p: str(p.id) == asked)
        text = (values.pop("text", "") or "").strip()
        if not procedure:
            raise UserError(self.env._("Choose what you ask for."))
        if not text:
            raise UserError(self.env._("Write what you ask for."))
        if len(files) > MOST_FILES:
            raise UserError(self.env._("At most %s files, please.", MOST_FILES))
        ticket = self.sudo().create(  # customers write nothing themselves
            {
                "creditbox_procedure_id": procedure.id,
                "company_id": values.pop("company").id,
                "description": plaintext2html(text[:LONGEST]),
                "channel_id": self.env.ref(channel).id,
                "user_id": False,
                **values,
            }
        )
        ticket.env["ir.attachment"].create(
            [
                {
                    "name": file.name,
                    "raw": file.content,
                    "mimetype": file.mimetype,
                    "res_model": self._name,
                    "res_id": ticket.id,
                }
                for file in files
            ]
        )
        return ticket
