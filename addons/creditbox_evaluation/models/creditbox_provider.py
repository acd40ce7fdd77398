from urllib.parse import urlsplit

from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError

THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


class CreditboxProvider(models.Model):
    """Business information: how to ask, what its fields are called, what it costs."""

    _inherit = "creditbox.provider"

    info_method = fields.Selection(
        [("file", "By file"), ("http", "By HTTP (JSON)")],
        string="How to Ask",
        default="file",
        required=True,
    )
    info_format = fields.Selection(
        [("csv", "CSV"), ("xlsx", "Excel (XLSX)")],
        string="File Format",
        default="xlsx",
        required=True,
    )
    info_valid_days = fields.Integer(
        string="Reports Are Valid (days)",
        default=180,
        help="A report is not asked for again before.",
    )
    info_price = fields.Float(
        string="Price of a Report",
        digits=(12, 2),
        help="Where the answer does not name it.",
    )
    info_url = fields.Char(
        string="Provider's address", help="URL that takes one request a customer."
    )
    info_auth = fields.Selection(
        [
            ("bearer", "Bearer token"),
            ("basic", "User and password"),
            ("header", "Header of the request"),
        ],
        string="Access by",
        default="bearer",
        required=True,
    )
    info_user = fields.Char(
        string="User or header", groups="creditbox_base.group_administrator"
    )
    info_secret = fields.Char(
        string="Provider's token or password",
        groups="creditbox_base.group_administrator",
        copy=False,
    )
    info_column_ids = fields.One2many(
        "creditbox.information.column", "provider_id", string="Fields", copy=True
    )

    _info_check = models.Constraint(
        "CHECK(info_valid_days >= 0 AND info_price >= 0)",
        "Neither the price nor the days of a report can be negative.",
    )

    @api.constrains("info_url", "info_method", "kind")
    def _check_info_url(self):
        for provider in self:
            if provider.kind != "information" or provider.info_method != "http":
                continue
            address = urlsplit(provider.info_url or "")
            safe = address.scheme == "https" or (
                address.scheme == "http" and address.hostname in THIS_MACHINE
            )
            if not (safe and address.hostname):
                raise ValidationError(
                    self.env._(
                        "%s: the address must begin with https://, because customers'"
                        " data go there.",
                        provider.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        providers = super().create(vals_list)
        columns = self.env["creditbox.information.column"]
        for provider in providers:
            if provider.kind == "information" and not provider.info_column_ids:
                provider.info_column_ids = [
                    Command.create(
                        {
                            "direction": direction,
                            "field_name": field,
                            "heading": heading,
                            "sequence": place,
                        }
                    )
                    for place, (direction, field, heading) in enumerate(
                        columns._default_rows()
                    )
                ]
        return providers
