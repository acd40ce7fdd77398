from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class CreditboxCover(models.Model):
    """What a credit insurer answers for, of one customer of one company."""

    _name = "creditbox.cover"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Insurer's Cover"
    _order = "date_to desc, id desc"
    _rec_names_search = ["partner_id.name", "policy", "partner_id.creditbox_code"]
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
    provider_id = fields.Many2one(
        "creditbox.provider",
        string="Insurer",
        required=True,
        tracking=True,
        check_company=True,
        domain="[('kind', '=', 'insurer')]",
        ondelete="restrict",
    )
    policy = fields.Char(string="Policy Number", required=True, tracking=True)
    amount = fields.Monetary(string="Cover", required=True, tracking=True)
    date_from = fields.Date(
        string="From",
        required=True,
        tracking=True,
        default=lambda self: self._default_date_from(),
    )
    date_to = fields.Date(
        string="Until", required=True, tracking=True, help="Last day of the cover."
    )
    note = fields.Text(string="Notes")
    active = fields.Boolean(default=True, tracking=True)
    amount_balance = fields.Monetary(
        string="Exposure",
        compute="_compute_exposure",
        help="Overdue and not due, less the unallocated credit, as of now.",
    )
    amount_uncovered = fields.Monetary(
        string="Not Covered",
        compute="_compute_exposure",
        help="Exposure beyond all covers in force.",
    )

    _amount_check = models.Constraint(
        "CHECK(amount >= 0)", "A cover cannot be negative."
    )
    _dates_check = models.Constraint(
        "CHECK(date_from <= date_to)", "A cover cannot end before it starts."
    )

    def _default_company_id(self):
        return self.env.company

    def _default_date_from(self):
        return self.env.company._creditbox_today()

    @api.depends("partner_id.name", "policy")
    def _compute_display_name(self):
        for cover in self:
            parts = (cover.partner_id.name, cover.policy)
            cover.display_name = " – ".join(filter(None, parts))

    @api.depends("partner_id", "company_id", "amount", "date_from", "date_to")
    def _compute_exposure(self):
        for company, covers in self.grouped("company_id").items():
            balances = self.env["creditbox.limit"]._exposures(
                company, covers.partner_id
            )
            amounts = self._amounts(company, covers.partner_id)
            for cover in covers:
                partner = cover.partner_id._origin
                cover.amount_balance = balances.get(partner, 0.0)
                uncovered = cover.amount_balance - amounts.get(partner, 0.0)
                cover.amount_uncovered = max(uncovered, 0.0)

    @api.constrains("partner_id", "provider_id")
    def _check_parties(self):
        for cover in self:
            if cover.partner_id != cover.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._("Name the customer, not one of his addresses.")
                )
            if cover.provider_id.kind != "insurer":
                raise ValidationError(
                    self.env._("«%s» is no insurer.", cover.provider_id.name)
                )

    @api.model
    def _amounts(self, company, partners):
        """:return: {customer: sum of his covers in force today}"""
        today = company._creditbox_today()
        return dict(
            self._read_group(
                Domain("company_id", "=", company.id)
                & Domain("partner_id", "in", partners.ids)
                & Domain("date_from", "<=", today)
                & Domain("date_to", ">=", today),
                ["partner_id"],
                ["amount:sum"],
            )
        )
