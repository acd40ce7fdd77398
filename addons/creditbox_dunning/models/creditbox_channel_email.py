from markupsafe import Markup

from odoo import api, models
from odoo.tools import SQL
from odoo.tools.mail import (
    email_normalize_all,
    formataddr,
    generate_tracking_message_id,
)

from .creditbox_action import DONE_STATES

SEPARATOR = "\x1f"  # between what stands before the text and after it


class CreditboxChannelEmail(models.AbstractModel):
    """E-mails: composed in the batch's transaction, sent by ``mail.mail`` later."""

    _name = "creditbox.channel.email"
    _inherit = "creditbox.channel"
    _description = "E-mail Channel"
    _address_field = "email_to"

    @api.model
    def _dispatch(self, actions):
        """Compose and queue one e-mail for each action.

        An action without text or address is held back with its reason.
        """
        addressed = self._with_address(actions)
        addressed._share_messages()
        communications = self._compose(addressed, tables=True)
        mails = self._create_mails(communications)
        self._mark_sending(mails)
        self.env["mail.mail"]._creditbox_wake_queue()

    @api.model
    def _addresses(self, partner):
        if partner.email and partner.email == partner.email_normalized:
            return [partner.email]
        return email_normalize_all(partner.email)

    @api.model
    def _address(self, partner):
        """:return: addresses to write to, «Name <address>», empty when there is none"""
        addresses = self._usable(partner)
        return ", ".join(formataddr((partner.name, address)) for address in addresses)

    def _usable(self, partner):
        """:return: list of the addresses that work, and may be written to"""
        if partner.creditbox_no_email:
            return []
        working = self._working(partner)
        refused = (partner.creditbox_blacklisted or "").split(", ")
        return [address for address in working if address not in refused]

    def _working(self, partner):
        return self.env["creditbox.failed.address"]._usable(
            partner, "email", self._addresses(partner)
        )

    @api.model
    def _refusal(self, partner):
        if partner.creditbox_no_email:
            return self.env._("The customer wants no reminders by e-mail")
        if self._working(partner) and partner.creditbox_blacklisted:
            return self.env._(
                "%s is on the blacklist: no e-mails go there",
                partner.creditbox_blacklisted,
            )
        return False

    # ------------------------------------------------------------------
    # composing
    # ------------------------------------------------------------------
    def _create_mails(self, communications):
        return self._create_quickly(self._mails_values(communications))

    def _mails_values(self, communications):
        """:return: list of values of mail.mail, one for each communication"""
        layouts = {}
        return [self._mail_values(item, layouts) for item in communications]

    def _mail_values(self, communication, layouts):
        """Values of the mail.mail of one communication."""
        company = communication.case.company
        partner = communication.case.position.partner_id
        key = (company, communication.lang)
        if key not in layouts:
            layouts[key] = self._layout(communication)
        before, after = layouts[key]
        body = communication.html()
        return {
            **self._sender_values(company),
            "creditbox_action_id": communication.case.key,
            "creditbox_digest": communication.statement.digest,
            "subject": communication.subject(),
            "body": body,
            "body_html": before + body + after,
            "email_to": self._address(partner),
            "model": "res.partner",
            "res_id": partner.id,
            "message_id": generate_tracking_message_id(f"{partner.id}-res.partner"),
            "message_type": "email_outgoing",
            "state": "outgoing",
            "auto_delete": False,
            "is_notification": True,  # the message outlives the mail.mail
        }

    def _sender_values(self, company):
        """Who writes, and where answers go: the company, not the user who pressed."""
        email_from = company.creditbox_email_from or company.email_formatted
        return {
            "email_from": email_from,
            "reply_to": company.creditbox_reply_to or email_from,
            "author_id": company.partner_id.id,
            "record_company_id": company.id,
            "record_alias_domain_id": company.alias_domain_id.id,
        }

    def _layout(self, communication):
        """:return: HTML before and after the text"""
        company = communication.case.company
        html = (
            self.env["ir.qweb"]
            .with_context(lang=communication.lang)
            ._render(
                "creditbox_dunning.mail_layout",
                {
                    "company": company,
                    "lang": communication.lang[:2],
                    "values": communication.values,
                    "separator": Markup(SEPARATOR),  # noqa: S704
                },
            )
        )
        return html.split(SEPARATOR)

    def _create_quickly(self, vals_list):
        """Create the mails, what costs most written by one statement at the end.

        The bodies need no sanitizing: they are templates sanitized at saving, filled
        with escaped values. And nobody looks at the caches of the customers' chatter
        in this transaction.
        """
        late = [
            {name: values.pop(name) for name in ("model", "res_id", "body")}
            for values in vals_list
        ]
        mails = self.env["mail.mail"].sudo().create(vals_list)
        self._write_messages(mails.mail_message_id, late)
        return mails

    @api.model
    def _write_messages(self, messages, vals_list):
        """Set document and body of each message.

        :param vals_list: dicts of model, res_id and body (trusted HTML)
        """
        if not messages:
            return
        rows = SQL(", ").join(
            SQL("(%s, %s, %s, %s)", id_, v["model"], v["res_id"], str(v["body"]))
            for id_, v in zip(messages.ids, vals_list, strict=True)
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE mail_message m
                   SET model = v.model, res_id = v.res_id, body = v.body
                  FROM (VALUES %s) AS v (id, model, res_id, body)
                 WHERE m.id = v.id
                """,
                rows,
            )
        )
        messages.invalidate_recordset(["model", "res_id", "body"])
        self.env["res.partner"].invalidate_model(["message_ids"])

    def _mark_sending(self, mails):
        """Move the actions on; each keeps its address and its message."""
        self._note(
            {"state": "varchar", "recipient": "varchar", "message_id": "int"},
            [
                (action.id, "sending", mail.email_to, mail.mail_message_id.id)
                for mail in mails
                for action in mail._creditbox_actions()
            ],
        )

    # ------------------------------------------------------------------
    # the queue
    # ------------------------------------------------------------------
    @api.model
    def _mails(self, actions):
        return (
            actions.sudo()
            ._leads()
            .mail_ids.filtered(lambda mail: mail.state in ("outgoing", "exception"))
        )

    @api.model
    def _recall(self, actions):
        """Take the mails out of the queue, and out of the customers' chatter."""
        mails = self._of_nobody_else(self._mails(actions), actions)
        mails.write({"state": "cancel"})
        mails.mail_message_id.write({"model": False, "res_id": False})

    @api.model
    def _confirm_sent(self, actions):
        self._mails(actions).write({"state": "sent", "failure_reason": False})

    @api.model
    def _send_again(self, actions):
        self._mails(actions)._creditbox_requeue()

    @api.model
    def _refresh(self, mail):
        """Write the mail anew: a figure in it has changed since it was composed."""
        for communication in self._compose(mail._creditbox_actions(), tables=True):
            values = self._mail_values(communication, {})
            self._write_messages(mail.mail_message_id, [values])
            names = ("subject", "body_html", "creditbox_digest")
            mail.write({name: values[name] for name in names})

    # ------------------------------------------------------------------
    # what comes back
    # ------------------------------------------------------------------
    @api.model
    def _bounced(self, messages, reason, dead):
        """The e-mails came back: their actions have failed.

        :param messages: mail.message of the e-mails
        :param dead: addresses that, as the delivery status says, do not exist
        """
        actions = self.env["creditbox.action"].sudo()
        domain = [("message_id", "in", messages.ids), ("state", "in", DONE_STATES)]
        actions = actions.search(domain)
        reason_shown = self.env._("Came back undelivered: %s", reason)
        actions._mark_failed(reason_shown, unreachable=True)
        for action in actions:
            self._note_bounced(action.partner_id, action.recipient, dead, reason)

    def _note_bounced(self, partner, recipient, dead, reason):
        """Remember the addresses of ``recipient`` that are ``dead``."""
        written_to = email_normalize_all(recipient)
        # a forwarded e-mail comes back from an address we have never seen
        named = [address for address in written_to if address in dead]
        self.env["creditbox.failed.address"]._note(
            partner,
            "email",
            named or (written_to if dead and len(written_to) == 1 else []),
            reason,
        )
