from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools.instalments import Terms, draw_up

STATES = [
    ("draft", "Simulated"),
    ("to_approve", "To Approve"),
    ("proposed", "Waiting for the Customer"),
    ("live", "Running"),
    ("late", "Late"),
    ("kept", "Kept"),
    ("broken", "Broken"),
    ("refused", "Refused"),
    ("expired", "Expired"),
    ("renegotiated", "Renegotiated"),
    ("cancelled", "Cancelled"),
]
PENDING = ("to_approve", "proposed")  # asked for or offered, not agreed yet
LIVE = ("live", "late")
# what the instalments are drawn up from
TERMS = {
    "bill_ids",
    "date_first",
    "down_payment",
    "frequency",
    "instalment_count",
    "interest_rate",
}
# what people may write while it is simulated; the rest comes from the buttons
EDITABLE = TERMS | {"kind", "line_ids", "origin", "shorter_agreed", "date_request"}
# and always
NOTES = {"guarantee", "guarantee_note", "note", "signed_file", "signed_name", "user_id"}


class CreditboxPlan(models.Model):
    """What a customer owes on one supply, agreed to be paid in instalments.

    Simulated → to approve → waiting for the customer → running (or late) → kept or
    broken. Once it is asked for, or offered, its bills take no part in the action
    table; once it runs, instalments are receivable lines of their own, see
    ``creditbox_plan_accounting``.
    """

    _name = "creditbox.plan"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "creditbox.approval",
        "creditbox.guarded",
    ]
    _description = "Repayment Plan"
    _order = "date_request desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"
    _state_from = ["to_approve"]
    _state_to = ["proposed"]

    name = fields.Char(string="Number", required=True, readonly=True, copy=False)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    position_id = fields.Many2one(
        "creditbox.position",
        required=True,
        readonly=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    supply_id = fields.Many2one(related="position_id.supply_id")
    service_type_id = fields.Many2one(related="position_id.service_type_id")
    state = fields.Selection(
        STATES, required=True, readonly=True, default="draft", copy=False, tracking=True
    )
    kind = fields.Selection(
        [
            ("ordinary", "Ordinary"),
            ("condominium", "Condominium: half at once, the balance within months"),
        ],
        required=True,
        default="ordinary",
    )
    origin = fields.Selection(
        [
            ("counter", "Asked at the counter"),
            ("office", "Made by the office"),
            ("table", "Offered by the action table"),
            ("portal", "Asked on the customers' area"),
        ],
        required=True,
        default="counter",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Operator",
        required=True,
        index=True,
        default=lambda self: self._default_user_id(),
    )
    action_id = fields.Many2one(
        "creditbox.action",
        string="Action",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    renegotiated_from_id = fields.Many2one(
        "creditbox.plan",
        string="In place of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    date_request = fields.Date(string="Asked on", required=True)
    date_asked_by = fields.Date(
        string="To be asked for by",
        readonly=True,
        help="After this day the customer has no right to it; the company may "
        "grant it.",
    )
    in_time = fields.Boolean(readonly=True)
    date_expiry = fields.Date(
        string="To be accepted by",
        readonly=True,
        help="After this day the reminders go on from where the bills stood.",
    )
    date_start = fields.Date(string="Runs since", readonly=True, copy=False)
    date_end = fields.Date(string="Ended on", readonly=True, copy=False)
    reason = fields.Char(readonly=True, copy=False, help="Why it ended as it did.")

    amount = fields.Monetary(string="Debt", readonly=True)
    instalment_count = fields.Integer(
        string="Number of Instalments", required=True, default=12, tracking=True
    )
    frequency = fields.Selection(
        [
            ("1", "Every month"),
            ("2", "Every two months"),
            ("3", "Every three months"),
            ("4", "Every four months"),
            ("6", "Every six months"),
        ],
        required=True,
        default="1",
        help="As often as the customer is billed, unless agreed otherwise.",
    )
    date_first = fields.Date(string="First due date", required=True)
    down_payment = fields.Monetary(
        string="First instalment", help="On signing. 0: like the others."
    )
    interest_rate = fields.Float(
        string="Interest (% a year)", digits=(16, 4), tracking=True
    )
    shorter_agreed = fields.Boolean(
        string="The customer wants it shorter",
        help="The customer has asked in writing for fewer instalments than the "
        "regulation grants.",
    )
    guarantee = fields.Selection(
        [
            ("none", "None"),
            ("surety", "Surety"),
            ("bill", "Bills of exchange"),
            ("direct_debit", "Direct debit"),
            ("other", "Other"),
        ],
        default="none",
        required=True,
    )
    guarantee_note = fields.Char(string="Details of the guarantee")
    broken_before = fields.Integer(
        string="Broken before",
        readonly=True,
        help="Plans of the customer, see settings.",
    )
    note = fields.Text(string="Notes")
    signed_file = fields.Binary(string="Signed Agreement", attachment=True, copy=False)
    signed_name = fields.Char(string="Name of the File", copy=False)

    bill_ids = fields.One2many("creditbox.plan.bill", "plan_id", string="Bills")
    line_ids = fields.One2many("creditbox.plan.line", "plan_id", string="Instalments")
    amount_interest = fields.Monetary(string="Interest", readonly=True, copy=False)
    amount_total = fields.Monetary(string="To pay in all", readonly=True, copy=False)
    amount_paid = fields.Monetary(string="Paid", readonly=True, copy=False)
    amount_open = fields.Monetary(
        string="Still to pay", compute="_compute_amount_open", store=True
    )
    late_count = fields.Integer(string="Late Instalments", readonly=True, copy=False)
    next_date = fields.Date(string="Next Instalment", readonly=True, copy=False)
    next_amount = fields.Monetary(string="Next Amount", readonly=True, copy=False)
    problems = fields.Html(compute="_compute_problems")

    _counts_positive = models.Constraint(
        "CHECK(instalment_count > 0 AND down_payment >= 0 AND interest_rate >= 0)",
        "A plan has at least one instalment, and no negative figures.",
    )
    # two clicks, two users, two workers: the database lets one through
    _one_uniq = models.UniqueIndex(
        "(position_id) WHERE state IN ('to_approve', 'proposed', 'live', 'late')",
        "There is a plan for this supply already.",
    )
    _live_idx = models.Index("(company_id, state) WHERE state IN ('live', 'late')")

    def _default_user_id(self):
        return self.env.user

    @api.depends("amount_total", "amount_paid")
    def _compute_amount_open(self):
        for plan in self:
            plan.amount_open = plan.amount_total - plan.amount_paid

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for plan in self:
            plan.display_name = f"{plan.name} – {plan.partner_id.name}"

    # -- making, changing ----------------------------------------------------------

    @api.model
    def _prepare(self, position, **values):
        """Values of a plan for all that is overdue on a position.

        :param position: creditbox.position
        :raises UserError: nothing is overdue there
        """
        company = position.company_id
        today = company._creditbox_today()
        lines = position._plan_lines()
        if not lines:
            raise UserError(
                self.env._("%s has nothing overdue to divide.", position.display_name)
            )
        law = self._law(company, today)
        return {
            "position_id": position.id,
            "company_id": company.id,
            "partner_id": position.partner_id.id,
            "date_request": today,
            "date_first": company._creditbox_plan_first(today),
            "instalment_count": self._usual_count(law, position),
            "interest_rate": company._creditbox_plan_rate(today),
            "bill_ids": [
                fields.Command.create({"move_line_id": line.id}) for line in lines
            ],
            **values,
        }

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_written(vals, EDITABLE | NOTES | {"position_id", "company_id"})
            position = self.env["creditbox.position"].browse(vals["position_id"])
            position.check_access("read")
            vals["partner_id"] = position.partner_id.id
            vals["company_id"] = position.company_id.id
            sequence = self.env["ir.sequence"].with_company(position.company_id)
            # numbers are the system's
            vals["name"] = sequence.sudo().next_by_code(self._name)
        plans = super().create(vals_list)
        plans.sudo()._draw_up()
        return plans

    def write(self, vals):
        if not self.env.su:
            allowed = NOTES if self._frozen() else EDITABLE | NOTES
            self._check_written(vals, allowed)
        result = super().write(vals)
        if not TERMS.isdisjoint(vals):
            self.filtered(lambda plan: plan.state == "draft").sudo()._draw_up()
        return result

    def _frozen(self):
        return any(plan.state != "draft" for plan in self)

    def _check_written(self, vals, allowed):
        if self.env.su:
            return
        ours = {name for name in self._fields if not self._is_chatter(name)}
        if wrong := (ours & vals.keys()) - allowed - {"partner_id"}:
            labels = sorted(self._fields[name].string for name in wrong)
            raise AccessError(
                self.env._(
                    "What has been asked for stays as it is, and states come from the "
                    "buttons: %s",
                    ", ".join(labels),
                )
            )

    def _is_chatter(self, name):
        return name.startswith(("message_", "activity_", "my_activity_", "website_"))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_asked(self):
        if self._frozen():
            raise UserError(
                self.env._("A plan that was asked for is kept, with what it says.")
            )

    # -- the instalments -----------------------------------------------------------

    def action_draw_up(self):
        """Work the instalments out again from the terms."""
        self._require("creditbox_base.group_operator")
        self.filtered(lambda plan: plan.state == "draft").sudo()._draw_up()

    def _draw_up(self):
        """Make the instalments that the terms give.

        :raises ValidationError: the debt cannot be divided like this
        """
        for plan in self:
            plan.amount = sum(plan.bill_ids.mapped("amount"))
            try:
                instalments = draw_up(plan._terms())
            except ValueError:
                raise ValidationError(
                    self.env._(
                        "%(amount)s cannot be divided into %(count)s instalments with "
                        "this first one.",
                        amount=plan.currency_id.format(plan.amount),
                        count=plan.instalment_count,
                    )
                ) from None
            plan.line_ids = [
                fields.Command.clear(),
                *(
                    fields.Command.create(
                        {
                            "number": part.number,
                            "date_due": part.due,
                            "capital": float(part.capital),
                            "interest": float(part.interest),
                        }
                    )
                    for part in instalments
                ),
            ]
            plan._sum_up()

    def _terms(self):
        """:return: instalments.Terms"""
        return Terms(
            amount=self._money(self.amount),
            count=self.instalment_count,
            first=self.date_first,
            months=int(self.frequency),
            down_payment=self._money(self.down_payment),
            rate=Decimal(str(self.interest_rate)),
            start=self.date_request,
            unit=Decimal(str(self.currency_id.rounding)),
        )

    def _money(self, amount):
        unit = Decimal(str(self.currency_id.rounding))
        return Decimal(str(self.currency_id.round(amount))).quantize(unit)

    def _sum_up(self):
        for plan in self.sudo():
            interest = sum(plan.line_ids.mapped("interest"))
            plan.write(
                {
                    "amount_interest": interest,
                    "amount_total": plan.amount + interest,
                    "next_date": plan.line_ids[:1].date_due,
                    "next_amount": plan.line_ids[:1].amount,
                }
            )
