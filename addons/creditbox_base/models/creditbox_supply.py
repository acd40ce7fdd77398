from odoo import api, fields, models

from ..tools import checks
from .creditbox_past import SUPPLY_COLUMNS


class CreditboxSupply(models.Model):
    """A supply point and the contract that a customer has on it."""

    _name = "creditbox.supply"
    _inherit = ["mail.thread"]
    _description = "Supply"
    _order = "code, id"
    _rec_names_search = ["code", "street", "city"]
    _check_company_auto = True

    code = fields.Char(
        required=True,
        tracking=True,
        help="POD, PDR or the code that the billing system gives to the supply.",
    )
    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        check_company=True,
        tracking=True,
    )
    service_type_id = fields.Many2one(
        "creditbox.service.type", string="Service", required=True
    )
    meter_id = fields.Many2one(
        "creditbox.meter",
        index="btree_not_null",
        check_company=True,
        tracking=True,
    )
    meter_type_id = fields.Many2one(
        related="meter_id.meter_type_id", string="Meter Type"
    )
    meter_state_id = fields.Many2one(
        related="meter_id.meter_state_id", string="Meter State"
    )
    street = fields.Char()
    zip = fields.Char(string="ZIP")
    city = fields.Char()
    state_id = fields.Many2one("res.country.state", string="Province")
    latitude = fields.Float(digits=(10, 7), aggregator=None)
    longitude = fields.Float(digits=(10, 7), aggregator=None)
    date_start = fields.Date(string="Contract Start", tracking=True)
    date_end = fields.Date(string="Contract End", tracking=True)
    residential = fields.Boolean(help="The customer resides at the supply point.")
    protected_until = fields.Date(
        tracking=True,
        help="Until this day the law or the authority forbids to suspend the supply.",
    )
    protected_reason = fields.Char(tracking=True)
    subsidised_amount = fields.Monetary(
        string="Subsidised Band a Year",
        tracking=True,
        help="What the supply pays in a year for the subsidised band of water: the law "
        "measures the debt of domestic users by it. 0: as set for the company.",
    )
    active = fields.Boolean(default=True)
    code_warning = fields.Char(compute="_compute_code_warning")
    position_ids = fields.One2many("creditbox.position", "supply_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_overdue = fields.Monetary(compute="_compute_amounts")
    amount_balance = fields.Monetary(compute="_compute_amounts")
    bill_count = fields.Integer(compute="_compute_bill_count")
    hold_count = fields.Integer(compute="_compute_hold_count")

    _code_uniq = models.Constraint(
        "UNIQUE(company_id, code)", "A supply with this code already exists."
    )
    _dates_check = models.Constraint(
        "CHECK(date_end IS NULL OR date_start IS NULL OR date_start <= date_end)",
        "The contract cannot end before it starts.",
    )
    _order_idx = models.Index("(code, id)")

    def _default_company_id(self):
        return self.env.company

    @api.model
    def _creditbox_former(self):
        """:return: names of the fields whose former values are kept, no condition"""
        return SUPPLY_COLUMNS, None

    def write(self, vals):
        self.env["creditbox.former"]._keep(self, SUPPLY_COLUMNS, vals)
        return super().write(vals)

    @api.depends("code", "street", "city")
    def _compute_name(self):
        for supply in self:
            address = ", ".join(filter(None, (supply.street, supply.city)))
            supply.name = " – ".join(filter(None, (supply.code, address)))

    @api.depends("code", "name")
    @api.depends_context("creditbox_supply_code")
    def _compute_display_name(self):
        """Code and address; the code alone where the context asks for it (lists)."""
        field = "code" if self.env.context.get("creditbox_supply_code") else "name"
        for supply in self:
            supply.display_name = supply[field]

    @api.depends("code", "service_type_id.code_format")
    def _compute_code_warning(self):
        for supply in self:
            message = checks.check_supply_code(
                supply.code, supply.service_type_id.code_format
            )
            supply.code_warning = message and str(message)

    @api.depends("position_ids.amount_overdue", "position_ids.amount_balance")
    def _compute_amounts(self):
        groups = self.env["creditbox.position"]._read_group(
            [("supply_id", "in", self.ids)],
            ["supply_id"],
            ["amount_overdue:sum", "amount_balance:sum"],
        )
        sums = {supply.id: amounts for supply, *amounts in groups}
        for supply in self:
            overdue, balance = sums.get(supply._origin.id, (0.0, 0.0))
            supply.amount_overdue = overdue
            supply.amount_balance = balance

    def _compute_bill_count(self):
        counts = dict(
            self.env["account.move"]._read_group(
                [
                    ("creditbox_supply_id", "in", self.ids),
                    ("move_type", "in", ("out_invoice", "out_refund")),
                ],
                ["creditbox_supply_id"],
                ["__count"],
            )
        )
        for supply in self:
            supply.bill_count = counts.get(supply._origin, 0)

    def _compute_hold_count(self):
        counts = dict(
            self.env["creditbox.hold"]._read_group(
                [("supply_id", "in", self.ids), ("state", "=", "active")],
                ["supply_id"],
                ["__count"],
            )
        )
        for supply in self:
            supply.hold_count = counts.get(supply._origin, 0)

    def action_open_positions(self):
        return self.position_ids._get_records_action(name=self.env._("Positions"))

    def action_open_bills(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_base.account_move_action"
        )
        return dict(
            action,
            domain=[
                ("creditbox_supply_id", "in", self.ids),
                ("move_type", "in", ("out_invoice", "out_refund")),
            ],
            context={"create": False},
        )
