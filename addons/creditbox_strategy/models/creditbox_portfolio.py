from odoo import api, fields, models
from odoo.tools import SQL


class CreditboxPortfolio(models.Model):
    """Overdue positions that go together: by rule, or chosen by hand.

    Of the rules that fit a position the first counts; what was chosen by hand stays.
    """

    _name = "creditbox.portfolio"
    _description = "Portfolio of Positions"
    _inherit = ["mail.thread"]
    _order = "company_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [("rule", "By rule"), ("hand", "Chosen by hand")],
        string="Positions",
        required=True,
        default="rule",
        tracking=True,
    )
    days_from = fields.Integer(string="Overdue from (days)", tracking=True)
    days_to = fields.Integer(string="to (days)", help="0: no limit.", tracking=True)
    amount_from = fields.Monetary(string="Overdue from", tracking=True)
    amount_to = fields.Monetary(
        string="up to", help="This amount not included. 0: no limit.", tracking=True
    )
    service_type_ids = fields.Many2many("creditbox.service.type", string="Services")
    customer_type_ids = fields.Many2many(
        "creditbox.customer.type", string="Customer types"
    )
    state_ids = fields.Many2many(
        "res.country.state", string="Provinces", help="Of the customer."
    )
    band_ids = fields.Many2many(
        "creditbox.rating.band", string="Evaluation bands", help="Of the customer."
    )
    score_from = fields.Integer(help="0 (worst) to 100 (best).")
    score_to = fields.Integer(default=100, help="100: also who has no score.")
    balance = fields.Selection(
        [
            ("both", "Positions and amount"),
            ("count", "Number of positions"),
            ("amount", "Amount"),
        ],
        string="Balanced by",
        required=True,
        default="both",
    )
    operator_ids = fields.Many2many(
        "creditbox.operator",
        string="Operators",
        check_company=True,
        help="Empty: all of the company.",
    )
    nightly = fields.Boolean(
        string="Every night",
        default=True,
        help="Positions that nobody has yet are shared out every night.",
        tracking=True,
    )
    position_ids = fields.One2many("creditbox.position", "portfolio_id")
    position_count = fields.Integer(string="In it now", compute="_compute_sums")
    amount = fields.Monetary(string="Overdue", compute="_compute_sums")
    nobody_count = fields.Integer(string="With nobody", compute="_compute_sums")

    def _default_company_id(self):
        return self.env.company

    def _compute_sums(self):
        positions = self.env["creditbox.position"]
        domain = [("portfolio_id", "in", self.ids), ("amount_overdue", ">", 0)]
        sums = {
            portfolio: sums
            for portfolio, *sums in positions._read_group(
                domain, ["portfolio_id"], ["__count", "amount_overdue:sum"]
            )
        }
        nobody = dict(
            positions._read_group(
                [*domain, ("user_id", "=", False)], ["portfolio_id"], ["__count"]
            )
        )
        for portfolio in self:
            origin = portfolio._origin
            portfolio.position_count, portfolio.amount = sums.get(origin, (0, 0))
            portfolio.nobody_count = nobody.get(origin, 0)

    # -- who is in it ------------------------------------------------------------

    @api.model
    def _place(self, company):
        """Put each overdue position of the company where it belongs, by one statement.

        :param company: res.company
        """
        self.env.flush_all()
        rules = self.search(
            [("company_id", "=", company.id), ("kind", "=", "rule")],
            order="sequence, id",
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE creditbox_position AS p
                   SET portfolio_id = found.portfolio_id
                  FROM (
                    SELECT position.id, %(choice)s AS portfolio_id
                      FROM creditbox_position AS position
                      JOIN res_partner AS partner ON partner.id = position.partner_id
                      LEFT JOIN creditbox_supply AS supply
                             ON supply.id = position.supply_id
                      LEFT JOIN creditbox_rating AS rating
                             ON rating.partner_id = position.partner_id
                            AND rating.company_id = position.company_id
                     WHERE position.company_id = %(company)s
                       AND position.portfolio_by_hand IS NOT TRUE) AS found
                 WHERE p.id = found.id
                   AND p.portfolio_id IS DISTINCT FROM found.portfolio_id
                """,
                company=company.id,
                choice=rules._sql_choice(),
            )
        )
        self.env["creditbox.position"].invalidate_model(["portfolio_id"])

    def _sql_choice(self):
        if not self:
            return SQL("NULL::integer")
        return SQL(
            "CASE WHEN position.amount_overdue <= 0 THEN NULL::integer %s END",
            SQL(" ").join(
                SQL(
                    "WHEN %s THEN %s",
                    SQL(" AND ").join(rule._sql_conditions()),
                    rule.id,
                )
                for rule in self
            ),
        )

    def _sql_conditions(self):
        """Hook: what must be true of a position.

        :return: list of SQL on ``position``, ``partner``, ``supply``, ``rating``
        """
        self.ensure_one()
        conditions = [SQL("position.days_overdue >= %s", self.days_from)]
        if self.days_to:
            conditions.append(SQL("position.days_overdue <= %s", self.days_to))
        conditions.append(SQL("position.amount_overdue >= %s", self.amount_from))
        if self.amount_to:
            conditions.append(SQL("position.amount_overdue < %s", self.amount_to))
        for column, records in (
            (SQL("supply.service_type_id"), self.service_type_ids),
            (SQL("partner.creditbox_customer_type_id"), self.customer_type_ids),
            (SQL("partner.state_id"), self.state_ids),
            (SQL("rating.band_id"), self.band_ids),
        ):
            if records:
                conditions.append(SQL("%s = ANY(%s)", column, records.ids))
        return conditions + self._sql_score()

    def _sql_score(self):
        """A score counts only of who has one."""
        rated = SQL("rating.state = 'rated'")
        conditions = []
        if self.score_from > 0:
            conditions.append(
                SQL("(%s AND rating.score >= %s)", rated, self.score_from)
            )
        if self.score_to < 100:
            conditions.append(SQL("(%s AND rating.score <= %s)", rated, self.score_to))
        return conditions

    # -- ways from here ----------------------------------------------------------

    def action_open_positions(self):
        """:return: window action of the positions that are in it"""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_base.creditbox_position_action"
        )
        return {
            **action,
            "domain": [("portfolio_id", "in", self.ids)],
            "context": {"create": False},
        }

    def action_assign(self):
        """:return: window of a new assignment of these portfolios, to be simulated"""
        self.env["creditbox.assignment"].check_access("create")
        assignment = self.env["creditbox.assignment"].create(
            {
                "company_id": self.company_id[:1].id or self.env.company.id,
                "portfolio_ids": [fields.Command.set(self.ids)],
                "reason": ", ".join(self.mapped("name")),
            }
        )
        return assignment._window()
