from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CreditboxQualityFigure(models.Model):
    """What a month's telephone figures say of a general standard (AS, TMA, LS)."""

    _name = "creditbox.quality.figure"
    _description = "Monthly Figure of a Standard"
    _order = "month desc, standard_id, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    standard_id = fields.Many2one(
        "creditbox.quality.standard",
        required=True,
        domain="[('measure', '=', 'months'),"
        " ('company_id', 'in', (company_id, False))]",
    )
    code = fields.Char(related="standard_id.code", store=True, precompute=True)
    month = fields.Date(required=True, help="Any day of it.")
    value = fields.Float(required=True, digits=(12, 2), aggregator="avg")
    kept = fields.Boolean(compute="_compute_kept", store=True)
    source = fields.Char(string="Taken from")

    _month_uniq = models.Constraint(
        "UNIQUE(company_id, code, month)", "This month has its figure already."
    )
    _value_positive = models.Constraint(
        "CHECK(value >= 0)", "A figure cannot be negative."
    )

    def _default_company_id(self):
        return self.env.company

    @api.depends("value", "standard_id.limit_value", "standard_id.at_least")
    def _compute_kept(self):
        for figure in self:
            limit = figure.standard_id.limit_value
            figure.kept = (
                figure.value >= limit
                if figure.standard_id.at_least
                else figure.value <= limit
            )

    @api.constrains("standard_id")
    def _check_measure(self):
        for figure in self:
            if figure.standard_id.measure != "months":
                raise ValidationError(
                    self.env._("%s is not measured by months.", figure.standard_id.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._of_month(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._of_month(vals))

    @api.model
    def _of_month(self, vals):
        """The month is kept as its first day."""
        if month := fields.Date.to_date(vals.get("month")):
            vals = {**vals, "month": month.replace(day=1)}
        return vals
