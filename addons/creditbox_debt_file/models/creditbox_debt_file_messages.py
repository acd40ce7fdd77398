from odoo import models
from odoo.fields import Domain
from odoo.tools import html2plaintext
from odoo.tools.misc import format_date

from ..tools import text_sheet
from ..tools.sections import Document, Section
from ..tools.text_sheet import Text


class CreditboxDebtFileContent(models.AbstractModel):
    """What was written to the customer and what came back."""

    _inherit = "creditbox.debt.file.content"

    def _sections(self, scope):
        return [
            *super()._sections(scope),
            Section(30, self.env._("Reminders and messages"), self._reminders(scope)),
            Section(35, self.env._("Correspondence"), self._correspondence(scope)),
        ]

    def _texts(self, scope, title, texts):
        """:return: list of Document, one PDF of all texts"""
        if not texts:
            return []
        subject = scope.partner.display_name
        return [
            Document(
                f"{title}.pdf",
                title,
                lambda: text_sheet.to_pdf(
                    title, scope.company.name, subject, texts, self._page_label()
                ),
            )
        ]

    # ------------------------------------------------------------------
    # reminders
    # ------------------------------------------------------------------
    def _reminders(self, scope):
        """Each text as it was sent, those of the action table and of mailings."""
        actions = self._actions(scope, ("message_id", "!=", False))
        leads = actions._leads()
        codes = self._labels("creditbox.action", "code")
        states = self._labels("creditbox.action", "state")
        texts = [
            Text(
                action.message_subject or action.rule_id.name or "",
                (
                    (self.env._("Channel"), codes[action.code]),
                    (self.env._("Sent on"), self._written(action.date_done)),
                    (self.env._("To"), action.recipient or action.postal_address or ""),
                    (self.env._("Supply"), action.supply_id.code or ""),
                    (self.env._("State"), states[action.state]),
                    (self.env._("Proof of delivery"), self._written(action.date_proof)),
                ),
                html2plaintext(action.message_body or ""),
            )
            for action in leads
        ]
        yield from self._texts(scope, self.env._("Texts of the reminders"), texts)
        files = self._attachments("creditbox.action", leads.ids)
        by_id = {action.id: action for action in leads}
        for file in files:
            action = by_id[file.res_id]
            if file.name != self._letter_name(action):  # those come with their proofs
                yield self._attached(file, action.date_done)
        yield from self._mailings(scope)

    def _letter_name(self, action):
        return action.letter_lot_id and action.letter_lot_id._letter_name(action)

    def _written(self, day):
        return format_date(self.env, day) if day else ""

    def _mailings(self, scope):
        recipients = self.env["creditbox.mailing.recipient"].search(
            [
                ("position_id", "in", scope.positions.ids),
                ("message_id", "!=", False),
            ]
        )
        texts = [
            Text(
                recipient.mailing_id.display_name,
                (
                    (
                        self.env._("Sent on"),
                        self._moment(scope, recipient.message_id.date),
                    ),
                    (self.env._("To"), recipient.address or ""),
                ),
                html2plaintext(recipient.message_body or ""),
            )
            for recipient in recipients
        ]
        return self._texts(scope, self.env._("Other communications"), texts)

    # ------------------------------------------------------------------
    # correspondence
    # ------------------------------------------------------------------
    def _chatters(self, scope):
        """Whose chatters speak of this debt alone; addons add their records.

        A customer that companies share has one chatter for all of them: it is left out.

        :return: {model: list of ids}
        """
        chatters = {"creditbox.position": scope.positions.ids}
        if scope.whole and scope.partner.company_id == scope.company:
            chatters["res.partner"] = scope.partner.ids
        return chatters

    def _chatter_messages(self, scope, *domain):
        """:return: mail.message, oldest first"""
        places = Domain.OR(
            Domain("model", "=", model) & Domain("res_id", "in", ids)
            for model, ids in self._chatters(scope).items()
        )
        return self.env["mail.message"].search(
            Domain.AND([places, list(domain)]), order="date, id"
        )

    def _correspondence(self, scope):
        """E-mails by people, to and from the customer, with what was attached."""
        messages = self._chatter_messages(
            scope,
            ("message_type", "in", ("email", "comment", "email_outgoing")),
            ("subtype_id.internal", "=", False),
            ("id", "not in", self._own_texts(scope)),
        )
        yield from self._messages(
            scope,
            self.env._("Messages exchanged"),
            messages,
            self.env._("From"),
        )

    def _messages(self, scope, title, messages, who):
        """Yield the sheet of their texts, then what is attached to them.

        :param who: str, what the author is called
        """
        texts = [
            Text(
                message.subject or message.record_name or "",
                (
                    (self.env._("Date"), self._moment(scope, message.date)),
                    (who, message.author_id.name or message.email_from or ""),
                ),
                html2plaintext(message.body or ""),
            )
            for message in messages
        ]
        yield from self._texts(scope, title, texts)
        for message in messages:
            for file in message.attachment_ids:
                day = self._day(scope, message.date)
                name = f"{self._stamp(day)} {file.name}"
                yield self._attached(file, day, file.name, name)

    def _own_texts(self, scope):
        """:return: ids of the messages that are reminders"""
        actions = self._actions(scope, ("message_id", "!=", False))
        recipients = self.env["creditbox.mailing.recipient"].search(
            [
                ("position_id", "in", scope.positions.ids),
                ("message_id", "!=", False),
            ]
        )
        return (actions.message_id | recipients.message_id).ids
