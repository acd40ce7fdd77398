from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CreditboxProcedure(models.Model):
    _inherit = "creditbox.procedure"

    field_operation = fields.Selection(
        selection="_field_operations",
        string="Order at the Meter",
        help="Made as soon as its milestone is the next step.",
    )
    field_milestone_id = fields.Many2one(
        "creditbox.milestone",
        string="Carried out at",
        help="Reached by itself when the crew has been there.",
    )

    def _effects(self):
        return [*super()._effects(), ("deposit", self.env._("Security deposit"))]

    def _field_operations(self):
        operations = self.env["fsm.order"]._fields["creditbox_operation"]
        return operations._description_selection(self.env)

    @api.constrains("field_operation", "field_milestone_id", "milestone_ids")
    def _check_field_milestone(self):
        for procedure in self.filtered("field_operation"):
            known = procedure.milestone_ids.milestone_id
            if procedure.field_milestone_id not in known:
                raise ValidationError(
                    self.env._(
                        "%s: say which of its milestones the order carries out.",
                        procedure.name,
                    )
                )
