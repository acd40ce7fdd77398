from odoo import api, models
from odoo.tools import html2plaintext
from odoo.tools.mail import email_normalize

from ..tools import autoreply, smtp


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """A reminder that comes back undelivered has not been given."""
        result = super()._routing_handle_bounce(email_message, message_dict)
        message = message_dict.get("bounced_message")
        failures = self._creditbox_failures(email_message)
        if message and failures:
            reason = html2plaintext(message_dict.get("body") or "").strip()[:500]
            dead = {who for who, answer in failures if smtp.is_no_mailbox(answer)}
            self.env["creditbox.mailing.recipient"]._bounced(message, reason, dead)
            self.env["creditbox.channel.email"]._bounced(message, reason, dead)
        return result

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """A customer who answers a reminder gets an answer."""
        answered = self.env["mail.message"].browse(message_dict.get("parent_id"))
        subject, body = message_dict.get("subject"), message_dict.get("body")
        result = super()._message_route_process(message, message_dict, routes)
        customers = self.env["res.partner"].browse(
            res_id for model, res_id, *_rest in routes or () if model == "res.partner"
        )
        if customers and not autoreply.is_automatic(message):
            positions = self.env["creditbox.position"]
            position, made_by = positions._answered(customers[:1], answered)
            if position:
                text = html2plaintext(body or "")
                position._reply_received(made_by, subject, text)
        return result

    @api.model
    def _creditbox_failures(self, email_message):
        """What a delivery status (RFC 3464) says has failed, and is not just late.

        :return: list of (address, answer of its server)
        """
        statuses = [
            status
            for part in email_message.walk()
            if part.get_content_type() == "message/delivery-status"
            for status in part.get_payload()
            if (status["Action"] or "").strip().lower() == "failed"
        ]
        return [
            (
                email_normalize((status["Final-Recipient"] or "").split(";")[-1]),
                f"{status['Diagnostic-Code'] or ''} {status['Status'] or ''}",
            )
            for status in statuses
        ]
