from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class CreditboxPolicy(models.Model):
    """The terms of a credit insurance policy, from a day on.

    Terms that change are another record of the same number: those in force on the day
    of a bill count for it, whatever is agreed later. Which customers are insured, and
    up to which amount, is said by the covers that name the number.
    """

    _name = "creditbox.policy"
    _description = "Credit Insurance Policy"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "name, date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="Policy Number", required=True, tracking=True)
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
    partner_id = fields.Many2one(
        "res.partner",
        string="Insurer in the accounts",
        check_company=True,
        help="Whose payment an indemnity is.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="In charge",
        required=True,
        tracking=True,
        domain="[('share', '=', False)]",
        default=lambda self: self._default_user_id(),
        help="Gets the activities before the terms.",
    )
    date_from = fields.Date(string="From", required=True, tracking=True)
    date_to = fields.Date(
        string="Until", tracking=True, help="Last day. Empty: until further notice."
    )
    max_payment_days = fields.Integer(
        string="Longest payment term (days)",
        required=True,
        tracking=True,
        help="From the date of a bill to its due date: bills with a longer term are "
        "not insured.",
    )
    declare_days = fields.Integer(
        string="To be declared within (days)",
        required=True,
        tracking=True,
        help="From the due date: by that day the insurer must know that a bill is "
        "unpaid, else the cover of it is at risk.",
    )
    remind_days = fields.Integer(
        string="Reminded before (days)",
        required=True,
        default=10,
        help="So long before the term whoever is in charge gets an activity.",
    )
    waiting_days = fields.Integer(
        string="Waiting time (days)",
        required=True,
        tracking=True,
        help="From the declaration until the loss may be claimed.",
    )
    insured_percent = fields.Float(
        string="Insured (%)", digits=(5, 2), required=True, tracking=True
    )
    deductible = fields.Monetary(
        tracking=True, help="Taken off each claim, after the insured percentage."
    )
    file_format = fields.Selection(
        [("xlsx", "Excel (XLSX)"), ("csv", "CSV")],
        string="File of declarations",
        required=True,
        default="xlsx",
    )
    note = fields.Text(string="Notes")
    active = fields.Boolean(default=True, tracking=True)
    due_count = fields.Integer(string="To declare", compute="_compute_due")
    late_count = fields.Integer(string="Late", compute="_compute_due")
    amount_at_risk = fields.Monetary(
        string="At risk",
        compute="_compute_due",
        help="Insured part of the bills whose term has passed without a declaration.",
    )
    claim_count = fields.Integer(compute="_compute_claim_count")

    _days_check = models.Constraint(
        "CHECK(max_payment_days >= 0 AND declare_days >= 0 AND remind_days >= 0 "
        "AND waiting_days >= 0)",
        "Days cannot be negative.",
    )
    _percent_check = models.Constraint(
        "CHECK(insured_percent > 0 AND insured_percent <= 100)",
        "The insured percentage is more than 0, and at most 100.",
    )
    _deductible_check = models.Constraint(
        "CHECK(deductible >= 0)", "A deductible cannot be negative."
    )
    _dates_check = models.Constraint(
        "CHECK(date_to IS NULL OR date_from <= date_to)",
        "A policy cannot end before it starts.",
    )
    _number_idx = models.Index("(company_id, provider_id, name)")

    def _default_company_id(self):
        return self.env.company

    def _default_user_id(self):
        return self.env.user

    @api.depends("name", "provider_id.name")
    def _compute_display_name(self):
        for policy in self:
            parts = (policy.provider_id.name, policy.name)
            policy.display_name = " – ".join(filter(None, parts))

    @api.depends_context("company", "allowed_company_ids")
    def _compute_due(self):
        found = {
            (policy, late): (count, amount)
            for policy, late, count, amount in self.env[
                "creditbox.insured.bill"
            ]._read_group(
                [("policy_id", "in", self.ids)],
                ["policy_id", "late"],
                ["__count", "amount_insured:sum"],
            )
        }
        for policy in self:
            late_count, at_risk = found.get((policy._origin, True), (0, 0))
            in_time, _amount = found.get((policy._origin, False), (0, 0))
            policy.due_count = in_time + late_count
            policy.late_count, policy.amount_at_risk = late_count, at_risk

    def _compute_claim_count(self):
        counts = dict(
            self.env["creditbox.claim"]._read_group(
                [("policy_id", "in", self.ids)], ["policy_id"], ["__count"]
            )
        )
        for policy in self:
            policy.claim_count = counts.get(policy._origin, 0)

    @api.constrains("provider_id")
    def _check_provider(self):
        for policy in self:
            if policy.provider_id.kind != "insurer":
                raise ValidationError(
                    self.env._("«%s» is no insurer.", policy.provider_id.name)
                )

    @api.constrains(
        "name", "company_id", "provider_id", "date_from", "date_to", "active"
    )
    def _check_overlap(self):
        """On each day a policy has one set of terms."""
        for policy in self.filtered("active"):
            others = (
                Domain("id", "!=", policy.id)
                & Domain("name", "=", policy.name)
                & Domain("company_id", "=", policy.company_id.id)
                & Domain("provider_id", "=", policy.provider_id.id)
                & (
                    Domain("date_to", "=", False)
                    | Domain("date_to", ">=", policy.date_from)
                )
            )
            if policy.date_to:
                others &= Domain("date_from", "<=", policy.date_to)
            if self.search_count(others, limit=1):
                raise ValidationError(
                    self.env._(
                        "Policy %(number)s already has terms from %(day)s on: end "
                        "those the day before.",
                        number=policy.name,
                        day=self.search(others, limit=1).date_from,
                    )
                )

    def _expected(self, amount):
        """
        :param amount: float, the insured part of what is claimed
        :return: float, what the insurer should pay of it
        """
        self.ensure_one()
        return max(self.currency_id.round(amount - self.deductible), 0)

    # ------------------------------------------------------------------
    # buttons
    # ------------------------------------------------------------------
    def action_open_due(self):
        """:return: window action of what is to be declared to these policies"""
        return self._open("creditbox_insured_bill_action")

    def action_open_claims(self):
        """:return: window action of the claims"""
        return self._open("creditbox_claim_action")

    def _open(self, name):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"creditbox_insurance.{name}"
        )
        return {**action, "domain": [("policy_id", "in", self.ids)], "context": {}}
