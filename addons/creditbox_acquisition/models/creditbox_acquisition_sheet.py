from dataclasses import asdict

from odoo import fields, models

from ..tools.convert import Column, Converter
from .creditbox_source import KIND_SELECTION


class CreditboxAcquisitionSheet(models.Model):
    """A sheet of an acquired file: what it is, and how far it has been read."""

    _name = "creditbox.acquisition.sheet"
    _description = "Acquired Sheet"
    _order = "acquisition_id, sequence, id"

    acquisition_id = fields.Many2one(
        "creditbox.acquisition", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer()
    name = fields.Char(string="Sheet")
    kind = fields.Selection(KIND_SELECTION, required=True)
    mapping_id = fields.Many2one("creditbox.mapping", ondelete="set null")
    heading_row = fields.Integer()
    headings = fields.Char(string="Columns Recognised")
    columns = fields.Json()
    row_total = fields.Integer(string="Rows")
    row_done = fields.Integer(string="Rows Read")
    offset = fields.Float(digits=(20, 0))
    finished = fields.Boolean()

    def _converter(self):
        columns = [
            Column(**{**vals, "separators": tuple(vals["separators"])})
            for vals in self.columns
        ]
        currency = self.acquisition_id.company_id.currency_id
        return Converter(self.kind, columns, currency.decimal_places)


def columns_to_json(columns):
    """The inverse of what `_converter` reads."""
    return [asdict(column) for column in columns]
