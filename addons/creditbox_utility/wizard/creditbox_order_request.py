from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ..models.fsm_order import OPERATIONS


class CreditboxOrderRequest(models.TransientModel):
    """Ask by hand for an operation at one meter or many."""

    _name = "creditbox.order.request"
    _description = "Ask for Orders at the Meter"

    position_ids = fields.Many2many("creditbox.position")
    supply_ids = fields.Many2many(
        "creditbox.supply", help="What was chosen, where it was supplies."
    )
    position_count = fields.Integer(compute="_compute_position_count")
    operation = fields.Selection(OPERATIONS)
    line_ids = fields.One2many(
        "creditbox.order.request.line",
        "request_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    lawful_count = fields.Integer(compute="_compute_counts", string="May be asked for")
    refused_count = fields.Integer(compute="_compute_counts", string="Refused")
    forcible = fields.Boolean(compute="_compute_counts")
    force = fields.Boolean(
        string="Force",
        help="Only against rules of the company, never against the law.",
    )
    forced_reason = fields.Char(string="Why it is forced")
    offer_ids = fields.One2many(
        "creditbox.order.request.offer", "request_id", readonly=True
    )
    done = fields.Boolean(readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        for request in requests:
            request._offer()
        return requests

    def _offer(self):
        """Say of each operation for how many of the positions it is lawful today."""
        self.offer_ids = [
            Command.create(
                {
                    "operation": operation,
                    "lawful_count": sum(not refused for refused in refusals),
                    "note": self._first_sentence(refusals),
                }
            )
            for operation, refusals in (
                (operation, self._refusals(operation)[1])
                for operation, _label in OPERATIONS
            )
        ]
        lawful = self.offer_ids.filtered("lawful_count")
        self.operation = lawful[:1].operation or "check"

    def _first_sentence(self, refusals):
        return next((refused[0].sentence for refused in refusals if refused), "")

    def _refusals(self, operation):
        """:return: (demands, refusals) of all positions"""
        positions = self.position_ids._origin
        demands = self.env["fsm.order"]._demands_by_hand(positions, operation)
        return demands, self.env["creditbox.lawfulness"]._refusals(demands)

    @api.depends("position_ids")
    def _compute_position_count(self):
        for request in self:
            request.position_count = len(request.position_ids)

    @api.depends("operation", "position_ids", "supply_ids")
    def _compute_line_ids(self):
        for request in self:
            lines = [Command.clear()]
            if request.operation:
                lines += request._lines(request.operation)
                lines += request._lines_without_position()
            request.line_ids = lines

    def _lines(self, operation):
        demands, refusals = self._refusals(operation)
        return [
            Command.create(
                {
                    "position_id": demand.position.id,
                    "supply_id": demand.position.supply_id.id,
                    "partner_id": demand.position.partner_id.id,
                    "amount": demand.amount,
                    "refusal": " ".join(r.sentence for r in refused),
                    "forcible": bool(refused) and all(r.forcible for r in refused),
                }
            )
            for demand, refused in zip(demands, refusals, strict=True)
        ]

    def _lines_without_position(self):
        """Supplies whose customer has never been billed: nothing to ask for."""
        missing = self.supply_ids._origin - self.position_ids._origin.supply_id
        refusal = self.env._("Nothing has been billed to the customer of this supply.")
        return [
            Command.create(
                {
                    "supply_id": supply.id,
                    "partner_id": supply.partner_id.id,
                    "refusal": refusal,
                }
            )
            for supply in missing
        ]

    @api.depends("line_ids.refusal")
    def _compute_counts(self):
        for request in self:
            refused = request.line_ids.filtered("refusal")
            request.refused_count = len(refused)
            request.lawful_count = len(request.line_ids) - len(refused)
            request.forcible = any(refused.mapped("forcible"))

    # ------------------------------------------------------------------
    def action_request(self):
        """Make the orders of the rows that are lawful, and say why of the others.

        :return: window with the result of each row
        :raises UserError: forced without a reason
        :raises AccessError: forced by somebody else than the credit manager
        """
        self.ensure_one()
        self._check_force()
        orders = self.env["fsm.order"]
        orders._lock_debts(self.position_ids)
        demands, refusals = self._refusals(self.operation)
        lawful, forced, lines = [], [], {}
        for demand, refused in zip(demands, refusals, strict=True):
            left = [r for r in refused if not (self.force and r.forcible)]
            if not left:
                (forced if refused else lawful).append(demand)
            lines[demand.position.id] = " ".join(r.sentence for r in left)
        made = orders._request(lawful, "operator")
        made |= orders._request(forced, "operator", self.forced_reason)
        self._show(made, lines)
        return self._window()

    def _check_force(self):
        if not self.force:
            return
        if not self.env.user.has_group("creditbox_base.group_manager"):
            raise AccessError(self.env._("Only the credit manager forces an order."))
        if not (self.forced_reason or "").strip():
            raise UserError(self.env._("Say why it is forced."))

    def _show(self, made, refusals):
        of_position = made.grouped("creditbox_position_id")
        for line in self.line_ids.filtered("position_id"):
            line.order_id = of_position.get(line.position_id)
            line.refusal = refusals.get(line.position_id.id)
        self.done = True

    def action_open_orders(self):
        """:return: window action of the orders that were made"""
        return self.env["fsm.order"]._window([("id", "in", self.line_ids.order_id.ids)])

    def _window(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("At the meter"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }


class CreditboxOrderRequestLine(models.TransientModel):
    """What a request says of one position."""

    _name = "creditbox.order.request.line"
    _description = "Position of a Request of Orders"

    request_id = fields.Many2one(
        "creditbox.order.request", required=True, ondelete="cascade", index=True
    )
    position_id = fields.Many2one("creditbox.position", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    supply_id = fields.Many2one("creditbox.supply", readonly=True)
    currency_id = fields.Many2one(related="position_id.currency_id")
    amount = fields.Monetary(string="Due", readonly=True)
    refusal = fields.Char(string="Refused because", readonly=True)
    forcible = fields.Boolean(readonly=True)
    order_id = fields.Many2one("fsm.order", string="Order", readonly=True)


class CreditboxOrderRequestOffer(models.TransientModel):
    """For how many positions of a request an operation is lawful."""

    _name = "creditbox.order.request.offer"
    _description = "Operation Offered by a Request of Orders"

    request_id = fields.Many2one(
        "creditbox.order.request", required=True, ondelete="cascade", index=True
    )
    operation = fields.Selection(OPERATIONS, readonly=True)
    lawful_count = fields.Integer(string="Lawful for", readonly=True)
    note = fields.Char(string="Otherwise refused because", readonly=True)
