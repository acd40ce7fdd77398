from odoo import api, fields, models

from odoo.addons.creditbox_base.tools.public_holidays import is_holiday

from ..tools.court_terms import Length, end
from .creditbox_case import KINDS


class CreditboxTermRule(models.Model):
    """How long a term of procedure is, with the law that says so and since when."""

    _name = "creditbox.term.rule"
    _description = "Term of Procedure"
    _order = "sequence, code, date_from desc, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, index=True)
    sequence = fields.Integer(default=10)
    event = fields.Char(
        required=True, translate=True, help="What the term counts from."
    )
    kind = fields.Selection(KINDS, string="Kind of case", help="Empty: any case.")
    number = fields.Integer(string="Length", required=True)
    unit = fields.Selection(
        [("days", "Days"), ("months", "Months")], required=True, default="days"
    )
    backwards = fields.Boolean(help="Counted back from a hearing.")
    suspended = fields.Boolean(
        string="Stands still in the recess", default=True, help="L. 742/1969."
    )
    slides = fields.Boolean(
        string="Moved from holidays and Saturdays", default=True, help="c.p.c. 155."
    )
    peremptory = fields.Boolean(default=True, help="Who misses it loses the right.")
    alarm_days = fields.Integer(string="Alarm (days before)", default=10)
    source = fields.Char(required=True)
    date_from = fields.Date(string="In force from")
    date_to = fields.Date(string="In force until")
    company_id = fields.Many2one("res.company", index=True, help="Empty: whole group.")
    active = fields.Boolean(default=True)

    _number_positive = models.Constraint(
        "CHECK(number > 0 AND alarm_days >= 0)", "A term has at least a day."
    )

    @api.model
    def _of_code(self, code, company, day):
        """:return: creditbox.term.rule in force for ``company`` on a day, or empty"""
        rules = self.search(
            [("code", "=", code), ("company_id", "in", [company.id, False])]
        )
        return rules.filtered(
            lambda rule: (
                (not rule.date_from or rule.date_from <= day)
                and (not rule.date_to or rule.date_to >= day)
            )
        )[:1]

    def _end(self, event):
        """When the term ends.

        :param event: datetime.date
        :return: tools.court_terms.End
        """
        self.ensure_one()
        recesses = []
        if self.suspended:
            # the law is the same for everybody
            recess = self.env["creditbox.court.recess"].sudo()
            recesses = recess.search([("source", "!=", False)])._recesses()
        length = Length(self.number, self.unit, self.backwards, self.slides)
        return end(event, length, recesses, is_holiday)
