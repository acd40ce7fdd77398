from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

# Field, first and last day overdue (None: no end).
BUCKETS = (
    ("amount_1_30", 1, 30),
    ("amount_31_60", 31, 60),
    ("amount_61_90", 61, 90),
    ("amount_91_180", 91, 180),
    ("amount_181_365", 181, 365),
    ("amount_over_365", 366, None),
)
# What the accounts say: written by _refresh only.
FIGURES = (
    "amount_overdue",
    "amount_not_due",
    "amount_credit",
    "amount_balance",
    "amount_held",
    *(name for name, _first, _last in BUCKETS),
    "overdue_count",
    "days_overdue",
    "age_class",
    "oldest_due_date",
    "held_until",
    "state",
)


class CreditboxPosition(models.Model):
    """All that one customer owes to one company on one supply.

    The rows are made and kept by SQL from the open lines of the accounts (_refresh);
    people only assign them and write on their chatter. A position that has been
    settled stays, with zeros.
    """

    _name = "creditbox.position"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Credit Position"
    _order = "amount_overdue desc, id"
    _rec_names_search = [
        "partner_id.name",
        "partner_id.creditbox_code",
        "supply_id.code",
    ]
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    supply_id = fields.Many2one(
        "creditbox.supply",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id", store=True, precompute=True
    )
    user_id = fields.Many2one("res.users", string="Operator", tracking=True, index=True)
    service_type_id = fields.Many2one(related="supply_id.service_type_id")
    customer_type_id = fields.Many2one(related="partner_id.creditbox_customer_type_id")
    meter_state_id = fields.Many2one(
        related="supply_id.meter_state_id", string="Meter State"
    )
    amount_overdue = fields.Monetary(string="Overdue", readonly=True)
    amount_not_due = fields.Monetary(string="Not Due", readonly=True)
    amount_credit = fields.Monetary(
        string="Unallocated Credit",
        readonly=True,
        help="Payments and credit notes that cover no bill yet.",
    )
    amount_balance = fields.Monetary(
        string="Balance",
        readonly=True,
        help="Overdue and not due, less the unallocated credit.",
    )
    amount_held = fields.Monetary(
        string="Overdue on Hold", readonly=True, help="Part of the overdue amount."
    )
    amount_1_30 = fields.Monetary(string="1-30 Days", readonly=True)
    amount_31_60 = fields.Monetary(string="31-60 Days", readonly=True)
    amount_61_90 = fields.Monetary(string="61-90 Days", readonly=True)
    amount_91_180 = fields.Monetary(string="91-180 Days", readonly=True)
    amount_181_365 = fields.Monetary(string="181-365 Days", readonly=True)
    amount_over_365 = fields.Monetary(string="Over 365 Days", readonly=True)
    overdue_count = fields.Integer(string="Overdue Bills", readonly=True)
    days_overdue = fields.Integer(
        readonly=True, aggregator="max", help="Days since the oldest due date."
    )
    age_class = fields.Selection(
        [
            ("000", "Nothing Overdue"),
            ("001", "1-30 Days"),
            ("031", "31-60 Days"),
            ("061", "61-90 Days"),
            ("091", "91-180 Days"),
            ("181", "181-365 Days"),
            ("366", "Over 365 Days"),
        ],
        string="Age of the Oldest Bill",
        readonly=True,
    )
    oldest_due_date = fields.Date(readonly=True, help="Of what is overdue.")
    held_until = fields.Date(
        readonly=True, help="Last day of the holds in force on overdue bills."
    )
    state = fields.Selection(
        [
            ("regular", "Regular"),
            ("overdue", "Overdue"),
            ("held", "On Hold"),
            ("credit", "In Credit"),
        ],
        required=True,
        default="regular",
        readonly=True,
        help="On hold: everything overdue is held. In credit: nothing is overdue and "
        "there is an unallocated credit.",
    )

    open_line_ids = fields.Many2many(
        "account.move.line",
        string="Open Bills and Credits",
        compute="_compute_open_line_ids",
    )

    _position_uniq = models.UniqueIndex(
        "(company_id, partner_id, COALESCE(supply_id, 0))",
        "There is already a position of this customer on this supply.",
    )
    _overdue_idx = models.Index("(company_id, amount_overdue DESC)")
    _overdue_group_idx = models.Index("(amount_overdue DESC, id)")

    @api.depends("partner_id.name", "supply_id.code")
    def _compute_display_name(self):
        for position in self:
            parts = (position.partner_id.name, position.supply_id.code)
            position.display_name = " – ".join(filter(None, parts))

    def _compute_open_line_ids(self):
        for position in self:
            position.open_line_ids = self.env["account.move.line"].search(
                Domain(position._get_entries_domain())
                & Domain("reconciled", "=", False)
                & Domain("amount_residual", "!=", 0),
                order="date_maturity, id",
            )

    def write(self, vals):
        if not self.env.su and not vals.keys().isdisjoint(FIGURES):
            raise AccessError(
                self.env._("The figures of a position come from the accounts.")
            )
        result = super().write(vals)
        if "user_id" in vals:
            for company, positions in self.grouped("company_id").items():
                self._on_operator_changed(company, positions.partner_id.ids)
        return result

    @api.model
    def _on_operator_changed(self, company, partner_ids):
        """Hook: somebody else works on positions of these customers."""

    def _get_entries_domain(self):
        """The entries in the customer's account that the position is made of."""
        self.ensure_one()
        return [
            ("company_id", "=", self.company_id.id),
            ("partner_id.commercial_partner_id", "=", self.partner_id.id),
            ("move_id.creditbox_supply_id", "=", self.supply_id.id),
            ("account_id.account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
        ]

    def action_open_entries(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_account_moves_all"
        )
        return dict(action, domain=self._get_entries_domain(), context={})

    def action_open_bills(self):
        self.ensure_one()
        return self._open(
            "account_move_action",
            [
                ("company_id", "=", self.company_id.id),
                ("commercial_partner_id", "=", self.partner_id.id),
                ("creditbox_supply_id", "=", self.supply_id.id),
                ("move_type", "in", ("out_invoice", "out_refund")),
                ("state", "=", "posted"),
            ],
        )

    def action_open_holds(self):
        self.ensure_one()
        return self._open(
            "creditbox_hold_action", [("customer_id", "=", self.partner_id.id)]
        )

    def action_open_customer_positions(self):
        return self._open(
            "creditbox_position_action", [("partner_id", "in", self.partner_id.ids)]
        )

    def _open(self, action_name, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"creditbox_base.{action_name}"
        )
        return dict(action, domain=domain, context={"create": False})
