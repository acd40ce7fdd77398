from odoo import api, fields, models


class CreditboxRegulationValue(models.Model):
    """Another figure of a regulation, with its dates."""

    _name = "creditbox.regulation.value"
    _description = "Figure of a Regulation"
    _inherit = ["creditbox.regulation.dated"]
    _order = "regulation_id, code, date_from"

    code = fields.Char(required=True, index=True)
    name = fields.Char(required=True, translate=True)
    value = fields.Float(required=True, digits=(16, 4))
    unit = fields.Char(required=True, translate=True)

    @api.depends_context("lang")
    @api.depends("name", "value", "unit")
    def _compute_display_name(self):
        for figure in self:
            figure.display_name = f"{figure.name}: {figure.value:g} {figure.unit}"
