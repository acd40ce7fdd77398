from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.convert import Column
from ..tools.layouts import LAYOUTS
from ..tools.values import fold
from .labels import FIELD_LABELS


class CreditboxMappingColumn(models.Model):
    """One column of the billing system, and the field that it fills."""

    _name = "creditbox.mapping.column"
    _description = "Mapped Column"
    _order = "mapping_id, sequence, id"

    mapping_id = fields.Many2one(
        "creditbox.mapping", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(related="mapping_id.kind")
    sequence = fields.Integer(default=10)
    header = fields.Char(string="Heading")
    position = fields.Integer(help="1 for the first column; used without a heading.")
    field_name = fields.Selection(
        selection="_selection_field_name", string="Field of CreditBox"
    )
    confidence = fields.Integer(
        string="Recognised (%)", readonly=True, help="How sure the recognition is."
    )
    constant = fields.Char(
        help="Value of every row, or of the rows where the cell is empty."
    )
    separators = fields.Char(
        help="Characters that part several values in a cell, for example: ;/"
    )
    part = fields.Integer(help="Which of the values to take; 0: all of them.")
    width = fields.Integer(
        help="Codes are filled with zeros on the left up to this length."
    )
    date_pattern = fields.Char(
        string="Date Format", help="For example %d/%m/%y; empty: recognised."
    )
    code_ids = fields.One2many(
        "creditbox.mapping.code", "column_id", string="Code Table", copy=True
    )
    code_count = fields.Integer(compute="_compute_code_count")

    @api.model
    def _selection_field_name(self):
        names = dict.fromkeys(
            spec.name for layout in LAYOUTS.values() for spec in layout
        )
        return [(name, self.env._(FIELD_LABELS[name])) for name in names]

    @api.depends("header", "position", "field_name")
    def _compute_display_name(self):
        for column in self:
            column.display_name = column.header or column.field_name or ""

    @api.depends("code_ids")
    def _compute_code_count(self):
        for column in self:
            column.code_count = len(column.code_ids)

    @api.constrains("field_name", "mapping_id")
    def _check_field_name(self):
        for mapping in self.mapping_id:
            allowed = {spec.name for spec in LAYOUTS[mapping.kind]}
            names = [name for name in mapping.column_ids.mapped("field_name") if name]
            foreign = set(names) - allowed
            if foreign:
                raise ValidationError(
                    self.env._(
                        "These are not fields of this layout: %s",
                        ", ".join(self.env._(FIELD_LABELS[name]) for name in foreign),
                    )
                )
            if len(names) != len(set(names)):
                raise ValidationError(
                    self.env._("A field can be filled by one column only.")
                )

    def _to_column(self, headings):
        """`Column` for a sheet with these headings; None if its heading is missing."""
        index = self._find_index(headings)
        if index is None and not self.constant:
            return None
        formats = self.mapping_id._formats()
        return Column(
            self.field_name,
            index=index,
            constant=self.constant or None,
            codes={fold(code.value_from): code.value_to for code in self.code_ids},
            separators=tuple(self.separators or ""),
            part=self.part,
            width=self.width,
            date_pattern=self.date_pattern or None,
            **formats,
        )

    def _find_index(self, headings):
        if self.header and any(headings):
            wanted = fold(self.header)
            folded = [fold(heading) for heading in headings]
            return folded.index(wanted) if wanted in folded else None
        return self.position - 1 if self.position > 0 else None

    def action_open_codes(self):
        """The code table of this column, on its own page."""
        return self._get_records_action(
            name=self.env._("Code Table"), target="new", view_mode="form"
        )
