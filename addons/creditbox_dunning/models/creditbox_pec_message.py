import base64
import hashlib
from datetime import timedelta, timezone

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools.mail import email_normalize

from ..tools import autoreply, pec
from .creditbox_action import DONE_STATES

# states of an action whose PEC has left, or may have
TAKEN = ("sending", "failed", *DONE_STATES)
# what has been read in these hours proves that the mailbox is looked at
FRESH_HOURS = 6


class CreditboxPecMessage(models.Model):
    """One message of a certified mailbox, as it came: proof, or work for somebody.

    A receipt that is whole and belongs to an action of ours does its work at once.
    Anything else waits to be handled by hand; nothing is thrown away.
    """

    _name = "creditbox.pec.message"
    _inherit = ["mail.thread", "creditbox.guarded"]
    _description = "Message of a Certified Mailbox (PEC)"
    _order = "date desc, id desc"
    _rec_name = "subject"

    provider_id = fields.Many2one(
        "creditbox.provider", string="Mailbox", required=True, readonly=True
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    kind = fields.Selection(
        [
            (pec.ACCEPTED, "Acceptance"),
            (pec.REFUSED, "Non-acceptance"),
            (pec.TAKEN_OVER, "Taking over"),
            (pec.DELIVERED, "Delivery"),
            (pec.LATE, "Notice of late delivery"),
            (pec.NOT_DELIVERED, "Non-delivery"),
            (pec.VIRUS, "Virus found"),
            (pec.ENVELOPE, "PEC received"),
            ("other", "Other message"),
        ],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [
            ("open", "To be handled"),
            ("matched", "Matched"),
            ("handled", "Handled"),
        ],
        required=True,
        readonly=True,
        tracking=True,
    )
    reason = fields.Char(
        string="Why by hand", readonly=True, help="What keeps it from being matched."
    )
    action_id = fields.Many2one(
        "creditbox.action", index="btree_not_null", tracking=True, ondelete="restrict"
    )
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    date = fields.Datetime(
        readonly=True, help="Legal time, as the provider's data give it."
    )
    recipient = fields.Char(readonly=True)
    sender = fields.Char(readonly=True)
    subject = fields.Char(readonly=True)
    error_code = fields.Char(readonly=True)
    error = fields.Char(readonly=True)
    provider_name = fields.Char(string="Issued by", readonly=True)
    identifier = fields.Char(string="Provider's number", readonly=True, index=True)
    message_number = fields.Char(string="Message-ID", readonly=True)
    fingerprint = fields.Char(required=True, readonly=True)
    sha256 = fields.Char(string="SHA-256", readonly=True)
    eml = fields.Binary(string="Message", readonly=True, attachment=True)
    eml_name = fields.Char(compute="_compute_names")
    daticert = fields.Binary(string="Certified data", readonly=True, attachment=True)
    daticert_name = fields.Char(compute="_compute_names")

    _fingerprint_uniq = models.Constraint(
        "UNIQUE(provider_id, fingerprint)", "This message is already there."
    )
    _open_idx = models.Index("(company_id) WHERE state = 'open'")

    @api.depends("kind")
    def _compute_names(self):
        for message in self:
            message.eml_name = f"{message.kind}-{message.id}.eml"
            message.daticert_name = f"daticert-{message.id}.xml"

    def write(self, vals):
        if not self.env.su and (
            vals.keys() - {"action_id"} or set(self.mapped("state")) - {"open"}
        ):
            raise AccessError(self.env._("A message of the mailbox stays as it came."))
        return super().write(vals)

    # ------------------------------------------------------------------
    # from the mailbox
    # ------------------------------------------------------------------
    @api.model
    def _take_over(self, provider, raws):
        """Keep messages of a mailbox, and let the receipts among them work.

        The same message again changes nothing.

        :param raws: list of bytes, the messages as they are stored
        :return: recordset of the new ones
        """
        found = {}
        for raw in raws:
            parsed = pec.parse(raw)
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

    # ------------------------------------------------------------------
    # what receipts do
    # ------------------------------------------------------------------
    def _work(self):
        """Let receipts that are whole do what they say."""
        works = {
            pec.ACCEPTED: self._accepted,
            pec.DELIVERED: self._delivered,
            pec.LATE: self._late,
            pec.REFUSED: self._failed,
            pec.NOT_DELIVERED: self._failed,
            pec.VIRUS: self._failed,
        }
        receipts = self.filtered(lambda m: m.action_id and m.kind in works)
        # a process was killed while sending: the provider knows that it has left
        receipts.action_id.sudo()._settle_sent()
        for kind, messages in receipts.grouped("kind").items():
            works[kind](messages)

    @api.model
    def _accepted(self, messages):
        sent = messages.action_id.filtered(lambda action: not action.pec_state)
        sent.sudo().pec_state = "accepted"

    @api.model
    def _late(self, messages):
        open_ = messages.action_id.filtered(lambda a: a.pec_state != "delivered")
        open_.sudo().pec_state = "late"

    @api.model
    def _delivered(self, messages):
        """The proof: the bills' next step counts from its legal time."""
        for message in messages:
            if message.action_id._receipt_delivered(message._legal_day()):
                message.sudo().write({"state": "open", "reason": self._too_late()})
        messages.action_id.sudo().pec_state = "delivered"

    def _too_late(self):
        return self.env._("Delivered after it was given up, and another way taken")

    def _legal_day(self):
        """:return: datetime.date of the legal time where the company is"""
        return self.action_id.company_id._creditbox_local(self.date).date()

    @api.model
    def _failed(self, messages):
        """Not delivered: the row's fallback channel is taken by the next run."""
        for message in messages:
            reason = self.env._("PEC not delivered: %s", message._error_text())
            failed = message.action_id._receipt_failed(
                reason, wrong_address=message.error_code in pec.NO_MAILBOX
            )
            failed.sudo().pec_state = "failed"

    def _error_text(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return self.error or self.error_code or kinds[self.kind]

    @api.model
    def _give_up_undelivered(self):
        """End the actions that no receipt of delivery has come for in time.

        Only of mailboxes that are being read: what we have not looked for may be
        there.
        """
        fresh = fields.Datetime.now() - timedelta(hours=FRESH_HOURS)
        mailboxes = self.env["creditbox.provider"]._pec_mailboxes()
        for mailbox in mailboxes.filtered(
            lambda m: not m.pec_error and m.pec_fetched_at and m.pec_fetched_at > fresh
        ):
            actions = self.env["creditbox.action"].search(
                Domain("provider_id", "=", mailbox.id)
                & Domain("code", "=", "pec")
                & Domain("state", "=", "done")
                & Domain("pec_state", "!=", "delivered")
                # a receipt that waits for a person may prove the contrary
                & Domain("pec_message_ids", "not any", [("state", "=", "open")])
            )
            mailbox = mailbox._speaking()
            days = timedelta(days=mailbox.pec_wait_days)
            late = actions.filtered(
                lambda a, days=days: (
                    a.date_done < a.company_id._creditbox_today() - days
                )
            )
            late._mark_failed(
                mailbox.env._(
                    "No receipt of delivery within %s days", mailbox.pec_wait_days
                ),
                unreachable=True,
            )
            late.sudo().pec_state = "failed"

    # ------------------------------------------------------------------
    # by hand
    # ------------------------------------------------------------------
    def action_confirm(self):
        """Take the messages for what they say, though they are not whole.

        :raises UserError: a message without action, or without a date
        """
        self._require("creditbox_base.group_supervisor")
        for message in self.filtered(lambda m: m.state == "open"):
            if not message.action_id:
                raise UserError(
                    self.env._(
                        "%s: say first which action it is about.", message.subject
                    )
                )
            if message.kind == pec.DELIVERED and not message.date:
                raise UserError(
                    self.env._(
                        "%s: without its legal time it proves nothing.", message.subject
                    )
                )
            if message.action_id.code != "pec" or message.action_id.state not in TAKEN:
                raise UserError(
                    self.env._("%s: this action has sent no PEC.", message.subject)
                )
            message.sudo().write(
                {
                    "state": "handled",
                    "partner_id": message.action_id.partner_id.id,
                    "company_id": message.action_id.company_id.id,
                }
            )
            message.sudo()._work()
            if message.state == "open":
                raise UserError(self._too_late())

    def action_handled(self):
        """Somebody has dealt with the messages; they change nothing."""
        self._require("creditbox_base.group_operator")
        self.filtered(lambda m: m.state == "open").sudo().state = "handled"
