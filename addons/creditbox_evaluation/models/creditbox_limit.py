from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

# A change of one of these is a new decision.
DECIDED = {"amount", "date_from", "date_to"}


class CreditboxLimit(models.Model):
    """How much a customer may owe a company, decided by a credit manager."""

    _name = "creditbox.limit"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Credit Limit"
    _order = "id desc"
    _rec_names_search = ["partner_id.name", "partner_id.creditbox_code"]
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        check_company=True,
        ondelete="cascade",
        domain="[('parent_id', '=', False)]",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self._default_company_id()
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(string="Limit", required=True, tracking=True)
    date_from = fields.Date(
        string="From",
        required=True,
        tracking=True,
        default=lambda self: self._default_date_from(),
    )
    date_to = fields.Date(
        string="Until", tracking=True, help="Last day. Empty: until further notice."
    )
    user_id = fields.Many2one(
        "res.users",
        string="Decided by",
        readonly=True,
        tracking=True,
        default=lambda self: self._default_user_id(),
    )
    note = fields.Text(string="Grounds")
    active = fields.Boolean(default=True, tracking=True)
    amount_balance = fields.Monetary(
        string="Exposure",
        compute="_compute_exposure",
        help="Overdue and not due, less the unallocated credit, as of now.",
    )
    amount_available = fields.Monetary(string="Available", compute="_compute_exposure")
    usage = fields.Float(string="Used (%)", digits=(8, 1), compute="_compute_exposure")

    _limit_uniq = models.UniqueIndex(
        "(company_id, partner_id) WHERE active IS TRUE",
        "This customer has a limit already: change that one.",
    )
    _amount_check = models.Constraint(
        "CHECK(amount >= 0)", "A limit cannot be negative."
    )
    _dates_check = models.Constraint(
        "CHECK(date_to IS NULL OR date_from <= date_to)",
        "A limit cannot end before it starts.",
    )

    def _default_company_id(self):
        return self.env.company

    def _default_date_from(self):
        return self.env.company._creditbox_today()

    def _default_user_id(self):
        return self.env.user

    @api.depends("partner_id.name")
    def _compute_display_name(self):
        for limit in self:
            limit.display_name = limit.partner_id.name

    @api.depends("partner_id", "company_id", "amount")
    def _compute_exposure(self):
        for company, limits in self.grouped("company_id").items():
            balances = self._exposures(company, limits.partner_id)
            for limit in limits:
                balance = balances.get(limit.partner_id._origin, 0.0)
                limit.amount_balance = balance
                limit.amount_available = max(limit.amount - balance, 0.0)
                limit.usage = 100 * balance / limit.amount if limit.amount else 0.0

    @api.constrains("partner_id")
    def _check_commercial(self):
        for limit in self:
            if limit.partner_id != limit.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._("Name the customer, not one of his addresses.")
                )

    @api.model
    def _exposures(self, company, partners):
        """:return: {customer: what he owes the company, due or not, less credits}"""
        return dict(
            self.env["creditbox.position"]._read_group(
                Domain("company_id", "=", company.id)
                & Domain("partner_id", "in", partners.ids),
                ["partner_id"],
                ["amount_balance:sum"],
            )
        )

    @api.model
    def _in_force(self, company, partners):
        """:return: {customer: his limit of today}"""
        today = company._creditbox_today()
        limits = self.search(
            Domain("company_id", "=", company.id)
            & Domain("partner_id", "in", partners.ids)
            & Domain("date_from", "<=", today)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", today))
        )
        return {limit.partner_id: limit for limit in limits}

    def write(self, vals):
        if not DECIDED.isdisjoint(vals):
            vals = {**vals, "user_id": self.env.uid}
        return super().write(vals)
