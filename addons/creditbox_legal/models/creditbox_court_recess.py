from odoo import fields, models

from ..tools.court_terms import Recess


class CreditboxCourtRecess(models.Model):
    """When suspended terms stand still, as the law said it in some years."""

    _name = "creditbox.court.recess"
    _description = "Recess of the Courts"
    _order = "year_from desc, id"

    name = fields.Char(required=True, translate=True)
    month_from = fields.Integer(string="First month", required=True)
    day_from = fields.Integer(string="First day", required=True)
    month_to = fields.Integer(string="Last month", required=True)
    day_to = fields.Integer(string="Last day", required=True)
    year_from = fields.Integer(string="From the year", required=True)
    year_to = fields.Integer(string="Until the year", help="0: still in force.")
    source = fields.Char(required=True)

    _days = models.Constraint(
        "CHECK(month_from BETWEEN 1 AND 12 AND month_to BETWEEN month_from AND 12"
        " AND day_from BETWEEN 1 AND 28 AND day_to BETWEEN 1 AND 31)",
        "These are no days of a year.",
    )

    def _recesses(self):
        """:return: list of tools.court_terms.Recess"""
        return [
            Recess(
                (recess.month_from, recess.day_from),
                (recess.month_to, recess.day_to),
                recess.year_from,
                recess.year_to or 9999,
            )
            for recess in self
        ]
