from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.interest import Rate


class CreditboxInterestRule(models.Model):
    """Which late interest a customer owes on the bills of a service, and since when."""

    _name = "creditbox.interest.rule"
    _description = "Late Interest"
    _inherit = ["mail.thread"]
    _order = "sequence, date_from desc, id"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        tracking=True,
        help="Empty: for each company without a rule of its own.",
    )
    service_type_id = fields.Many2one(
        "creditbox.service.type", tracking=True, help="Empty: any service."
    )
    customer_type_id = fields.Many2one(
        "creditbox.customer.type", tracking=True, help="Empty: any customer."
    )
    date_from = fields.Date(string="From", required=True, tracking=True)
    date_to = fields.Date(string="Until", tracking=True)
    index_id = fields.Many2one(
        "creditbox.interest.index",
        string="Reference rate",
        required=True,
        check_company=True,
        ondelete="restrict",
        tracking=True,
    )
    spread = fields.Float(string="Points more", digits=(16, 4), tracking=True)
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    flat_amount = fields.Monetary(
        string="Flat sum",
        tracking=True,
        help="Owed once for each bill that was paid late, whatever the delay.",
    )
    source = fields.Char(
        required=True, translate=True, tracking=True, help="Act, article, contract."
    )
    note = fields.Text(translate=True)
    active = fields.Boolean(default=True)

    _dates_ordered = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "It cannot end before it begins.",
    )
    _amounts_positive = models.Constraint(
        "CHECK(flat_amount IS NULL OR flat_amount >= 0)",
        "A flat sum cannot be negative.",
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for rule in self:
            rule.currency_id = (rule.company_id or self.env.company).currency_id

    @api.model
    def _fitting(self, company, service, customer_type):
        """Return the rules for such a customer, the one that goes first first.

        A company's own go before those of the group, then those that say more.
        """
        domain = (
            Domain("company_id", "in", [company.id, False])
            & Domain("service_type_id", "in", [service.id, False])
            & Domain("customer_type_id", "in", [customer_type.id, False])
        )
        # what a customer owes does not depend on who looks at it
        return self.sudo().search(domain).sorted(lambda rule: rule._key())

    def _key(self):
        filled = bool(self.service_type_id) + bool(self.customer_type_id)
        return (not self.company_id, -filled, self.sequence, -self.id)

    def _in_force(self, day):
        """:return: the first of these rules that holds on a day, perhaps none"""
        return self.filtered(
            lambda rule: (
                rule.date_from <= day and (not rule.date_to or day <= rule.date_to)
            )
        )[:1]

    def _rates(self):
        """Return how these rules, in their order, change from day to day.

        :return: tuple of tools.interest.Rate, oldest first
        """
        rates, before = [], None
        for day in sorted(self._days_of_change()):
            rule = self._in_force(day)
            value = rule.index_id._value_on(day)
            if (rule, value) != before:
                rates.append(rule._rate(day, value))
            before = (rule, value)
        return tuple(rates)

    def _days_of_change(self):
        """Yield the days on which the rate may be another one, or no longer known."""
        for rule in self:
            yield rule.date_from
            if rule.date_to:
                yield rule.date_to + timedelta(days=1)
            yield from rule.index_id.rate_ids.mapped("date_from")
            if rule.index_id.known_until:
                yield rule.index_id.known_until + timedelta(days=1)

    def _rate(self, day, value):
        """:param value: of the reference rate, empty when none is known"""
        if not value:
            return Rate(day, None, name=self.name or "")
        return Rate(day, _decimal(value.rate), _decimal(self.spread), self.name)


def _decimal(rate):
    return Decimal(f"{rate:.4f}")
