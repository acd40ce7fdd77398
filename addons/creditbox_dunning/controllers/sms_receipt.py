import logging

from werkzeug.exceptions import Forbidden, NotFound

from odoo import SUPERUSER_ID
from odoo.http import Controller, request, route

_logger = logging.getLogger(__name__)

MAX_BYTES = 256 * 1024


class SmsReceiptController(Controller):
    @route(
        "/creditbox/sms/receipt/<string:token>",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,  # the signature says who it is
        save_session=False,
        max_content_length=MAX_BYTES,
        creditbox_raw_body=True,
    )
    def receive(self, token, **_fields):
        """Take delivery receipts of an SMS gateway.

        404: no such address; 403: not signed by the gateway, or too old; 413: too
        large. Whatever is signed is kept, and answered with 200.
        """
        # as the system: whoever knows the secret is the gateway, and no user
        providers = request.env(user=SUPERUSER_ID)["creditbox.provider"]
        provider = providers._sms_receipt_provider(token)
        if not provider:
            raise NotFound()
        body = request.httprequest.get_data()
        if not provider._sms_receipt_is_signed(body, request.httprequest.headers):
            _logger.warning("SMS receipt for provider %s: not signed", provider.id)
            raise Forbidden()
        content_type = request.httprequest.headers.get("Content-Type", "")
        provider._sms_receipts_take_over(body, content_type)
        return request.make_json_response({"result": "ok"})
