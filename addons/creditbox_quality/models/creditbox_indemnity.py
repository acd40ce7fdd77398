from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

UNPAID = ("growing", "due", "held", "to_bill")
EXCLUSIONS = [
    ("fm", "Force majeure"),
    ("user_third", "User or third parties"),
    ("yearly_max", "As many as the rule allows were due this year"),
    ("cancelled", "The request was withdrawn"),
    ("in_time", "It was in time"),
    ("hand", "Decided by hand"),
]


class CreditboxIndemnity(models.Model):
    """What a company owes a customer because a standard was not kept.

    It arises by itself from a clock, or from a duty that was not done (``_owe``).
    Nobody writes it: buttons ask for a role.
    """

    _name = "creditbox.indemnity"
    _inherit = ["mail.thread", "mail.activity.mixin", "creditbox.guarded"]
    _description = "Indemnity"
    _order = "date_arisen desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, readonly=True, index=True
    )
    supply_id = fields.Many2one(
        "creditbox.supply", readonly=True, index="btree_not_null"
    )
    clock_id = fields.Many2one(
        "creditbox.quality.clock", string="Performance", readonly=True
    )
    standard_id = fields.Many2one(
        "creditbox.quality.standard", required=True, readonly=True, index=True
    )
    code = fields.Char(string="Code of the standard", required=True, readonly=True)
    customer_type_id = fields.Many2one(
        "creditbox.customer.type", string="Type of user", readonly=True
    )
    reference = fields.Char(string="Traceable code", readonly=True)
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    reason = fields.Char(readonly=True)
    level = fields.Integer(string="Times", readonly=True, tracking=True)
    amount = fields.Monetary(readonly=True, tracking=True)
    date_arisen = fields.Date(string="Arisen on", required=True, readonly=True)
    date_limit = fields.Date(string="To be paid by", required=True, readonly=True)
    state = fields.Selection(
        [
            ("growing", "Still growing"),
            ("due", "To be paid"),
            ("held", "Customer in arrears"),
            ("to_bill", "For the next bill"),
            ("paid", "Paid"),
            ("excluded", "Not due"),
        ],
        required=True,
        readonly=True,
        default="due",
        tracking=True,
    )
    exclusion = fields.Selection(
        EXCLUSIONS, string="Not due because", readonly=True, tracking=True
    )
    way = fields.Selection(
        [
            ("credit_note", "Credit note"),
            ("bill", "In a bill"),
            ("payment", "Payment to the customer"),
        ],
        string="Paid by",
        readonly=True,
    )
    date_paid = fields.Date(string="Paid on", readonly=True)
    move_id = fields.Many2one(
        "account.move", string="Credit note", readonly=True, index="btree_not_null"
    )
    payment_id = fields.Many2one(
        "account.payment", readonly=True, index="btree_not_null"
    )
    bill_number = fields.Char(string="Bill", readonly=True)

    _clock_uniq = models.UniqueIndex(
        "(clock_id) WHERE clock_id IS NOT NULL",
        "This performance has its indemnity already.",
    )
    _record_uniq = models.UniqueIndex(
        "(res_model, res_id, code, company_id)"
        " WHERE clock_id IS NULL AND res_id IS NOT NULL",
        "This record has its indemnity already.",
    )
    _list_idx = models.Index("(company_id, date_arisen DESC, id DESC)")
    _unpaid_idx = models.Index(
        "(date_limit) WHERE state IN ('growing', 'due', 'held', 'to_bill')"
    )
    _sheet_idx = models.Index("(company_id, date_paid, code) WHERE state = 'paid'")
    _positive = models.Constraint(
        "CHECK(amount >= 0)", "An indemnity cannot be negative."
    )

    # -- without a clock -----------------------------------------------------------

    @api.model
    def _owe(
        self, code, company, partner, supply=None, day=None, reason=None, record=None
    ):
        """An indemnity for a duty that was not done (REMSI art. 10), or by hand.

        Once for each ``record`` and code.

        :param code: of a standard with an indemnity
        :param day: datetime.date on which it arises, today by default
        :param record: what it is about, of any model
        :return: creditbox.indemnity
        """
        day = day or company._creditbox_today()
        versions = self.env["creditbox.quality.standard"]._versions([code], [company])
        standard = versions._in_force(code, company, day)
        if not standard.base_amount:
            raise UserError(self.env._("%s has no indemnity.", standard.name))
        # an obligation arises whoever notes it
        engine = self.sudo()
        known = record and engine.search(
            [
                ("res_model", "=", record._name),
                ("res_id", "=", record.id),
                ("code", "=", code),
                ("company_id", "=", company.id),
                ("clock_id", "=", False),
            ]
        )
        if known:
            return self.browse(known.ids)
        number = self.env["ir.sequence"]._creditbox_draw(self._name, company, 1)[0]
        indemnity = engine.create(
            {
                **engine._new_vals(standard, company, partner, day),
                "name": number,
                "supply_id": supply and supply.id,
                "res_model": record and record._name,
                "res_id": record and record.id,
                "reason": reason,
                "level": 1,
                "amount": company.currency_id.round(standard.base_amount),
                "state": "due",
            }
        )
        indemnity._settle_new()
        return self.browse(indemnity.id)

    @api.model
    def _new_vals(self, standard, company, partner, day):
        customer = partner.sudo().commercial_partner_id  # whoever starts reads the type
        pay_days = standard._regulation(day).pay_days
        return {
            "company_id": company.id,
            "partner_id": customer.id,
            "customer_type_id": customer.creditbox_customer_type_id.id,
            "standard_id": standard.id,
            "code": standard.code,
            "date_arisen": day,
            "date_limit": day + timedelta(days=pay_days),
        }

    # -- not due -------------------------------------------------------------------

    def action_exclude(self):
        """Not due, as somebody decides.

        :return: window that asks why
        """
        self._require("creditbox_base.group_supervisor")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Not due"),
            "res_model": "creditbox.indemnity.exclude",
            "view_mode": "form",
            "target": "new",
            "context": {"default_indemnity_ids": self.ids},
        }

    def _exclude(self, exclusion, note=None):
        """They are not due; those that were paid stay."""
        gone = self.filtered(lambda indemnity: indemnity.state in UNPAID)
        gone.sudo().write({"state": "excluded", "exclusion": exclusion})
        gone._done_watching()
        if note:
            gone._message_log_batch(bodies={i.id: note for i in gone})

    def action_reconsider(self):
        """Due after all, whatever excluded it."""
        self._require("creditbox_base.group_supervisor")
        again = self.filtered(lambda indemnity: indemnity.state == "excluded")
        again.sudo().write({"state": "due", "exclusion": False})
        again.sudo()._hold_arrears()

    # -- arrears -------------------------------------------------------------------

    def _hold_arrears(self):
        """Those of customers in arrears wait until the debt is paid; others do not."""
        waiting = self.filtered(lambda i: i.state in ("due", "held"))
        debtors = self._debtors(waiting)
        for indemnity in waiting:
            debtor = (indemnity.company_id, indemnity.partner_id) in debtors
            state = "held" if debtor else "due"
            if indemnity.state != state:
                indemnity.state = state

    @api.model
    def _debtors(self, indemnities):
        """:return: set of (company, customer) with an overdue debt not on hold"""
        groups = self.env["creditbox.position"]._read_group(
            [
                ("partner_id", "in", indemnities.partner_id.ids),
                ("company_id", "in", indemnities.company_id.ids),
            ],
            ["company_id", "partner_id"],
            ["amount_overdue:sum", "amount_held:sum"],
        )
        return {
            (company, partner)
            for company, partner, overdue, held in groups
            if company.currency_id.compare_amounts(overdue, held) > 0
        }

    @api.model
    def _follow_debts(self, partner_ids):
        """The debts of these customers have changed."""
        self.search(
            [("partner_id", "in", partner_ids), ("state", "in", ("due", "held"))]
        )._hold_arrears()

    # -- the term ------------------------------------------------------------------

    @api.model
    def _cron_watch(self):
        """Every day: whoever is responsible is told of terms that are about to end."""
        for company in self.env["res.company"].search([("active", "=", True)]):
            self._watch(company)

    @api.model
    def _watch(self, company):
        today = company._creditbox_today()
        texts = self.env["creditbox.quality.regulation"].search([("warn_days", ">", 0)])
        soon = today + timedelta(days=max(texts.mapped("warn_days"), default=0))
        near = self.search(
            Domain("company_id", "=", company.id)
            & Domain("state", "in", UNPAID)
            & Domain("date_limit", "<=", soon)
            & ~Domain("activity_ids.activity_type_id", "=", self._watch_type().id)
        )
        user = self.env["creditbox.quality.setting"]._of(company).user_id
        for indemnity in near:
            indemnity.activity_schedule(
                "creditbox_quality.mail_activity_type_term",
                date_deadline=indemnity.date_limit,
                user_id=user.id or self.env.uid,
            )

    @api.model
    def _watch_type(self):
        return self.env.ref("creditbox_quality.mail_activity_type_term")

    def _done_watching(self):
        # activities may be those of the responsible
        self.sudo().activity_unlink(["creditbox_quality.mail_activity_type_term"])

    def action_open_clock(self):
        """:return: action that opens the performance"""
        return self.clock_id._get_records_action()
