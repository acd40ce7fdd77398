import json

from odoo import api, models

from ..tools import answer
from ..tools.limited_http import NoAnswer, post


class CreditboxInformationByHttp(models.AbstractModel):
    """One POST of JSON a customer. 200 answers; 202: ask again later, same key.

    The key (Idempotency-Key) is the report's reference: whoever knows it already does
    not charge a second time.
    """

    _name = "creditbox.information.by.http"
    _inherit = "creditbox.information"
    _description = "Information Provider: HTTP"

    @api.model
    def _ask(self, reports):
        for report in reports:
            self._ask_one(report)

    def _ask_one(self, report):
        # the secret is not to be read by who asks
        provider = report.provider_id.sudo()
        columns = provider.info_column_ids
        try:
            status, content = post(
                provider.info_url,
                self._body(report, columns),
                **self._access(provider, report),
            )
            if status == 202:
                report._mark_asked()
                return
            values = {
                column.field_name: answer.pick(content, column.heading)
                for column in columns
                if column.direction == "answer"
            }
            values.pop("reference", None)
            raw = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
            self._receive(report, values, answer.text(raw))
        except NoAnswer as trouble:
            report._mark_trouble(trouble.reason, trouble.again)
        except answer.Refused as refused:
            report._mark_trouble(report._refusal(refused), again=False)

    def _body(self, report, columns):
        values = self._request_values(report)
        return {
            column.heading: values[column.field_name]
            for column in columns
            if column.direction == "request"
        }

    def _access(self, provider, report):
        """:return: keyword arguments of tools.limited_http.post"""
        headers = {"Idempotency-Key": report.reference}
        if provider.info_auth == "basic":
            auth = (provider.info_user or "", provider.info_secret or "")
            return {"headers": headers, "auth": auth}
        if provider.info_auth == "bearer" and provider.info_secret:
            headers["Authorization"] = f"Bearer {provider.info_secret}"
        elif provider.info_auth == "header" and provider.info_user:
            headers[provider.info_user] = provider.info_secret or ""
        return {"headers": headers}
