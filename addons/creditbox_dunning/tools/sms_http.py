"""A plain HTTP gateway: one request an SMS, whatever its fields are called."""

import requests
from requests.exceptions import JSONDecodeError, ProxyError, SSLError
from urllib3.exceptions import NameResolutionError, NewConnectionError

from odoo.addons.sms.tools.sms_api import SmsApiBase

from . import sms_receipt
from .transport import NotSent

TIMEOUT = 20
# the gateway may have taken the message before it failed
_DOUBTFUL = (408, 500, 502, 504)


def has_not_left(error):
    """Whether the request has not even reached the gateway.

    :param error: requests.RequestException
    """
    if isinstance(
        error, requests.ConnectTimeout | SSLError | ProxyError | ValueError
    ) and not isinstance(error, JSONDecodeError):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, NewConnectionError | NameResolutionError)


class SmsApiHttp(SmsApiBase):
    """Sends through the gateway of a creditbox.provider (kind SMS)."""

    def __init__(self, env, provider):
        super().__init__(env)
        self.provider = provider.sudo()

    def _send_sms_batch(self, messages, delivery_reports_url=False):
        """Same arguments and result as Odoo's own service.

        :raise requests.RequestException: it has not left, or nobody knows, see
            `has_not_left`
        :raise NotSent: nobody knows if the SMS has left
        """
        return [
            self._send_one(message["content"], number["number"], number["uuid"])
            for message in messages
            for number in message["numbers"]
        ]

    def _send_one(self, text, number, uuid):
        response = requests.post(
            self.provider.sms_url, timeout=TIMEOUT, **self._request(text, number, uuid)
        )
        reason = f"{response.status_code} {response.text[:200]}"
        if response.status_code in _DOUBTFUL:
            raise NotSent(reason, "doubt")
        return {
            "uuid": uuid,
            "state": self._state(response),
            "failure_reason": "" if response.ok else reason,
            "gateway_number": self._number(response) if response.ok else "",
        }

    def _number(self, response):
        """:return: the gateway's own number of the message, empty when it says none"""
        path = self.provider.sms_field_number
        if not path:
            return ""
        try:
            answer = response.json()
        except ValueError:
            return ""
        if isinstance(answer, list):  # some answer with a list of the one message
            answer = answer[0] if answer else None
        return sms_receipt.value(answer, path)

    def _request(self, text, number, uuid):
        """:return: keyword arguments of requests.post"""
        provider = self.provider
        payload = {
            provider.sms_field_to: number,
            provider.sms_field_text: text,
        }
        if provider.sms_field_from and provider.sms_sender:
            payload[provider.sms_field_from] = provider.sms_sender
        if provider.sms_field_reference:
            payload[provider.sms_field_reference] = uuid
        request = {"headers": {"Idempotency-Key": uuid}}
        if provider.sms_auth == "bearer" and provider.sms_secret:
            request["headers"]["Authorization"] = f"Bearer {provider.sms_secret}"
        elif provider.sms_auth == "basic":
            request["auth"] = (provider.sms_user or "", provider.sms_secret or "")
        elif provider.sms_auth == "field" and provider.sms_user:
            payload[provider.sms_user] = provider.sms_secret
        request["json" if provider.sms_format == "json" else "data"] = payload
        return request

    def _state(self, response):
        """:return: state in the words of Odoo's own service"""
        if response.ok:
            return "success"
        if response.status_code == 422:
            return "wrong_number_format"
        if response.status_code in (400, 404):  # the address of the gateway, perhaps
            return "rejected"
        return "server_error"
