from odoo import fields, models


class CreditboxProcedureDocument(models.Model):
    """A document that the customer brings for a procedure."""

    _name = "creditbox.procedure.document"
    _description = "Document of a Procedure"
    _order = "procedure_id, sequence, id"
    _rec_name = "type_id"

    procedure_id = fields.Many2one(
        "creditbox.procedure", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    type_id = fields.Many2one(
        "creditbox.document.type",
        string="Document",
        required=True,
        ondelete="restrict",
    )
    required = fields.Boolean(default=True)
    milestone_id = fields.Many2one(
        "creditbox.milestone",
        string="At the latest by",
        help="The step that cannot be reached without it. Empty: the first one after "
        "the request.",
    )

    _type_uniq = models.Constraint(
        "UNIQUE(procedure_id, type_id)", "A document comes twice."
    )
