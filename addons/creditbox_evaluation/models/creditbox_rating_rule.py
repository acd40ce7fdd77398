from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

WEIGHTS = (
    "weight_punctuality",
    "weight_delay",
    "weight_overdue",
    "weight_worst",
    "weight_returned",
)


class CreditboxRatingRule(models.Model):
    """How customers are evaluated from a day on, in one company or in all.

    What each figure means is defined in docs/user-guide.md, "Evaluation".
    """

    _name = "creditbox.rating.rule"
    _description = "How Customers Are Evaluated"
    _order = "date_from desc, id desc"

    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: shared by the whole group."
    )
    date_from = fields.Date(
        string="In Force from", required=True, default=fields.Date.today
    )
    months = fields.Integer(
        string="Period (months)",
        default=24,
        required=True,
        help="Bills that fell due in these months count, and older ones that are "
        "still unpaid.",
    )
    tolerance_days = fields.Integer(
        string="Tolerance (days)",
        default=3,
        help="A payment that comes within these days of the due date is in time: banks "
        "need some.",
    )
    min_bills = fields.Integer(
        string="Fewest Bills", default=4, help="With fewer a customer is not rated."
    )
    min_months = fields.Integer(
        string="Shortest History (months)",
        default=6,
        help="With a shorter one a customer is not rated.",
    )
    weight_punctuality = fields.Integer(
        string="Points: punctuality",
        default=35,
        help="All of them if every bill was paid in time, none if none was.",
    )
    weight_delay = fields.Integer(
        string="Points: average delay",
        default=25,
        help="All of them without delay, none at the average delay named beside.",
    )
    weight_overdue = fields.Integer(
        string="Points: overdue now",
        default=25,
        help="All of them if nothing is overdue, none at the share named beside.",
    )
    weight_worst = fields.Integer(string="Points: worst delay", default=5)
    weight_returned = fields.Integer(string="Points: returned payments", default=10)
    zero_delay = fields.Integer(
        string="No points from an average delay of (days)", default=60
    )
    zero_overdue = fields.Integer(
        string="No points from a share overdue of (%)", default=50
    )
    zero_worst = fields.Integer(string="No points from a delay of (days)", default=180)
    zero_returned = fields.Integer(
        string="No points from so many returned payments", default=3
    )
    worsening_months = fields.Integer(
        string="Worsening: looks back (months)",
        default=3,
        help="A customer has worsened if he was in a better band in these months.",
    )
    keep_months = fields.Integer(
        string="Course Kept (months)", default=60, help="Older rows are deleted."
    )
    returned_days = fields.Integer(
        string="Alert on a returned payment lasts (days)", default=90
    )
    cover_notice_days = fields.Integer(
        string="Alert before the end of a cover (days)", default=30
    )
    insolvency_hold_days = fields.Integer(
        string="Hold on insolvency (days)",
        default=90,
        help="When an insolvency is reported, all bills of the customer are put on "
        "hold for so long: reminders would be wrong or unlawful. 0: no hold.",
    )
    insolvency_reason_id = fields.Many2one(
        "creditbox.hold.reason",
        string="Reason of That Hold",
        default=lambda self: self._default_insolvency_reason_id(),
    )

    _rule_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), date_from)",
        "There is already a rule of this company from that day on.",
    )
    _periods_check = models.Constraint(
        """CHECK(months > 0 AND worsening_months > 0 AND keep_months >= months
            AND tolerance_days >= 0 AND min_bills > 0 AND min_months >= 0
            AND returned_days >= 0 AND cover_notice_days >= 0
            AND insolvency_hold_days >= 0)""",
        "Periods cannot be negative; the course is kept at least as long as the period "
        "that is looked at.",
    )
    _zeros_check = models.Constraint(
        """CHECK(zero_delay > 0 AND zero_overdue > 0 AND zero_worst > 0
            AND zero_returned > 0)""",
        "Where the points end must be above zero.",
    )

    def _default_insolvency_reason_id(self):
        return self.env.ref(
            "creditbox_evaluation.hold_reason_insolvency", raise_if_not_found=False
        )

    @api.constrains(*WEIGHTS)
    def _check_weights(self):
        for rule in self:
            weights = [rule[name] for name in WEIGHTS]
            if min(weights) < 0 or not sum(weights):
                raise ValidationError(
                    self.env._("Points cannot be negative, nor all of them zero.")
                )

    @api.constrains("company_id", "insolvency_reason_id", "insolvency_hold_days")
    def _check_insolvency_reason(self):
        for rule in self.filtered("insolvency_hold_days"):
            reason = rule.insolvency_reason_id
            if not reason:
                raise ValidationError(self.env._("Name the reason of the hold."))
            if reason.max_days and reason.max_days < rule.insolvency_hold_days:
                raise ValidationError(
                    self.env._(
                        "A hold for “%(reason)s” lasts at most %(days)s days.",
                        reason=reason.name,
                        days=reason.max_days,
                    )
                )
            if reason.company_id and reason.company_id != rule.company_id:
                raise ValidationError(
                    self.env._("The reason of the hold is of another company.")
                )

    @api.depends("company_id.name", "date_from")
    def _compute_display_name(self):
        for rule in self:
            owner = rule.company_id.name or self.env._("Whole group")
            day = format_date(self.env, rule.date_from)
            rule.display_name = f"{owner}, {day}"

    @api.model
    def _in_force(self, company, day):
        """:return: the company's own rule of the day, else the group's; may be empty"""
        rules = self.search(
            Domain("company_id", "in", [company.id, False])
            & Domain("date_from", "<=", day)
        )
        own = rules.filtered("company_id")
        return (own or rules)[:1]
