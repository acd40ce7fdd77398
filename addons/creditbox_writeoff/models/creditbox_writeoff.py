from odoo import api, fields, models
from odoo.exceptions import UserError

from .creditbox_writeoff_reason import GROUNDS

OPEN_STATES = ("requested", "offered", "approved")
BOOKED_STATES = ("posted", "recovered")


class CreditboxWriteoff(models.Model):
    """A request to give up what a position owes, or a part of it.

    requested → approved → posted (→ recovered, when money arrives after all). A
    settlement is offered in between: when the agreed sum has been paid in time the
    rest is given up, else it expires. Refused, cancelled and expired requests give
    the bills back to the action table. Nobody writes requests, only buttons do.
    """

    _name = "creditbox.writeoff"
    _description = "Write-off"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "creditbox.approval",
        "creditbox.guarded",
    ]
    _order = "date_request desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"
    _state_from = ["requested"]
    _state_to = ["approved", "offered"]

    name = fields.Char(required=True, readonly=True, default="/", copy=False)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    position_id = fields.Many2one(
        "creditbox.position", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, readonly=True, index=True
    )
    supply_id = fields.Many2one(related="position_id.supply_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [
            ("loss", "Loss"),
            ("small", "Small residual"),
            ("settlement", "Settlement"),
        ],
        required=True,
        readonly=True,
        default="loss",
    )
    reason_id = fields.Many2one(
        "creditbox.writeoff.reason", string="Reason", required=True, readonly=True
    )
    note = fields.Text(readonly=True)
    action_id = fields.Many2one(
        "creditbox.action",
        string="Action",
        readonly=True,
        index="btree_not_null",
        help="Of the action table that asked for it.",
    )
    user_id = fields.Many2one(
        "res.users", string="Requested by", readonly=True, help="Empty: by the table."
    )
    date_request = fields.Date(string="Requested on", required=True, readonly=True)
    line_ids = fields.One2many(
        "creditbox.writeoff.line", "writeoff_id", string="Bills", readonly=True
    )
    amount = fields.Monetary(
        string="Debt", readonly=True, help="Open amount of the bills when last seen."
    )
    state = fields.Selection(
        [
            ("requested", "Requested"),
            ("offered", "Offered"),
            ("approved", "To book"),
            ("posted", "Written off"),
            ("recovered", "Recovered"),
            ("expired", "Expired"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="requested",
        tracking=True,
    )
    outcome = fields.Char(
        readonly=True, help="Why it was refused, cancelled or has expired."
    )
    error = fields.Char(readonly=True, help="Why it could not be booked yet.")
    approved_by_id = fields.Many2one("res.users", string="Approved by", readonly=True)
    date_approved = fields.Date(string="Approved on", readonly=True)
    # -- settlement
    amount_agreed = fields.Monetary(string="Agreed sum", readonly=True)
    amount_waived = fields.Monetary(
        string="Waived", readonly=True, help="Given up once the agreed sum is paid."
    )
    date_expiry = fields.Date(string="To be paid by", readonly=True)
    # -- accounts and taxes
    move_id = fields.Many2one(
        "account.move", string="Entry", readonly=True, index="btree_not_null"
    )
    date_posted = fields.Date(string="Written off on", readonly=True)
    amount_written = fields.Monetary(string="Written off", readonly=True)
    tax_ground = fields.Selection(GROUNDS, readonly=True)
    tax_note = fields.Char(string="Why deductible", readonly=True)
    vat_note = fields.Boolean(related="reason_id.vat_note", string="VAT note due")
    recovery_ids = fields.One2many(
        "account.move", "creditbox_writeoff_id", string="Recoveries", readonly=True
    )
    amount_recovered = fields.Monetary(string="Recovered", readonly=True)

    _open_idx = models.Index(
        "(partner_id) WHERE state IN ('requested', 'offered', 'approved')"
    )
    _booked_idx = models.Index("(partner_id) WHERE state = 'posted'")

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Write-offs are kept: cancel it instead."))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                sequence = self.env["ir.sequence"].with_company(vals["company_id"])
                vals["name"] = sequence.next_by_code(self._name)
        return super().create(vals_list)

    def _tier_validation_check_write_allowed(self, vals):
        """What changes under review was not written by anybody: a payment came."""
        if self.env.su:
            return None
        return super()._tier_validation_check_write_allowed(vals)

    # ------------------------------------------------------------------
    # asking
    # ------------------------------------------------------------------
    @api.model
    def _ask(self, lines, reason, actions=None, **values):
        """Ask for the write-off of bills: one request for each position.

        The bills leave the action table until the request has been decided.

        :param lines: account.move.line of customers, with something open
        :param reason: creditbox.writeoff.reason
        :param actions: creditbox.action that ask, at most one a position
        :param values: kind, note, amount_agreed, date_expiry
        :return: creditbox.writeoff
        :raises UserError: a bill is paid, or with somebody else already
        """
        items = self.env["creditbox.item"]._exclude(lines, "writeoff")
        of_position = {action.position_id: action for action in actions or ()}
        requests = self.sudo().create(  # nobody writes requests by hand
            [
                {
                    "company_id": position.company_id.id,
                    "position_id": position.id,
                    "partner_id": position.partner_id.id,
                    "reason_id": reason.id,
                    "action_id": action and action.id,
                    "user_id": not action and self.env.uid,
                    "date_request": position.company_id._creditbox_today(),
                    "line_ids": [
                        fields.Command.create({"move_line_id": item.move_line_id.id})
                        for item in group
                    ],
                    **values,
                }
                for position, group in items.grouped("position_id").items()
                for action in [of_position.get(position)]
            ]
        )
        requests._measure()
        requests._check_amounts()
        for request in requests:
            request.amount_waived = request.amount - request.amount_agreed
        requests = requests.sudo(False)
        requests._ask_levels()
        return requests

    def _check_amounts(self):
        empty = self.filtered(lambda request: request.amount <= 0)
        if empty:
            raise UserError(
                self.env._(
                    "There is nothing to write off: %s",
                    ", ".join(empty.position_id.mapped("display_name")),
                )
            )
        for request in self.filtered(lambda request: request.kind == "settlement"):
            if not 0 < request.amount_agreed < request.amount:
                raise UserError(
                    self.env._(
                        "The agreed sum is more than nothing, and less than the debt."
                    )
                )
            if not request.date_expiry or request.date_expiry < request.date_request:
                raise UserError(self.env._("Say by which day it is to be paid."))

    def _measure(self):
        """Write what is open of the bills now, credits of the position taken off."""
        credits = self._credit_lines()
        for request in self.sudo():  # nobody writes requests by hand
            credit = -sum(credits[request].mapped("amount_residual"))
            total = 0
            for line in request.line_ids.sorted("date_due"):
                residual = line.move_line_id.amount_residual
                covered = min(credit, residual)
                credit -= covered
                line.amount = request.currency_id.round(residual - covered)
                total += line.amount
            request.amount = total

    def _credit_lines(self):
        """Open credits that cover these bills, by one query.

        As the action table covers them: of the same supply, or of none.

        :return: {creditbox.writeoff: account.move.line, oldest first}
        """
        requests = self.sudo()  # whoever sees a request need not see entries
        found = (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("company_id", "in", requests.company_id.ids),
                    ("partner_id.commercial_partner_id", "in", requests.partner_id.ids),
                    ("account_id", "in", requests.line_ids.move_line_id.account_id.ids),
                    ("parent_state", "=", "posted"),
                    ("reconciled", "=", False),
                    ("amount_residual", "<", 0),
                ],
                order="date, id",
            )
        )
        of_customer = found.grouped(
            lambda line: (line.company_id, line.partner_id.commercial_partner_id)
        )
        none = found.browse()
        return {
            request: of_customer.get(
                (request.company_id, request.partner_id), none
            ).filtered(
                lambda line, own=request.supply_id: (
                    line.move_id.creditbox_supply_id in (own, own.browse())
                )
            )
            for request in requests
        }

    def action_open_move(self):
        """:return: window action of the entry"""
        self.ensure_one()
        return self.move_id.get_formview_action()
