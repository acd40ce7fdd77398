from datetime import date

from odoo import api, fields, models


class CreditboxInterestIndex(models.Model):
    """A published rate, with its values from day to day: ECB, legal interest…"""

    _name = "creditbox.interest.index"
    _description = "Reference Rate"
    _inherit = ["mail.thread"]
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for the whole group."
    )
    source = fields.Char(
        required=True, translate=True, tracking=True, help="Where it is published."
    )
    note = fields.Text(translate=True)
    rate_ids = fields.One2many(
        "creditbox.interest.rate", "index_id", string="Values", copy=True
    )
    last_date = fields.Date(string="Last change", compute="_compute_last")
    last_rate = fields.Float(string="Rate", digits=(16, 4), compute="_compute_last")
    period = fields.Selection(
        [
            ("open", "Until it changes"),
            ("half", "A half year"),
            ("year", "A year"),
        ],
        string="A value holds",
        required=True,
        default="open",
        tracking=True,
        help="The last value is not carried on past its half year or its year.",
    )
    checked_until = fields.Date(
        string="Checked until",
        tracking=True,
        help="Day up to which somebody has looked whether the rate has changed. Empty: "
        "the last value is carried on for ever.",
    )
    known_until = fields.Date(
        string="Known until",
        compute="_compute_known_until",
        help="Later days bear no interest, and are marked, until a value is entered.",
    )
    active = fields.Boolean(default=True)

    def _compute_last(self):
        for index in self:
            last = index.rate_ids[:1]  # the latest is first
            index.last_date = last.date_from
            index.last_rate = last.rate

    @api.depends("period", "checked_until", "rate_ids.date_from")
    def _compute_known_until(self):
        for index in self:
            last = max(filter(None, index.rate_ids.mapped("date_from")), default=None)
            index.known_until = last and index._holds_until(last)

    def _holds_until(self, last):
        """:return: last day on which the value of the day ``last`` holds, or no"""
        if self.period == "year":
            return date(last.year, 12, 31)
        if self.period == "half":
            return (
                date(last.year, 6, 30) if last.month <= 6 else date(last.year, 12, 31)
            )
        return self.checked_until and max(self.checked_until, last)

    def _value_on(self, day):
        """:return: creditbox.interest.rate, none where it is not known on the day"""
        values = self.rate_ids.filtered(lambda value: value.date_from <= day)
        if self.known_until and day > self.known_until:
            return values.browse()
        return values.sorted("date_from")[-1:]
