import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.postal_package import Column


class CreditboxPostalColumn(models.Model):
    """A column of the index that an outsourcer gets with a lot."""

    _name = "creditbox.postal.column"
    _description = "Column of an Outsourcer's Index"
    _order = "sequence, id"
    _rec_name = "heading"

    provider_id = fields.Many2one(
        "creditbox.provider", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    heading = fields.Char(required=True)
    field = fields.Selection(
        [
            ("lot", "Lot"),
            ("letter", "Letter's own number"),
            ("product", "Product"),
            ("file", "PDF file"),
            ("first_page", "First page"),
            ("pages", "Pages"),
            ("sheets", "Sheets"),
            ("name", "Name"),
            ("street", "Street"),
            ("street2", "Second line of the street"),
            ("zip", "ZIP"),
            ("city", "Town"),
            ("province", "Province"),
            ("country", "Country"),
            ("amount", "Amount"),
            ("date", "Date of the lot"),
            ("sender", "Sender"),
            ("sender_street", "Sender: street"),
            ("sender_zip", "Sender: ZIP"),
            ("sender_city", "Sender: town"),
        ],
        string="Content",
        help="Empty: always the fixed text.",
    )
    fixed = fields.Char(string="Fixed text")
    max_length = fields.Integer(string="At most", help="Characters; 0: no limit.")

    @api.constrains("heading", "provider_id")
    def _check_heading(self):
        for column in self:
            is_xml = column.provider_id.postal_index_format == "xml"
            if is_xml and not re.fullmatch(r"[A-Za-z_][\w.-]*", column.heading):
                raise ValidationError(
                    self.env._(
                        "«%s» cannot be the name of an XML element.", column.heading
                    )
                )

    def _column(self):
        """:return: postal_package.Column"""
        self.ensure_one()
        return Column(
            self.heading, self.field or "", self.fixed or "", max(self.max_length, 0)
        )
