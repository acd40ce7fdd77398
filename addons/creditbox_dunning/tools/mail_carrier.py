"""Hands e-mails of actions over to their mail server."""

from odoo import tools
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from . import mime, smtp
from .transport import Carrier, NotSent

_OF_ODOO = (
    "email_to",
    "email_cc",
    "subject",
    "body",
    "body_alternative",
    "reply_to",
    "attachments",
    "message_id",
    "references",
    "object_id",
    "headers",
)


class MailCarrier(Carrier):
    """One mail server, one connection; a parcel is what Odoo makes of a mail.mail."""

    def __init__(self, server, alias_domain, smtp_from):
        """
        :param server: ir.mail_server, empty: the one of the configuration
        :param alias_domain: mail.alias.domain of the sender, or empty
        """
        self._server = server
        self._alias_domain = alias_domain
        self._session = smtp.Session(
            lambda: server.browse()._connect__(
                mail_server_id=server.id, smtp_from=smtp_from
            )
        )
        # {id of the mail.mail: {address refused while another was not: (code, text)}}
        self.refused = {}

    def connect(self):
        try:
            if not self.lost:
                self._session.live()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:  # a login refused, a server that was archived…
            self.lost = smtp.describe(error)
        return not self.lost

    def close(self):
        self._session.close()

    def pack(self, message):
        """:return: id of the mail, list of (ir.mail_server, email.message.Message)"""
        found = tools.mail.email_split_and_format_normalize(message.email_from)
        email_from = found[0] if found else message.email_from
        emails = message._prepare_outgoing_list(
            mail_server=self._server or message.mail_server_id
        )
        return message.id, [self._build(email_from, email) for email in emails]

    def _build(self, email_from, email):
        """Texts alone are written by ourselves, what has attachments by Odoo."""
        server = self._sender(email)
        if email["attachments"] or not email_from:
            return server, server._build_email__(
                email_from=email_from,
                subtype="html",
                subtype_alternative="plain",
                **{name: email[name] for name in _OF_ODOO},
            )
        headers = {
            "Message-Id": email["message_id"],
            "References": email["references"],
            "Subject": email["subject"],
            "From": email_from,
            "Reply-To": email["reply_to"] or email_from,
            "To": email["email_to"],
            "Cc": email["email_cc"],
            **email["headers"],
        }
        return server, mime.alternatives(
            headers, email["body_alternative"], email["body"]
        )

    def _sender(self, email):
        """:return: ir.mail_server that knows whom bounces go to, as mail.mail does"""
        context = {"send_validated_to": email["email_to_normalized"]}
        if self._alias_domain:
            context["domain_notifications_email"] = (
                self._alias_domain.default_from_email
            )
            context["domain_bounce_address"] = (
                email["headers"].get("Return-Path") or self._alias_domain.bounce_email
            )
        return self._server.with_context(**context)

    def hand_over(self, parcel):
        mail_id, emails = parcel
        if not emails:
            raise NotSent(self._server.NO_VALID_RECIPIENT, "refused", bad_address=True)
        for server, message in emails:
            if server._disable_send():
                raise NotSent(server.env._("Sending is switched off"))
            try:
                self._send(server, message)
            except AssertionError as error:
                bad = error.args[:1] == (server.NO_VALID_RECIPIENT,)
                reason = ". ".join(map(str, error.args))
                raise NotSent(reason, "refused" if bad else "later", bad) from error
            if self._session.refused:
                self.refused.setdefault(mail_id, {}).update(self._session.refused)

    def _send(self, server, message):
        """Servers drop connections after some time, or some messages: once more."""
        for reused in (not self._session.fresh, False):
            try:
                return self._send_once(server, message)
            except Exception as error:
                dropped = not self._session.is_open()
                if smtp.is_timeout(error):
                    self.lost = smtp.describe(error)
                if self._session.text_begun or not dropped:
                    raise
                if self.lost or not reused:
                    raise NotSent(smtp.describe(error)) from error

    def _send_once(self, server, message):
        connection = self._session.live()
        server.send_email(
            message, mail_server_id=self._server.id, smtp_session=connection
        )
        self._session.fresh = False
