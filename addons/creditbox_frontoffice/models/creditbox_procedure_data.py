from odoo import api, fields, models


class CreditboxProcedureData(models.Model):
    """A field of the request that a procedure asks for."""

    _name = "creditbox.procedure.data"
    _description = "Data of a Procedure"
    _order = "procedure_id, sequence, id"

    procedure_id = fields.Many2one(
        "creditbox.procedure", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    field_name = fields.Selection(
        selection="_field_names", string="Field", required=True
    )
    required = fields.Boolean(default=True)
    milestone_id = fields.Many2one(
        "creditbox.milestone",
        string="At the latest by",
        help="The step that cannot be reached without it. Empty: the first one after "
        "the request.",
    )

    _field_uniq = models.Constraint(
        "UNIQUE(procedure_id, field_name)", "A field comes twice."
    )

    def _field_names(self):
        ticket = self.env["helpdesk.ticket"]
        names = ticket._creditbox_data_fields()
        described = ticket.fields_get(names, ["string"])
        return [(name, described[name]["string"]) for name in names]

    @api.depends("field_name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._field_names())
        for line in self:
            line.display_name = labels.get(line.field_name)
