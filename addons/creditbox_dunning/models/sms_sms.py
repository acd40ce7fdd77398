import requests

from odoo import api, models

from ..tools.sms_http import SmsApiHttp
from ..tools.transport import NotSent

_BAD_NUMBER = (
    "wrong_number_format",
    "country_not_supported",
    "invalid_destination",
)
_REFUSED = (*_BAD_NUMBER, "sms_number_missing", "duplicate_message", "rejected")


class SmsSms(models.Model):
    """SMS of actions: own queue, in a state that Odoo's own queue does not look at."""

    _name = "sms.sms"
    _inherit = ["sms.sms", "creditbox.transport"]
    _creditbox_queue_state = "process"
    _creditbox_failed_state = "error"

    def _creditbox_channel(self):
        return self.env["creditbox.channel.sms"]

    def _creditbox_failure(self, reason):
        return {"failure_type": "unknown"}

    @api.model
    def _creditbox_verdict(self, error):
        if isinstance(error, requests.ReadTimeout):
            return "doubt"
        return super()._creditbox_verdict(error)

    def _creditbox_dead_addresses(self, error):
        return [self.number] if getattr(error, "bad_address", False) else []

    @api.model
    def _creditbox_wake_queue(self, at=None):
        self.env.ref("creditbox_dunning.ir_cron_send_sms").sudo()._trigger(at)

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
        self._creditbox_send_each(self._creditbox_transmit)

    @api.model
    def _creditbox_transmit(self, sms):
        """Send one SMS; raise when it has not left."""
        company = sms.creditbox_action_id.company_id
        provider = self.env["creditbox.channel.sms"]._provider(company)
        api_class = company._get_sms_api_class()
        gateway = (
            SmsApiHttp(self.env, provider)
            if provider
            else api_class(self.with_company(company).env)
        )
        number = {"number": sms.number, "uuid": sms.uuid}
        [result] = gateway._send_sms_batch([{"content": sms.body, "numbers": [number]}])
        if result["state"] not in self.IAP_TO_SMS_STATE_SUCCESS:
            raise NotSent(
                result.get("failure_reason") or result["state"],
                "refused" if result["state"] in _REFUSED else "later",
                result["state"] in _BAD_NUMBER,
            )
        sms.write({"state": "pending", "failure_type": False})
