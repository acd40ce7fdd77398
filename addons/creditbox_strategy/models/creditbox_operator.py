from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CreditboxOperator(models.Model):
    """Who is given positions in a company, how many, and when not."""

    _name = "creditbox.operator"
    _description = "Operator of Positions"
    _order = "company_id, user_id"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users",
        string="Operator",
        required=True,
        index=True,
        ondelete="cascade",
        domain=lambda self: self._domain_user_id(),
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    capacity = fields.Integer(
        string="At most (positions)", help="Overdue positions. 0: no limit."
    )
    away_from = fields.Date(string="Away from")
    away_to = fields.Date(string="Away until")
    active = fields.Boolean(default=True)
    position_count = fields.Integer(string="Positions", compute="_compute_load")
    amount = fields.Monetary(string="Overdue", compute="_compute_load")

    _once = models.UniqueIndex(
        "(user_id, company_id)", "This operator is in the list of the company already."
    )
    _capacity_check = models.Constraint(
        "CHECK(capacity >= 0)", "How many positions cannot be negative."
    )

    def _default_company_id(self):
        return self.env.company

    def _domain_user_id(self):
        group = self.env.ref("creditbox_base.group_operator")
        return [("share", "=", False), ("all_group_ids", "in", group.ids)]

    @api.constrains("user_id", "company_id")
    def _check_company(self):
        for operator in self.sudo():  # supervisors need not read users' companies
            if operator.company_id not in operator.user_id.company_ids:
                raise ValidationError(
                    self.env._(
                        "%(user)s does not work for %(company)s.",
                        user=operator.user_id.name,
                        company=operator.company_id.name,
                    )
                )

    @api.constrains("away_from", "away_to")
    def _check_away(self):
        for operator in self:
            first, last = operator.away_from, operator.away_to
            if first and last and first > last:
                raise ValidationError(
                    self.env._("An absence cannot end before it begins.")
                )

    def _compute_load(self):
        groups = self.env["creditbox.position"]._read_group(
            [
                ("user_id", "in", self.user_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("amount_overdue", ">", 0),
            ],
            ["user_id", "company_id"],
            ["__count", "amount_overdue:sum"],
        )
        loads = {(user, company): load for user, company, *load in groups}
        for operator in self:
            key = operator.user_id, operator.company_id
            operator.position_count, operator.amount = loads.get(key, (0, 0))

    def _present(self, day):
        """:return: those who are not away on the day"""
        return self.filtered(
            lambda operator: (
                operator.user_id.active
                and not (
                    (operator.away_from or operator.away_to)
                    and (not operator.away_from or operator.away_from <= day)
                    and (not operator.away_to or day <= operator.away_to)
                )
            )
        )
