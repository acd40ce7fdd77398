import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

# 3GPP TS 23.040: an alias has at most 11 characters, a number at most 15 digits
_SENDER = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9]{1,11}|\+?[0-9]{3,15}")


class CreditboxProvider(models.Model):
    _name = "creditbox.provider"
    _inherit = ["creditbox.provider", "creditbox.guarded"]

    sms_url = fields.Char(
        string="Gateway address", help="URL that takes one SMS in each request."
    )
    sms_format = fields.Selection(
        [("json", "JSON"), ("form", "Form fields")],
        string="Request format",
        default="json",
        required=True,
    )
    sms_auth = fields.Selection(
        [
            ("bearer", "Bearer token"),
            ("basic", "User and password"),
            ("field", "Field of the request"),
        ],
        string="Authentication",
        default="bearer",
        required=True,
    )
    sms_user = fields.Char(
        string="User or field name", groups="creditbox_base.group_administrator"
    )
    sms_secret = fields.Char(
        string="Token or password", groups="creditbox_base.group_administrator"
    )
    sms_sender = fields.Char(
        string="Sender",
        help="Alias registered with the authority, or number of the sender.",
    )
    sms_field_to = fields.Char(string="Field: number", default="to", required=True)
    sms_field_text = fields.Char(string="Field: text", default="text", required=True)
    sms_field_from = fields.Char(string="Field: sender", default="from")
    sms_field_reference = fields.Char(
        string="Field: reference",
        default="reference",
        help="Takes our own number of the message: a gateway that knows it already "
        "does not send it twice.",
    )

    sms_field_number = fields.Char(
        string="Answer: its number",
        help="Field of the gateway's answer with its own number of the message, where "
        "its receipts name that one and not ours; «data.id» for a field within "
        "another.",
    )

    @api.constrains("sms_sender")
    def _check_sms_sender(self):
        for provider in self.filtered("sms_sender"):
            if not _SENDER.fullmatch(provider.sms_sender):
                raise ValidationError(
                    self.env._(
                        "%(provider)s: «%(sender)s» is no sender of SMS: at most 11"
                        " letters and digits without spaces, or a number (+39…).",
                        provider=provider.name,
                        sender=provider.sms_sender,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """What was sent keeps saying by whom."""
        used = self.env["creditbox.action"].sudo()  # whatever company used it
        used = used.search([("provider_id", "in", self.ids)], limit=1)
        if used:
            raise UserError(
                self.env._("«%s» has been used: archive it.", used.provider_id.name)
            )

    @api.constrains("kind", "sms_url")
    def _check_sms_url(self):
        for provider in self.filtered("sms_url"):
            if not provider.sms_url.startswith(("https://", "http://")):
                raise ValidationError(
                    self.env._("The gateway address must begin with https://.")
                )

    @api.model
    def _sms_gateway(self, company):
        """Return the HTTP gateway to use: the company's own before the group's.

        :return: creditbox.provider; empty: Odoo's own SMS service
        """
        return self._of_company("sms", company, Domain("sms_url", "!=", False))

    @api.model
    def _of_company(self, kind, company, usable):
        """:return: the company's own provider of ``kind``, else the group's, if any"""
        providers = self.search(
            Domain("kind", "=", kind)
            & Domain("company_id", "in", [company.id, False])
            & usable
        )
        return providers.sorted(lambda provider: not provider.company_id)[:1]
