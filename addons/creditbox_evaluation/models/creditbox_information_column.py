from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.answer import READERS
from .creditbox_information import REQUEST_FIELDS

ANSWER_FIELDS = ("reference", *READERS)


class CreditboxInformationColumn(models.Model):
    """What a provider calls a field: heading of a column, or name in its JSON."""

    _name = "creditbox.information.column"
    _description = "Field of an Information Provider"
    _order = "direction desc, sequence, id"

    provider_id = fields.Many2one(
        "creditbox.provider", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="provider_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    direction = fields.Selection(
        [("request", "Request"), ("answer", "Answer")],
        required=True,
        default="request",
    )
    field_name = fields.Selection(
        [
            ("reference", "Reference"),
            ("customer_code", "Customer Code"),
            ("name", "Name"),
            ("fiscal_code", "Fiscal Code"),
            ("vat", "VAT Number"),
            ("street", "Street"),
            ("zip", "ZIP Code"),
            ("city", "City"),
            ("rating", "Provider's Rating"),
            ("summary", "Summary"),
            ("amount_limit", "Recommended Limit"),
            ("price", "Price"),
            ("insolvency", "Insolvency (yes/no)"),
            ("date_insolvency", "Date of the Insolvency"),
            ("address_wrong", "Address No Longer Valid (yes/no)"),
        ],
        string="Field",
        required=True,
    )
    heading = fields.Char(
        string="Name at the Provider",
        required=True,
        help="Heading of the column; in JSON the name, «data.rating» for one within "
        "another.",
    )

    _field_uniq = models.UniqueIndex(
        "(provider_id, direction, field_name)", "This field is named already."
    )

    @api.constrains("direction", "field_name")
    def _check_field(self):
        for column in self:
            allowed = REQUEST_FIELDS if column.direction == "request" else ANSWER_FIELDS
            if column.field_name not in allowed:
                raise ValidationError(
                    self.env._(
                        "«%s» has no place there: customers are described in the"
                        " request, what is known of them in the answer.",
                        column.heading,
                    )
                )

    @api.model
    def _default_rows(self):
        """:return: list of (direction, field, name) that a new provider begins with"""
        request = [("request", field, field) for field in REQUEST_FIELDS]
        return request + [("answer", field, field) for field in ANSWER_FIELDS]
