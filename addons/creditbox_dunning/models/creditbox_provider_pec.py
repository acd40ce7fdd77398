import base64
import logging

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import split_every
from odoo.tools.mail import email_normalize

from ..tools import smime
from ..tools.imap import MailboxError, MessageError, open_mailbox
from ..tools.transport import own_transaction

_logger = logging.getLogger(__name__)

# in one transaction: messages of a mailbox, and bytes of them
BATCH, BATCH_BYTES = 50, 16 << 20


class CreditboxProvider(models.Model):
    """PEC: one certified mailbox, of a company or of the whole group."""

    _inherit = "creditbox.provider"

    pec_address = fields.Char(
        string="PEC address", help="The certified mailbox that writes."
    )
    pec_server_id = fields.Many2one(
        "ir.mail_server",
        string="Outgoing server",
        help="Server of the certified mailbox; its «FROM Filtering» must be the PEC "
        "address, so that nothing else leaves through it.",
    )
    pec_receipt_kind = fields.Selection(
        [
            ("completa", "Complete: with the whole message"),
            ("breve", "Short: with the message, its attachments as hashes"),
            ("sintetica", "Synthetic: without the message"),
        ],
        string="Receipt of delivery",
        default="completa",
        required=True,
        help="What the receipt of delivery carries. The complete one also proves what "
        "was written.",
    )
    pec_wait_days = fields.Integer(
        string="Give up after (days)",
        default=2,
        help="Without a receipt of delivery for so long the communication counts as "
        "not delivered. The sender's provider must report a failure within 24 hours.",
    )
    pec_imap_host = fields.Char(string="Incoming server")
    pec_imap_port = fields.Integer(string="Port", default=993)
    pec_imap_security = fields.Selection(
        [("tls", "TLS"), ("starttls", "STARTTLS"), ("none", "None")],
        string="Security",
        default="tls",
        required=True,
    )
    pec_imap_user = fields.Char(
        string="User", groups="creditbox_base.group_administrator"
    )
    pec_imap_secret = fields.Char(
        string="Password", groups="creditbox_base.group_administrator"
    )
    pec_imap_folder = fields.Char(string="Folder", default="INBOX", required=True)
    pec_trusted = fields.Binary(
        string="Trusted certificates",
        attachment=True,
        groups="creditbox_base.group_administrator",
        help="PEM: those of the providers of certified mail, or of who issues them. A "
        "receipt signed with any other then waits for a person. Empty: the signature "
        "is checked, who has issued the certificate is not.",
    )
    pec_trusted_name = fields.Char(string="Name of the list")
    pec_uidvalidity = fields.Char(readonly=True, copy=False)
    pec_last_uid = fields.Float(
        digits=(16, 0), readonly=True, copy=False, help="Number of the last one read."
    )
    pec_fetched_at = fields.Datetime(string="Last look", readonly=True, copy=False)
    pec_error = fields.Char(string="Last error", readonly=True, copy=False)

    @api.constrains("pec_address", "pec_server_id")
    def _check_pec_server(self):
        # who sets up a mailbox need not manage Odoo's mail servers
        for provider in self.sudo().filtered("pec_server_id"):
            filter_ = email_normalize(provider.pec_server_id.from_filter or "")
            if not filter_ or filter_ != email_normalize(provider.pec_address or ""):
                raise ValidationError(
                    self.env._(
                        "%(server)s: its «FROM Filtering» must be %(address)s.",
                        server=provider.pec_server_id.name,
                        address=provider.pec_address,
                    )
                )

    @api.constrains("pec_trusted")
    def _check_pec_trusted(self):
        for provider in self:
            try:
                provider._pec_trust()
            except ValueError as error:
                raise ValidationError(
                    self.env._("These are no certificates in PEM format: %s", error)
                ) from error

    def _pec_trust(self):
        """:return: smime.Trust of the certificates listed, None without any"""
        # whoever has the mailbox read need not see its settings
        pem = self.sudo().with_context(bin_size=False).pec_trusted
        return smime.Trust(base64.b64decode(pem)) if pem else None

    @api.model
    def _pec_mailbox(self, company):
        """Return the certified mailbox to use: the company's own before the group's.

        :return: creditbox.provider, empty: the company cannot send PEC
        """
        return self._of_company(
            "pec",
            company,
            Domain("pec_server_id", "any!", [("active", "=", True)])
            & Domain("pec_imap_host", "!=", False),
        )

    def _pec_headers(self):
        """Headers that the provider wants on a message that leaves this mailbox."""
        self.ensure_one()
        return {
            "X-TipoRicevuta": self.pec_receipt_kind,
            # the envelope's sender must be the certified address too: no bounces
            "Return-Path": self.pec_address,
        }

    @api.model
    def _cron_pec(self):
        """Read all mailboxes, then give up what nobody has delivered."""
        for mailbox in self._pec_mailboxes():
            try:
                mailbox._speaking()._pec_fetch()
            except Exception:  # the others are read; this one at the next look
                self.env.cr.rollback()
                _logger.exception("PEC mailbox %s", mailbox.name)
        self.env["creditbox.pec.message"]._give_up_undelivered()

    def _speaking(self):
        """What a cron notes is read by the people of the company."""
        company = self.company_id or self.env.company
        return self.with_context(lang=self.env.lang or company.partner_id.lang)

    @api.model
    def _pec_mailboxes(self):
        """Also archived ones: receipts of what they have sent may still come."""
        return self.with_context(active_test=False).search(
            [("kind", "=", "pec"), ("pec_imap_host", "!=", False)]
        )

    def action_pec_fetch(self):
        """Read the mailbox now.

        :return: notification that says what was found
        """
        self._require("creditbox_base.group_operator")
        count = self.sudo()._speaking()._pec_fetch()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if self.pec_error else "success",
                "message": self.pec_error
                or self.env._("%s new messages in the mailbox", count),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _pec_fetch(self):
        """Take over what is new in the mailbox, which stays as it is.

        Batch by batch, each in a transaction with the place reached: after a kill it
        goes on from there. A mailbox that cannot be read says so and holds nobody up.

        :return: number of messages read
        """
        self.ensure_one()
        count = 0
        try:
            with open_mailbox(
                self.pec_imap_host,
                self.pec_imap_port,
                self.pec_imap_security,
                self.pec_imap_user or "",
                self.pec_imap_secret or "",
                self.pec_imap_folder,
            ) as mailbox:
                for numbers in split_every(BATCH, self._pec_new_numbers(mailbox)):
                    for batch in mailbox.in_pieces(numbers, BATCH_BYTES):
                        with own_transaction(self.env.cr):
                            self._pec_take_over(mailbox, batch)
                        self.env.invalidate_all()  # messages are large
                        count += len(batch)
            error = False
        except MailboxError as problem:
            error = str(problem)
            _logger.warning("PEC mailbox %s: %s", self.name, error)
        with own_transaction(self.env.cr):
            self.write({"pec_error": error, "pec_fetched_at": fields.Datetime.now()})
        return count

    def _pec_new_numbers(self, mailbox):
        """Numbers are good for one «validity» of the mailbox: a new one begins anew."""
        if self.pec_uidvalidity != str(mailbox.uidvalidity):
            self.write({"pec_uidvalidity": str(mailbox.uidvalidity), "pec_last_uid": 0})
        return mailbox.numbers_after(int(self.pec_last_uid))

    def _pec_take_over(self, mailbox, numbers):
        """A message that nobody can read is kept too, and stops nobody."""
        messages = self.env["creditbox.pec.message"]
        raws = [
            raw for raw in (self._pec_fetch_one(mailbox, n) for n in numbers) if raw
        ]
        try:
            with self.env.cr.savepoint():
                messages._take_over(self, raws)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise  # the next look begins at the same place
        except Exception:
            _logger.exception("PEC mailbox %s: one by one from here", self.name)
            self.env.invalidate_all()
            for raw in raws:
                messages._take_over_alone(self, raw)
        self.pec_last_uid = numbers[-1]

    def _pec_fetch_one(self, mailbox, number):
        """:return: bytes; of a message that the server keeps back, a note about it"""
        try:
            return mailbox.fetch(number)
        except MessageError as error:
            return f"Subject: message {number}: {error}\r\n\r\n".encode()
