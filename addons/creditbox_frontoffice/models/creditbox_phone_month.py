from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CreditboxPhoneMonth(models.Model):
    """How the telephone service answered in a month (RQSII, general standards)."""

    _name = "creditbox.phone.month"
    _description = "Telephone Figures of a Month"
    _order = "date desc, company_id"
    _rec_name = "date"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    date = fields.Date(string="Month", required=True, help="Its first day.")
    accessibility = fields.Float(
        string="AS (%)",
        digits=(5, 2),
        aggregator="avg",
        help="Accessibility: time with at least one free line.",
    )
    wait = fields.Float(
        string="TMA (s)",
        digits=(8, 1),
        aggregator="avg",
        help="Mean wait before an operator answers.",
    )
    level = fields.Float(
        string="LS (%)",
        digits=(5, 2),
        aggregator="avg",
        help="Level of service: calls answered, of those that asked for an operator.",
    )
    calls = fields.Integer(string="Calls")

    _month_uniq = models.Constraint(
        "UNIQUE(company_id, date)", "The figures of this month are there already."
    )
    _figures_check = models.Constraint(
        "CHECK(accessibility BETWEEN 0 AND 100 AND level BETWEEN 0 AND 100 "
        "AND wait >= 0 AND calls >= 0)",
        "Percentages lie between 0 and 100, seconds and calls are not negative.",
    )

    def _default_company_id(self):
        return self.env.company

    @api.constrains("date")
    def _check_date(self):
        if self.filtered(lambda month: month.date.day != 1):
            raise ValidationError(self.env._("Month: write its first day."))
