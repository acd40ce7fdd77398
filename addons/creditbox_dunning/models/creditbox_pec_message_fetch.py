import base64
import hashlib
from datetime import timezone

from odoo import api, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools.mail import email_normalize

from ..tools import autoreply, pec


class CreditboxPecMessage(models.Model):
    """What is read from the mailbox, and which action it is about."""

    _inherit = "creditbox.pec.message"

    @api.model
    def _take_over(self, provider, raws):
        """Keep messages of a mailbox, and let the receipts among them work.

        The same message again changes nothing.

        :param raws: list of bytes, the messages as they are stored
        :return: recordset of the new ones
        """
        found, trust = {}, provider._pec_trust()
        for raw in raws:
            parsed = pec.parse(raw, trust)
            found.setdefault(self._fingerprint(parsed, raw), (parsed, raw))
        known = self.search(
            [
                ("provider_id", "=", provider.id),
                ("fingerprint", "in", list(found)),
            ]
        )
        for fingerprint in known.mapped("fingerprint"):
            del found[fingerprint]
        actions = self._actions_of([parsed for parsed, _raw in found.values()])
        values = [
            self._values(provider, parsed, raw, actions) | {"fingerprint": fingerprint}
            for fingerprint, (parsed, raw) in found.items()
        ]
        quiet = self.with_context(tracking_disable=True, mail_create_nolog=True)
        messages = quiet.create(values).with_env(self.env)
        messages.filtered(lambda message: message.state == "matched")._work()
        messages._announce_answers([parsed for parsed, _raw in found.values()])
        return messages

    def _announce_answers(self, parsed):
        """Tell the operators who has written to us by PEC.

        :param parsed: list of pec.PecMessage, one for each message
        """
        for message, contents in zip(self, parsed, strict=True):
            automatic = autoreply.is_automatic({"Subject": message.subject})
            if message.kind != pec.ENVELOPE or automatic:
                continue
            numbers = [f"<{number}>" for number in contents.answers]
            answered = self.env["mail.message"].search(
                [("message_id", "in", numbers)], limit=1
            )
            position, made_by = self.env["creditbox.position"]._answered(
                message.partner_id, answered, message.provider_id.company_id
            )
            if position:
                position._reply_received(made_by, message.subject, "")

    @api.model
    def _take_over_alone(self, provider, raw):
        """Keep one message; one that cannot be worked on, with the error."""
        try:
            with self.env.cr.savepoint():
                return self._take_over(provider, [raw])
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise  # the next look begins at the same place
        except Exception as error:
            self.env.invalidate_all()
            return self._keep(provider, raw, error)

    def _keep(self, provider, raw, error):
        """Put by a message that could not be worked on, with all that it says."""
        parsed = pec.parse(raw)
        fingerprint = self._fingerprint(parsed, raw)
        known = [("provider_id", "=", provider.id), ("fingerprint", "=", fingerprint)]
        if found := self.search(known):
            return found
        return self.create(
            {
                "provider_id": provider.id,
                "company_id": provider.company_id.id,
                "state": "open",
                "reason": self.env._("It could not be worked on: %s", error),
                "fingerprint": fingerprint,
                **self._contents(parsed, raw),
            }
        )

    @api.model
    def _fingerprint(self, parsed, raw):
        number = parsed.message_id or hashlib.sha256(raw).hexdigest()
        return "|".join((number, parsed.kind, parsed.recipient))

    @api.model
    def _values(self, provider, parsed, raw, actions):
        action = actions.get(parsed, self.env["creditbox.action"])
        reason = self._reason(parsed, action)
        return {
            "provider_id": provider.id,
            "company_id": (action.company_id or provider.company_id).id,
            "state": "open" if reason else "matched",
            "reason": reason,
            "action_id": action.id,
            "partner_id": (action.partner_id or self._writer(provider, parsed)).id,
            **self._contents(parsed, raw),
        }

    @api.model
    def _writer(self, provider, parsed):
        """:return: the customer who has written to us by PEC, if only one it can be"""
        partners = self.env["res.partner"]
        # the envelope's sender reads: "Per conto di: rossi@pec.example" <provider>
        address = email_normalize(parsed.sender.split(":")[-1].split('"')[0])
        if parsed.kind != pec.ENVELOPE or not address:
            return partners
        companies = [*provider.company_id.ids, False] if provider.company_id else None
        domain = Domain("creditbox_pec", "=ilike", address)
        if companies:
            domain &= Domain("company_id", "in", companies)
        found = partners.search(domain, limit=2)
        return found if len(found) == 1 else partners

    @api.model
    def _contents(self, parsed, raw):
        return {
            "kind": parsed.kind or "other",
            "date": self._utc(parsed.date),
            "recipient": parsed.recipient,
            "sender": parsed.sender,
            "subject": parsed.subject,
            "error_code": parsed.error,
            "error": parsed.error_text,
            "provider_name": parsed.provider,
            "identifier": parsed.identifier,
            "message_number": parsed.message_id,
            "signature": parsed.signature,
            "sha256": hashlib.sha256(raw).hexdigest(),
            "eml": base64.b64encode(raw),
            "daticert": base64.b64encode(parsed.daticert) or False,
        }

    @api.model
    def _utc(self, date):
        return date and date.astimezone(timezone.utc).replace(tzinfo=None)

    @api.model
    def _reason(self, parsed, action):
        """Why a person must look at the message; False where nobody need."""
        if parsed.kind == pec.TAKEN_OVER:
            return False  # between the providers: says nothing to the sender
        if parsed.kind == pec.ENVELOPE:
            return self.env._("Somebody has written to the certified mailbox")
        if not parsed.is_receipt:
            return self.env._("Not a receipt")
        if not action:
            return self.env._("No PEC of ours has the number that it names")
        if parsed.recipient and parsed.recipient != (action.recipient or "").lower():
            return self.env._("It is about another address than the one written to")
        flaws = {
            "signature": self.env._("the provider's signature is missing"),
            "forged": self.env._("the provider's signature is not valid"),
            "unchecked": self.env._("the provider's signature cannot be checked"),
            "kind": self.env._("header and certified data say different things"),
            "data": self.env._("the certified data are missing or broken"),
            "date": self.env._("the legal time is missing"),
        }
        found = ", ".join(flaws[flaw] for flaw in parsed.flaws)
        return found and self.env._("Not whole: %s", found)

    # ------------------------------------------------------------------
    # which action
    # ------------------------------------------------------------------
    @api.model
    def _actions_of(self, parsed):
        """Find the actions by the number of what was sent, never by the subject.

        :param parsed: list of pec.PecMessage
        :return: {pec.PecMessage: creditbox.action}, without those not found
        """
        by_number = self._actions_by_number(
            {number for message in parsed for number in message.references}
        )
        by_identifier = self._actions_by_identifier(
            {message.identifier for message in parsed if message.identifier}
        )
        # an acceptance names its message for the receipts of the same batch too
        for message in parsed:
            if message.kind == pec.ACCEPTED and message.identifier:
                for number in message.references:
                    if number in by_number:
                        by_identifier[message.identifier] = by_number[number]
        found = {}
        for message in parsed:
            if not message.is_receipt:
                continue
            candidates = [by_number.get(number) for number in message.references]
            candidates.append(by_identifier.get(message.identifier))
            action = next(filter(None, candidates), None)
            if action:
                found[message] = action
        return found

    def _actions_by_number(self, numbers):
        mails = self.env["mail.mail"].search(
            [
                ("creditbox_action_id.code", "=", "pec"),
                ("message_id", "in", [f"<{number}>" for number in numbers]),
            ]
        )
        return {
            mail.message_id.strip("<> "): mail.creditbox_action_id for mail in mails
        }

    def _actions_by_identifier(self, identifiers):
        accepted = self.search(
            [
                ("kind", "=", pec.ACCEPTED),
                ("identifier", "in", list(identifiers)),
                ("action_id", "!=", False),
            ]
        )
        return {message.identifier: message.action_id for message in accepted}
