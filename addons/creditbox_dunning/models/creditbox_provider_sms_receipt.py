import json
import secrets

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import signature, sms_receipt

# as gateways and SMPP 3.4 call them
DELIVERED = "delivered, delivrd"
FAILED = (
    "failed, undelivered, undeliverable, undeliv, rejected, rejectd, expired, deleted,"
    " error, invalid_number, unknown_subscriber"
)
PENDING = (
    "pending, queued, accepted, acceptd, sent, submitted, enroute, buffered, unknown"
)
WRONG_NUMBER = "invalid_number, unknown_subscriber"


class CreditboxProvider(models.Model):
    """SMS: the gateway reports to an address of ours what became of each message."""

    _inherit = "creditbox.provider"

    sms_receipt_token = fields.Char(
        string="Address code for receipts",
        copy=False,
        groups="creditbox_base.group_administrator",
    )
    sms_receipt_url = fields.Char(
        string="Address for receipts",
        compute="_compute_sms_receipt_url",
        groups="creditbox_base.group_administrator",
        help="To be entered at the gateway. Who knows it cannot send receipts: they "
        "must be signed too.",
    )
    sms_receipt_secret = fields.Char(
        string="Secret of the signature",
        copy=False,
        groups="creditbox_base.group_administrator",
        help="Shared with the gateway, which signs each request with it "
        "(HMAC-SHA256). Empty: no receipt is taken.",
    )
    sms_receipt_header = fields.Char(
        string="Header: signature", default="X-Signature", required=True
    )
    sms_receipt_time_header = fields.Char(
        string="Header: time",
        help="Seconds since 1970; «time.body» is then what is signed. Empty: the body "
        "alone is.",
    )
    sms_receipt_tolerance = fields.Integer(
        string="Tolerance (seconds)",
        default=300,
        help="An older request is refused: somebody may have recorded it.",
    )
    sms_receipt_field_reference = fields.Char(
        string="Field of a receipt: reference",
        default="reference",
        required=True,
        help="«data.reference» for a field within another.",
    )
    sms_receipt_field_status = fields.Char(
        string="Field of a receipt: outcome", default="status", required=True
    )
    sms_receipt_field_error = fields.Char(
        string="Field of a receipt: error", default="error"
    )
    sms_receipt_field_date = fields.Char(
        string="Field of a receipt: time", default="timestamp"
    )
    sms_words_delivered = fields.Char(
        string="Words: delivered",
        default=DELIVERED,
        help="What the gateway says for it, separated by commas.",
    )
    sms_words_failed = fields.Char(string="Words: failed", default=FAILED)
    sms_words_pending = fields.Char(string="Words: not known yet", default=PENDING)
    sms_words_wrong_number = fields.Char(
        string="Words: wrong number",
        default=WRONG_NUMBER,
        help="Outcomes or errors after which the number is not written to again.",
    )

    _sms_receipt_token_uniq = models.UniqueIndex(
        "(sms_receipt_token) WHERE sms_receipt_token IS NOT NULL",
        "This address for receipts is taken.",
    )

    @api.depends("sms_receipt_token")
    def _compute_sms_receipt_url(self):
        for provider in self:
            token = provider.sms_receipt_token
            provider.sms_receipt_url = (
                f"{provider.get_base_url()}/creditbox/sms/receipt/{token}"
                if token
                else False
            )

    @api.constrains("sms_words_delivered", "sms_words_failed", "sms_words_pending")
    def _check_sms_words(self):
        for provider in self:
            seen = set()
            for field in provider._sms_word_fields().values():
                found = sms_receipt.words(provider[field])
                if twice := sorted(seen & found):
                    raise ValidationError(
                        self.env._(
                            "%(provider)s: the word «%(word)s» stands in two lists.",
                            provider=provider.name,
                            word=twice[0],
                        )
                    )
                seen |= found

    @api.constrains("sms_receipt_tolerance")
    def _check_sms_receipt_tolerance(self):
        for provider in self:
            if not 10 <= provider.sms_receipt_tolerance <= 86400:
                raise ValidationError(
                    self.env._("The tolerance must be 10 seconds to one day.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        providers = super().create(vals_list)
        # whoever adds a gateway need not be allowed to see the address
        gateways = providers.sudo().filtered(lambda provider: provider.kind == "sms")
        gateways._sms_receipt_renew()
        return providers

    def _sms_receipt_renew(self):
        for provider in self:
            provider.sms_receipt_token = secrets.token_urlsafe(24)

    def action_sms_receipt_new_address(self):
        """Give the gateway another address; the old one is dead at once."""
        self.check_access("write")
        self._sms_receipt_renew()

    def _sms_word_fields(self):
        """:return: {outcome: field with the words for it}"""
        return {
            "delivered": "sms_words_delivered",
            "failed": "sms_words_failed",
            "pending": "sms_words_pending",
        }

    # ------------------------------------------------------------------
    # what comes in
    # ------------------------------------------------------------------
    @api.model
    def _sms_receipt_provider(self, token):
        """:return: whose address it is; also archived: what it has sent comes back"""
        everywhere = self.with_context(active_test=False)
        return everywhere.search(
            [("sms_receipt_token", "=", token), ("kind", "=", "sms")]
        )

    def _sms_receipt_is_signed(self, body, headers):
        """Whether a request is of this gateway, and of now.

        :param bytes body: as it came
        :param headers: mapping of its headers
        """
        self.ensure_one()
        timestamp = ""
        if self.sms_receipt_time_header:
            timestamp = headers.get(self.sms_receipt_time_header, "").strip()
            if not signature.is_recent(timestamp, self.sms_receipt_tolerance):
                return False
        given = headers.get(self.sms_receipt_header, "")
        return signature.is_signed(self.sms_receipt_secret, body, given, timestamp)

    def _sms_receipts_take_over(self, body, content_type):
        """Keep the receipts of one request of this gateway and let them work.

        :param bytes body: JSON or form fields
        :return: recordset of the new creditbox.sms.receipt
        """
        provider = self._speaking()
        receipts = provider.env["creditbox.sms.receipt"]
        try:
            found = sms_receipt.parse(body, content_type)
        except sms_receipt.Unreadable as error:
            reason = provider.env._("It cannot be read: %s", error)
            payload = sms_receipt.clean(body.decode(errors="replace"))
            return receipts._keep_unreadable(provider, payload, reason)
        return receipts._take_over(
            provider, [provider._sms_receipt_values(item) for item in found]
        )

    def _sms_receipt_values(self, receipt):
        """:return: values of a creditbox.sms.receipt"""

        def read(field):
            return sms_receipt.value(receipt, self[field])

        zone = (self.company_id or self.env.company)._creditbox_zone()
        return {
            "reference": read("sms_receipt_field_reference"),
            "word": read("sms_receipt_field_status"),
            "error": read("sms_receipt_field_error"),
            "date_reported": sms_receipt.moment(read("sms_receipt_field_date"), zone),
            "payload": sms_receipt.clean(json.dumps(receipt, ensure_ascii=False)),
        }

    def _sms_outcome(self, word):
        """:return: what ``word`` of the gateway means; False: nobody has said"""
        for outcome, field in self._sms_word_fields().items():
            if word.casefold() in sms_receipt.words(self[field]):
                return outcome
        return False

    def _sms_is_wrong_number(self, found):
        """Whether one of the words ``found`` says that there is no such number."""
        wrong = sms_receipt.words(self.sms_words_wrong_number)
        return any(word.casefold() in wrong for word in found)
