from urllib.parse import urlsplit

import requests

from odoo import api, fields, models
from odoo.tools.urls import urljoin

from ..tools.sms_http import SmsApiHttp, has_not_left
from ..tools.transport import Carrier, NotSent, own_transaction

BAD_NUMBER = (
    "wrong_number_format",
    "country_not_supported",
    "invalid_destination",
)
_REFUSED = (*BAD_NUMBER, "sms_number_missing", "duplicate_message", "rejected")


class SmsCarrier(Carrier):
    """A gateway that has not answered once is not asked again in this turn."""

    def __init__(self):
        self.numbers = {}  # {id of the sms.sms: the gateway's own number}

    def hand_over(self, parcel):
        try:
            if number := parcel._creditbox_transmit():
                self.numbers[parcel.id] = number
        except (requests.ConnectionError, requests.Timeout) as error:
            self.lost = parcel._creditbox_describe(error)
            raise


class SmsSms(models.Model):
    """SMS of actions: own queue, in a state that Odoo's own queue does not look at."""

    _name = "sms.sms"
    _inherit = ["sms.sms", "creditbox.transport"]
    _creditbox_queue_state = "process"
    _creditbox_failed_state = "error"

    creditbox_gateway_number = fields.Char(
        string="Number of the gateway",
        readonly=True,
        index="btree_not_null",
        help="Its own number of this message, by which the gateway reports.",
    )
    _creditbox_queue_idx = models.Index(
        "(id) WHERE creditbox_action_id IS NOT NULL AND state = 'process'"
    )

    def _creditbox_channel(self):
        return self.env["creditbox.channel.sms"]

    def _creditbox_failure(self, reason):
        return {"failure_type": "unknown"}

    @api.model
    def _creditbox_verdict(self, error):
        if isinstance(error, requests.RequestException):
            return "later" if has_not_left(error) else "doubt"
        return super()._creditbox_verdict(error)

    @api.model
    def _creditbox_describe(self, error):
        request = getattr(error, "request", None)
        if request is not None and has_not_left(error):
            address = urlsplit(request.url).netloc
            return self.env._("The gateway does not answer: %s", address)
        return super()._creditbox_describe(error)

    def _creditbox_dead_addresses(self, error):
        return [self.number] if getattr(error, "bad_address", False) else []

    def _creditbox_opening(self):
        return self.creditbox_action_id.company_id._creditbox_sms_opening()

    @api.model
    def _creditbox_hours_changed(self, companies):
        """Have the queue ask again when what waits may leave."""
        waiting = self.search(
            [
                ("creditbox_action_id.company_id", "in", companies.ids),
                ("state", "=", self._creditbox_queue_state),
                ("creditbox_retry_at", "!=", False),
            ]
        )
        if waiting:
            waiting.creditbox_retry_at = False
            self._creditbox_wake_queue()

    @api.model
    def _creditbox_wake_queue(self, at=None):
        self.env.ref("creditbox_dunning.ir_cron_send_sms").sudo()._trigger(at)
        if not at:
            self._creditbox_enqueue_senders()

    def write(self, vals):
        """What an action has sent is kept: a later receipt may name it."""
        if not vals.get("to_delete"):
            return super().write(vals)
        ours = self.filtered("creditbox_action_id")
        others = {name: value for name, value in vals.items() if name != "to_delete"}
        super(SmsSms, ours).write(others)
        return super(SmsSms, self - ours).write(vals)

    def _send(self, unlink_failed=False, unlink_sent=True, raise_exception=False):
        """Whoever sends an SMS of an action passes the gate."""
        ours = self.filtered("creditbox_action_id")
        ours._creditbox_send()
        others = self - ours
        if not others:
            return None
        return super(SmsSms, others)._send(unlink_failed, unlink_sent, raise_exception)

    def resend_failed(self):
        """The action of a failed SMS has ended: it is not sent again by hand."""
        others = self.filtered(lambda sms: not sms.creditbox_action_id)
        return super(SmsSms, others).resend_failed()

    def _creditbox_send(self):
        carrier = SmsCarrier()
        self._creditbox_send_all(carrier)
        if carrier.numbers:  # its receipt may have been faster than its answer
            with own_transaction(self.env.cr):
                self.env["creditbox.sms.receipt"].sudo()._look_again(
                    list(carrier.numbers.values())
                )

    def _creditbox_sent(self):
        return {"state": "pending", "failure_type": False, "creditbox_retry_at": False}

    def _creditbox_record(self):
        for company, queued in self.grouped(
            lambda sms: sms.creditbox_action_id.company_id
        ).items():
            provider = self.env["creditbox.channel.sms"]._provider(company)
            for sms in queued:
                sms._creditbox_note_provider(provider)
        return super()._creditbox_record()

    def _creditbox_note_answers(self, carrier):
        for sms in self:
            if number := carrier.numbers.get(sms.id):
                sms.creditbox_gateway_number = number

    def _creditbox_transmit(self):
        """Send one SMS.

        :return: the gateway's own number of it, if it says one
        :raise NotSent, requests.RequestException: it has not left, or nobody knows
        """
        company = self.creditbox_action_id.company_id
        provider = self.env["creditbox.channel.sms"]._provider(company)
        api_class = company._get_sms_api_class()
        gateway = (
            SmsApiHttp(self.env, provider)
            if provider
            else api_class(self.with_company(company).env)
        )
        number = {"number": self.number, "uuid": self.uuid}
        [result] = gateway._send_sms_batch(
            [{"content": self.body, "numbers": [number]}],
            delivery_reports_url=urljoin(self.get_base_url(), "/sms/status"),
        )
        if result["state"] not in self.IAP_TO_SMS_STATE_SUCCESS:
            raise NotSent(
                result.get("failure_reason") or result["state"],
                "refused" if result["state"] in _REFUSED else "later",
                result["state"] in BAD_NUMBER,
            )
        return result.get("gateway_number")

    def _creditbox_note_provider(self, provider):
        """Receipts count for what their own gateway has sent, and for nothing else."""
        action = self.creditbox_action_id.sudo()
        if action.provider_id != provider:
            action.provider_id = provider
        if not provider:
            self._creditbox_track()

    def _creditbox_track(self):
        """Have Odoo's own service tell what becomes of these SMS."""
        self.env["sms.tracker"].sudo().create(
            [{"sms_uuid": sms.uuid} for sms in self if not sms.sms_tracker_id]
        )
