from odoo import api, models

from ..tools import answer

# What can be said of a customer in a request: field of a column, what it holds.
REQUEST_FIELDS = (
    "reference",
    "customer_code",
    "name",
    "fiscal_code",
    "vat",
    "street",
    "zip",
    "city",
)


class CreditboxInformation(models.AbstractModel):
    """The interface of information providers: two verbs, ask and receive.

    A way to reach a provider inherits this model and is named in _ways().
    """

    _name = "creditbox.information"
    _description = "Information Provider"

    @api.model
    def _ways(self):
        """:return: {value of creditbox.provider.info_method: model}"""
        return {
            "file": "creditbox.information.by.file",
            "http": "creditbox.information.by.http",
        }

    @api.model
    def _of(self, provider):
        """:return: the model that reaches the provider"""
        return self.env[self._ways()[provider.info_method]]

    @api.model
    def _ask(self, reports):
        """Ask the provider of the reports, all of one.

        :param reports: creditbox.information.report, queued
        """
        raise NotImplementedError

    @api.model
    def _receive(self, report, values, raw):
        """Take an answer; the same one twice changes nothing.

        :param values: {field of tools.answer.READERS: as it came}
        :param raw: str, the answer as it came
        :return: whether anything was new
        :raises tools.answer.Refused: it cannot be read
        """
        found = answer.read(values)
        if report.state == "received" and report.raw == raw:
            return False
        report._take(found, raw)
        return True

    @api.model
    def _request_values(self, report):
        """:return: {field of REQUEST_FIELDS: text}"""
        partner = report.partner_id
        values = {
            "reference": report.reference,
            "customer_code": partner.creditbox_code,
            "name": partner.name,
            "fiscal_code": partner.creditbox_fiscal_code,
            "vat": partner.vat,
            "street": partner.street,
            "zip": partner.zip,
            "city": partner.city,
        }
        return {field: value or "" for field, value in values.items()}
