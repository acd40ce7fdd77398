from odoo import fields, models

from .creditbox_regulation_cost import COSTS
from .creditbox_rule import WRITING_CODES


class CreditboxRule(models.Model):
    """What carrying a row out costs the customer."""

    _inherit = "creditbox.rule"

    fee = fields.Selection(
        [("amount", "Fixed amount"), ("postage", "Real postage cost")],
        help="Charged to the customer when the action has left. Empty: nothing.",
    )
    fee_amount = fields.Monetary(string="Amount of the fee")
    charge_interest = fields.Boolean(
        help="The late interest up to the day of the action is charged with it."
    )

    _fee_positive = models.Constraint(
        "CHECK(fee IS DISTINCT FROM 'amount' OR fee_amount > 0)",
        "A row with a fee of a fixed amount says which.",
    )

    def _charges(self):
        return bool(self.fee or self.charge_interest)

    def _fee_cost(self):
        """:return: which cost of the regulation the fee is, False: of none"""
        if self.code in WRITING_CODES:
            return "postage"
        return self.legal_step in dict(COSTS) and self.legal_step

    def _legal_problems(self, law):
        return [*super()._legal_problems(law), *self._problems_of_charges(law)]

    def _problems_of_charges(self, law):
        if self.fee:
            for part in self._costs_of(law, self._fee_cost()):
                yield from self._problems_of_fee(part)
        if self.charge_interest:
            for part in self._costs_of(law, "interest"):
                if part.allowed == "no":
                    yield self._said(self.env._("interest may not be charged"), part)

    def _costs_of(self, law, cost):
        """:return: what the law says of a cost, for some customers of the row"""
        return law.costs.filtered(
            lambda part: (
                part.cost == cost
                and (
                    not part.service_type_id
                    or not self.service_type_id
                    or part.service_type_id == self.service_type_id
                )
            )
        )

    def _problems_of_fee(self, part):
        if part.allowed == "no":
            yield self._said(self.env._("the fee may not be charged"), part)
        elif part.allowed == "real" and self.fee == "amount":
            yield self._said(self.env._("only the real cost may be charged"), part)
        if part.amount and self.fee == "amount" and self.fee_amount > part.amount:
            yield self._said(
                self.env._("the fee is above %s", part.amount), part
            )

    def _said(self, problem, part):
        customers = dict(part._fields["customers"]._description_selection(self.env))
        return self.env._(
            "%(problem)s: %(customers)s (%(act)s)",
            problem=problem,
            customers=customers[part.customers].lower(),
            act=part._cited(),
        )
