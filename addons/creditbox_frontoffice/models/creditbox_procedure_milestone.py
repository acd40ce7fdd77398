from odoo import fields, models


class CreditboxProcedureMilestone(models.Model):
    """A milestone on the way of a procedure: who reaches it and what it needs."""

    _name = "creditbox.procedure.milestone"
    _description = "Milestone of a Procedure"
    _order = "procedure_id, sequence, id"

    procedure_id = fields.Many2one(
        "creditbox.procedure", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    milestone_id = fields.Many2one(
        "creditbox.milestone", required=True, index=True, ondelete="restrict"
    )
    code = fields.Char(related="milestone_id.code", store=True, precompute=True)
    name = fields.Char(related="milestone_id.name")
    group_id = fields.Many2one(
        "res.groups", string="Role", help="Who may do it; empty: whoever sees it."
    )
    required = fields.Boolean(
        default=True, help="The steps after it wait until it is reached."
    )
    condition = fields.Selection(
        [
            ("survey", "Only with a survey"),
            ("distributor", "Only through the distributor"),
        ],
        help="Required only then; otherwise it is left out.",
    )
    automatic = fields.Boolean(help="Reached together with the one before it.")
    applies_effect = fields.Boolean(
        string="Effect", help="Here the procedure does what it brings about."
    )
    answers = fields.Boolean(help="A text is written to the customer.")
    template_id = fields.Many2one(
        "mail.template",
        string="Text",
        domain=[("model", "=", "helpdesk.ticket")],
        help="Proposed for what is written to the customer.",
    )

    _milestone_uniq = models.Constraint(
        "UNIQUE(procedure_id, milestone_id)", "A milestone comes twice."
    )

    def _applies(self, ticket):
        """:return: those that a request goes through"""
        holds = {
            "survey": ticket.creditbox_survey,
            "distributor": ticket.creditbox_distributor,
        }
        return self.filtered(lambda step: holds.get(step.condition, True))
