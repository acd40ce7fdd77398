from odoo import api, models
from odoo.tools import html2plaintext


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """A reminder that comes back undelivered has not been given."""
        result = super()._routing_handle_bounce(email_message, message_dict)
        message = message_dict.get("bounced_message")
        if message and self._creditbox_failed_for_good(email_message):
            reason = html2plaintext(message_dict.get("body") or "").strip()[:500]
            self.env["creditbox.channel.email"]._bounced(message, reason)
        return result

    @api.model
    def _creditbox_failed_for_good(self, email_message):
        """:return: whether a delivery status (RFC 3464) tells a failure, not a delay"""
        return any(
            (status["Action"] or "").strip().lower() == "failed"
            for part in email_message.walk()
            if part.get_content_type() == "message/delivery-status"
            for status in part.get_payload()
        )
