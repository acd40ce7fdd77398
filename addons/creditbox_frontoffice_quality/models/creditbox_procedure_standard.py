from odoo import api, fields, models
from odoo.exceptions import ValidationError

YES_NO = [("yes", "Yes"), ("no", "No")]
# what a request must be like: field of the line, field of the request
CONDITIONS = {
    "survey": "creditbox_survey",
    "complexity": "creditbox_complexity",
    "network": "creditbox_network",
    "flow_changed": "creditbox_flow_changed",
    "laboratory": "creditbox_laboratory",
    "four_months": "creditbox_four_months",
}


class CreditboxProcedureStandard(models.Model):
    """A regulated term of a procedure: from which milestone to which it is counted."""

    _name = "creditbox.procedure.standard"
    _description = "Regulated Term of a Procedure"
    _order = "procedure_id, sequence, id"

    procedure_id = fields.Many2one(
        "creditbox.procedure", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    code = fields.Char(
        string="Standard",
        required=True,
        help="Code of the standard; which version holds is said by the day.",
    )
    name = fields.Char(compute="_compute_name")
    service_type_id = fields.Many2one(
        "creditbox.service.type", string="Service", help="None: any."
    )
    start_id = fields.Many2one(
        "creditbox.milestone", string="From", required=True, ondelete="restrict"
    )
    stop_id = fields.Many2one(
        "creditbox.milestone", string="To", required=True, ondelete="restrict"
    )
    survey = fields.Selection(YES_NO, help="Empty: either.")
    complexity = fields.Selection([("simple", "Simple"), ("complex", "Complex")])
    network = fields.Selection([("water", "Water"), ("sewer", "Sewer")])
    flow_changed = fields.Selection(YES_NO, string="Flow changed")
    laboratory = fields.Selection(YES_NO)
    four_months = fields.Selection(YES_NO, string="Billed every four months")

    _uniq = models.UniqueIndex(
        "(procedure_id, code, COALESCE(service_type_id, 0))",
        "The procedure has this term already.",
    )

    @api.depends("code")
    def _compute_name(self):
        standards = self.env["creditbox.quality.standard"].search(
            [("code", "in", self.mapped("code"))]
        )
        names = {standard.code: standard.name for standard in standards}
        for line in self:
            line.name = names.get(line.code, line.code)

    @api.constrains("code")
    def _check_code(self):
        known = self.env["creditbox.quality.standard"].search(
            [("code", "in", self.mapped("code"))]
        )
        for line in self:
            if line.code not in known.mapped("code"):
                raise ValidationError(
                    self.env._(
                        "%(procedure)s: there is no standard «%(code)s».",
                        procedure=line.procedure_id.name,
                        code=line.code,
                    )
                )

    def _fitting(self, ticket):
        """:return: the terms that a request is measured by, as far as is known of it"""
        return self.filtered(lambda line: line._fits(ticket))

    def _fits(self, ticket):
        service = self.service_type_id
        if service and service != ticket._creditbox_service():
            return False
        for condition, field in CONDITIONS.items():
            wanted, found = self[condition], ticket[field]
            if ticket._fields[field].type == "boolean":
                found = "yes" if found else "no"
            if wanted and wanted != found:
                return False
        return True
