from odoo import api, fields, models

from .creditbox_information_column import ANSWER_FIELDS


class CreditboxInformationError(models.Model):
    """A row of an answer that could not be taken, and because of which field."""

    _name = "creditbox.information.error"
    _description = "Refused Row of an Information Provider"
    _order = "file_id desc, row, id"

    file_id = fields.Many2one(
        "creditbox.information.file",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="file_id.company_id", store=True)
    row = fields.Integer(readonly=True, aggregator=None)
    reference = fields.Char(readonly=True)
    field_name = fields.Selection(
        selection="_selection_field_name", string="Field", readonly=True
    )
    value = fields.Char(readonly=True)
    code = fields.Selection(
        [
            ("unknown", "No request of ours has this reference"),
            ("unreadable", "The value cannot be read"),
            ("negative", "The amount is negative"),
            ("empty", "The row says nothing"),
        ],
        string="Reason",
        readonly=True,
    )

    @api.model
    def _selection_field_name(self):
        columns = self.env["creditbox.information.column"]
        labels = dict(columns._fields["field_name"]._description_selection(self.env))
        return [(name, labels[name]) for name in ANSWER_FIELDS]
