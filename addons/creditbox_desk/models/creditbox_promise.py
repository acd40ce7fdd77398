from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

STATES = [
    ("open", "Open"),
    ("kept", "Kept"),
    ("partly", "Kept in Part"),
    ("broken", "Broken"),
    ("cancelled", "Cancelled"),
]
# what people may write; the rest comes from the lines and the payments
EDITABLE = {"note", "user_id"}
# what the system fills
PROTECTED = {"amount_paid", "date_valued", "hold_id", "last_line", "state"}


class CreditboxPromise(models.Model):
    """What a customer has promised to pay, and when.

    While it is open nothing else is asked of him: a hold ends when the last promised
    day and the company's days of tolerance are over. Payments are valued against it by
    SQL, see ``creditbox_promise_valuation``.
    """

    _name = "creditbox.promise"
    _inherit = ["mail.thread", "mail.activity.mixin", "creditbox.guarded"]
    _description = "Promise to Pay"
    _order = "date desc, id desc"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        check_company=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    position_id = fields.Many2one(
        "creditbox.position",
        index="btree_not_null",
        check_company=True,
        ondelete="cascade",
        domain="[('partner_id', '=', partner_id), ('company_id', '=', company_id)]",
        help="Empty: everything that the customer owes.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Taken by",
        required=True,
        index=True,
        default=lambda self: self._default_user_id(),
    )
    date = fields.Date(
        string="Made on", required=True, default=lambda self: self._default_date()
    )
    line_ids = fields.One2many(
        "creditbox.promise.line", "promise_id", string="Dates and amounts", copy=False
    )
    amount = fields.Monetary(
        string="Promised", compute="_compute_amount", store=True, precompute=True
    )
    date_last = fields.Date(
        string="Last promised day",
        compute="_compute_amount",
        store=True,
        precompute=True,
    )
    amount_paid = fields.Monetary(
        string="Paid",
        readonly=True,
        copy=False,
        help="Payments since the promise, up to the promised amount.",
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, default="open", copy=False, tracking=True
    )
    date_valued = fields.Date(
        string="Decided on",
        readonly=True,
        copy=False,
        help="When it was found kept, kept in part or broken.",
    )
    note = fields.Text(string="Notes")
    hold_id = fields.Many2one(
        "creditbox.hold",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    hold_ids = fields.One2many(
        "creditbox.hold", "promise_id", string="Holds", readonly=True
    )
    last_line = fields.Integer(
        readonly=True,
        copy=False,
        help="The last entry posted before the promise: payments have later ones.",
    )

    _amount_check = models.Constraint(
        "CHECK(amount > 0)", "A promise names at least one amount."
    )
    _open_idx = models.Index("(company_id, partner_id) WHERE state = 'open'")

    # -- defaults and computed fields ----------------------------------------------

    def _default_company_id(self):
        return self.env.company

    def _default_user_id(self):
        return self.env.user

    def _default_date(self):
        return self.env.company._creditbox_today()

    @api.depends("line_ids.amount", "line_ids.date")
    def _compute_amount(self):
        for promise in self:
            promise.amount = sum(promise.line_ids.mapped("amount"))
            promise.date_last = max(
                filter(None, promise.line_ids.mapped("date")), default=False
            )

    @api.depends("partner_id", "position_id", "date")
    def _compute_display_name(self):
        for promise in self:
            parts = (promise.partner_id.name, promise.position_id.supply_id.code)
            promise.display_name = " – ".join(filter(None, parts))

    # -- constraints ---------------------------------------------------------------

    @api.constrains("position_id", "partner_id", "company_id")
    def _check_position(self):
        for promise in self.filtered("position_id"):
            if promise.position_id.partner_id != promise.partner_id:
                raise ValidationError(
                    self.env._("The position is not one of the customer's.")
                )

    def _check_alone(self):
        """One open promise at a time for the same debt.

        :raises ValidationError: the customer has another one that is still open
        """
        for promise in self:
            if promise._has_rival():
                raise ValidationError(
                    self.env._(
                        "%s has an open promise already: cancel it first.",
                        promise.partner_id.name,
                    )
                )

    def _has_rival(self):
        """:return: whether another promise is open for the same debt"""
        others = Domain(
            [
                ("id", "!=", self.id),
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "open"),
            ]
        )
        if self.position_id:
            others &= Domain("position_id", "in", [False, self.position_id.id])
        return bool(self.search_count(others, limit=1))

    def _require_supervisor(self):
        """Who has broken promises before gets another one from a supervisor only.

        :raises AccessError: the user is none
        """
        if self.env.su or self.env.user.has_group("creditbox_base.group_supervisor"):
            return
        for company, promises in self.grouped("company_id").items():
            broken = promises.partner_id._creditbox_broken_promises(company)
            for promise in promises:
                if count := broken.get(promise.partner_id):
                    raise AccessError(
                        self.env._(
                            "%(customer)s has not kept %(count)s promises in the last "
                            "%(months)s months: a supervisor decides on the next one.",
                            customer=promise.partner_id.name,
                            count=count,
                            months=company.creditbox_promise_broken_months,
                        )
                    )

    # -- making, changing ----------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su and (forged := PROTECTED & vals.keys()):
                raise AccessError(
                    self.env._("These are not for you: %s", ", ".join(sorted(forged)))
                )
            # bills are of the customer, whoever of them has promised
            partner = self.env["res.partner"].browse(vals.get("partner_id") or ())
            vals["partner_id"] = partner.commercial_partner_id.id
        promises = super().create(vals_list)
        promises._check_alone()
        promises._require_supervisor()
        promises._note_entries()
        promises._put_on_hold()
        return promises

    def write(self, vals):
        ours = {name for name in self._fields if not self._is_chatter(name)} - EDITABLE
        if not self.env.su and ours & vals.keys():
            raise AccessError(
                self.env._("A promise stays as it was made: cancel it, make another.")
            )
        return super().write(vals)

    def _is_chatter(self, name):
        return name.startswith(("message_", "activity_", "my_activity_", "website_"))

    @api.ondelete(at_uninstall=False)
    def _unlink_release(self):
        # its holds are the system's, whoever may delete a promise
        self.sudo().hold_ids.action_release()

    def _note_entries(self):
        """Remember up to where the entries had come: what follows was paid since."""
        [(last,)] = self.env.execute_query(
            SQL("SELECT COALESCE(MAX(id), 0) FROM account_move_line")
        )
        self.sudo().last_line = last  # nobody may write what the valuation reads

    def _put_on_hold(self):
        """Nothing is asked of the customer as long as the promise is open."""
        # the system holds, whoever may have taken the promise
        holds = self.env["creditbox.hold"].sudo()
        targets = [(promise, target) for promise in self for target in promise._held()]
        made = holds.create(
            [promise._prepare_hold() | target for promise, target in targets]
        )
        for promise, promise_holds in made.grouped("promise_id").items():
            # nobody writes what the system holds
            promise.sudo().hold_id = promise_holds[:1]

    def _held(self):
        """:return: list of what is held: values of creditbox.hold"""
        if not self.position_id:
            return [{"level": "customer", "partner_id": self.partner_id.id}]
        if supply := self.position_id.supply_id:
            return [{"level": "supply", "supply_id": supply.id}]
        debts = self.position_id.open_line_ids.filtered(lambda x: x.amount_residual > 0)
        return [{"level": "bill", "move_id": bill.id} for bill in debts.move_id]

    def _prepare_hold(self):
        return {
            "promise_id": self.id,
            "company_id": self.company_id.id,
            "reason_id": self.env.ref("creditbox_desk.hold_reason_promise").id,
            "user_id": self.user_id.id,
            "date_from": min(self.date, self.company_id._creditbox_today()),
            "date_to": self._date_until(),
            "note": self.note,
        }

    def _date_until(self):
        """:return: date of the last payment that is in time"""
        days = self.company_id.creditbox_promise_tolerance_days
        return self.date_last + timedelta(days=days)

    def action_cancel(self):
        """It no longer holds: the customer has withdrawn it, or it was a mistake."""
        self._require("creditbox_base.group_operator")
        # only the system writes states
        self.filtered(lambda promise: promise.state == "open").sudo()._cancel()

    def _cancel(self):
        self.write({"state": "cancelled"})
        self.line_ids.write({"state": "cancelled"})
        self.hold_ids.action_release()

    def action_open_customer(self):
        """:return: action that opens the customer's page"""
        self.ensure_one()
        return self.partner_id._creditbox_open_page(self.company_id)

    # -- who has not kept his word -------------------------------------------------

    @api.model
    def _broken_since(self, company):
        """:return: date since which broken promises count"""
        months = company.creditbox_promise_broken_months
        return company._creditbox_today() - relativedelta(months=months)
