from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

OPERATIONS = [
    ("notice", "Delivery of a notice"),
    ("limitation", "Limitation"),
    ("power_reduction", "Power reduction"),
    ("suspension", "Suspension"),
    ("reactivation", "Reactivation"),
    ("removal", "Removal"),
    ("check", "Check visit"),
]
# what is done against the customer, and must stop when he pays
AGAINST = ("notice", "limitation", "power_reduction", "suspension", "removal")
# what takes something of the supply away: a payment gives it back
CUTS = ("limitation", "power_reduction", "suspension")
LEGAL_STEPS = {
    "limitation": "limitation",
    "power_reduction": "limitation",
    "suspension": "suspension",
    "removal": "removal",
}
STATES = [
    ("requested", "Requested"),
    ("accepted", "Accepted"),
    ("planned", "Planned"),
    ("sent", "Sent"),
    ("on_site", "On site"),
    ("done", "Done"),
    ("not_executable", "Not executable"),
    ("stopped", "Stopped"),
    ("cancelled", "Cancelled"),
    ("recalled", "Recalled"),
]
OPEN_STATES = ("requested", "accepted", "planned", "sent", "on_site")
BOARD = [
    ("to_send", "To send"),
    ("sent", "Sent"),
    ("on_site", "On site"),
    ("done", "Done"),
    ("stopped", "Stopped by payment"),
    ("not_executable", "Not executable"),
    ("to_reactivate", "To reactivate"),
    ("ended", "Cancelled or recalled"),
]


class FsmOrder(models.Model):
    """An order at the meter: what the crew is to do at a supply, and why.

    Nobody writes what CreditBox keeps on an order, only the buttons do, as the system,
    once they have asked who presses them. Planning fields are those of Field Service.
    """

    _name = "fsm.order"
    _inherit = ["fsm.order", "creditbox.guarded"]
    _mail_post_access = "read"

    creditbox_operation = fields.Selection(
        OPERATIONS, string="Operation", readonly=True, index="btree_not_null"
    )
    creditbox_state = fields.Selection(
        STATES, string="State of the order", readonly=True, copy=False
    )
    creditbox_board = fields.Selection(
        BOARD,
        string="Board",
        compute="_compute_creditbox_board",
        store=True,
        group_expand=True,
    )
    creditbox_supply_id = fields.Many2one(
        "creditbox.supply",
        string="Supply",
        readonly=True,
        index="btree_not_null",
        check_company=True,
    )
    creditbox_position_id = fields.Many2one(
        "creditbox.position",
        string="Position",
        readonly=True,
        index="btree_not_null",
    )
    creditbox_partner_id = fields.Many2one(
        related="creditbox_position_id.partner_id", string="Customer"
    )
    creditbox_meter_id = fields.Many2one(
        related="creditbox_supply_id.meter_id", string="Meter"
    )
    creditbox_service_type_id = fields.Many2one(
        related="creditbox_supply_id.service_type_id", string="Service"
    )
    creditbox_action_id = fields.Many2one(
        "creditbox.action",
        string="Action",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    creditbox_origin = fields.Selection(
        [
            ("workflow", "Action table"),
            ("operator", "Operator"),
            ("client", "Client company"),
            ("counter", "Counter"),
            ("payment", "Payment"),
        ],
        string="Asked for by",
        readonly=True,
    )
    creditbox_user_id = fields.Many2one(
        "res.users", string="Requested by", readonly=True
    )
    creditbox_move_line_ids = fields.Many2many(
        "account.move.line",
        "creditbox_order_move_line",
        "order_id",
        "move_line_id",
        string="Bills",
        readonly=True,
        copy=False,
        help="The unpaid bills that the order is for.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    creditbox_amount = fields.Monetary(
        string="Debt at request", readonly=True, aggregator="sum"
    )
    creditbox_amount_due = fields.Monetary(
        string="Debt now", compute="_compute_creditbox_amount_due"
    )
    creditbox_reason_id = fields.Many2one(
        "creditbox.order.reason",
        string="Why not carried out",
        readonly=True,
        ondelete="restrict",
    )
    creditbox_note = fields.Char(
        string="Reason", readonly=True, help="Why it was stopped, cancelled, refused."
    )
    creditbox_forced_reason = fields.Char(string="Forced because", readonly=True)
    creditbox_legal = fields.Boolean(
        string="A step of the procedure",
        compute="_compute_creditbox_legal",
        store=True,
        help="Limitation, suspension, removal: the law counts it.",
    )
    creditbox_cuts = fields.Boolean(
        string="Cut in force",
        readonly=True,
        copy=False,
        help="The supply is limited or suspended by this order now.",
    )
    creditbox_alarm = fields.Boolean(
        string="Alarm",
        readonly=True,
        copy=False,
        help="Paid while the crew was on site, or carried out though it was paid.",
    )
    creditbox_route_sequence = fields.Integer(
        string="Place in the route",
        readonly=True,
        copy=False,
        help="Which visit of its crew's day it is, from 1. 0: not in a route.",
    )
    creditbox_deadline = fields.Date(
        string="To be done by",
        readonly=True,
        help="Last day of the regulated term.",
    )
    creditbox_late = fields.Boolean(
        string="Late", compute="_compute_creditbox_late", search="_search_late"
    )
    creditbox_debt_checked_at = fields.Datetime(
        string="Debt checked on", readonly=True, copy=False
    )
    creditbox_requested_at = fields.Datetime(string="Requested on", readonly=True)
    creditbox_accepted_at = fields.Datetime(
        string="Accepted on", readonly=True, copy=False
    )
    creditbox_planned_at = fields.Datetime(
        string="Planned on", readonly=True, copy=False
    )
    creditbox_sent_at = fields.Datetime(string="Sent on", readonly=True, copy=False)
    creditbox_on_site_at = fields.Datetime(
        string="On site since", readonly=True, copy=False
    )
    creditbox_closed_at = fields.Datetime(string="Closed on", readonly=True, copy=False)
    creditbox_charge_id = fields.Many2one(
        "creditbox.charge", readonly=True, copy=False, ondelete="set null"
    )
    creditbox_charge_ids = fields.Many2many(
        "creditbox.charge", string="Costs", compute="_compute_creditbox_charge_ids"
    )
    creditbox_charged = fields.Boolean(
        string="Cost charged", compute="_compute_creditbox_charge_ids"
    )

    # what a payment, an action and a day ask for; the board's order
    _creditbox_open_idx = models.Index(
        "(creditbox_position_id) WHERE creditbox_state IN"
        " ('requested', 'accepted', 'planned', 'sent', 'on_site')"
    )
    # a crew's day
    _creditbox_crew_day_idx = models.Index(
        "(person_id, scheduled_date_start)"
        " WHERE creditbox_operation IS NOT NULL AND person_id IS NOT NULL"
    )
    _creditbox_cuts_idx = models.Index("(creditbox_position_id) WHERE creditbox_cuts")
    _creditbox_board_idx = models.Index(
        "(creditbox_board, id DESC) WHERE creditbox_operation IS NOT NULL"
    )

    @api.depends("creditbox_state", "creditbox_operation")
    def _compute_creditbox_board(self):
        for order in self:
            order.creditbox_board = order.creditbox_operation and order._board()

    def _board(self):
        if self.creditbox_state in OPEN_STATES:
            if self.creditbox_operation == "reactivation":
                return "to_reactivate"
            return {"sent": "sent", "on_site": "on_site"}.get(
                self.creditbox_state, "to_send"
            )
        ended = {"cancelled": "ended", "recalled": "ended"}
        return ended.get(self.creditbox_state, self.creditbox_state)

    @api.depends("creditbox_operation")
    def _compute_creditbox_legal(self):
        for order in self:
            order.creditbox_legal = order.creditbox_operation in LEGAL_STEPS

    @api.depends("creditbox_deadline", "creditbox_state")
    def _compute_creditbox_late(self):
        for order in self:
            order.creditbox_late = bool(
                order.creditbox_deadline
                and order.creditbox_state in OPEN_STATES
                and order.creditbox_deadline < order.company_id._creditbox_today()
            )

    def _search_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._creditbox_today()
        return [
            ("creditbox_deadline", "<", today),
            ("creditbox_state", "in", OPEN_STATES),
        ]

    @api.depends("creditbox_action_id", "creditbox_charge_id")
    def _compute_creditbox_charge_ids(self):
        for order in self:
            charges = order.creditbox_action_id.charge_ids | order.creditbox_charge_id
            order.creditbox_charge_ids = charges
            order.creditbox_charged = any(
                charge.state in ("pending", "posted") for charge in charges
            )

    # ------------------------------------------------------------------
    # nobody writes them
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(
            name.startswith("creditbox_") for vals in vals_list for name in vals
        ):
            raise AccessError(
                self.env._("Ask for an order at the meter by its button.")
            )
        return super().create(vals_list)

    def write(self, vals):
        """What CreditBox keeps changes by its buttons; the stage follows the state."""
        if not self.env.su and any(
            name == "stage_id" or name.startswith("creditbox_") for name in vals
        ):
            if "stage_id" not in vals or self.filtered("creditbox_operation"):
                raise AccessError(
                    self.env._(
                        "The state of an order at the meter changes by its buttons."
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_at_the_meter(self):
        if self.filtered("creditbox_operation"):
            raise UserError(
                self.env._("An order at the meter is kept, with what it says.")
            )

    # ------------------------------------------------------------------
    # small questions
    # ------------------------------------------------------------------
    def _open_ones(self):
        """:return: the orders that have not come to an end"""
        return self.filtered(lambda order: order.creditbox_state in OPEN_STATES)

    def _against(self):
        """:return: the orders that are against the customer"""
        return self.filtered(lambda order: order.creditbox_operation in AGAINST)

    def _legal_step(self):
        """:return: str or None, what the order is in the procedure against arrears"""
        return LEGAL_STEPS.get(self.creditbox_operation)

    def _day_done(self):
        """:return: datetime.date on which the crew was there"""
        moment = self.creditbox_on_site_at or self.creditbox_closed_at
        return self.company_id._creditbox_local(moment).date()

    def _label(self, name):
        """:return: the selection's label of a field, in the user's language"""
        labels = self._fields[name]._description_selection(self.env)
        return dict(labels).get(self[name], "")

    @api.model
    def _window(self, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_utility.fsm_order_action"
        )
        return {**action, "domain": domain, "context": {}, "view_mode": "list,form"}
