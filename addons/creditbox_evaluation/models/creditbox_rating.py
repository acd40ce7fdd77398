from odoo import api, fields, models
from odoo.exceptions import AccessError

POINTS = (
    "points_punctuality",
    "points_delay",
    "points_overdue",
    "points_worst",
    "points_returned",
)
# What the accounts say: written by _refresh only, in this order.
FIGURES = (
    "state",
    "reason",
    "score",
    "band_id",
    "bill_count",
    "on_time_count",
    "late_count",
    "unpaid_count",
    "mean_days",
    "worst_days",
    "amount_due",
    "amount_overdue",
    "share_overdue",
    "oldest_due_date",
    "returned_count",
    "date_first",
    "history_months",
    *POINTS,
    "rule_id",
)


class CreditboxRating(models.Model):
    """How a customer has paid one company: a score with the figures behind it.

    One row a customer (commercial partner) and company, made anew each night by SQL.
    """

    _name = "creditbox.rating"
    _description = "Customer Evaluation"
    _order = "score, amount_overdue desc, id"
    _log_access = False
    _rec_names_search = ["partner_id.name", "partner_id.creditbox_code"]

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    customer_type_id = fields.Many2one(related="partner_id.creditbox_customer_type_id")
    rule_id = fields.Many2one(
        "creditbox.rating.rule", string="Rule", readonly=True, ondelete="restrict"
    )
    date = fields.Date(
        string="Figures since",
        readonly=True,
        help="Looked at every night; this is when they last changed.",
    )
    state = fields.Selection(
        [("rated", "Rated"), ("unrated", "Not Rated")],
        required=True,
        default="unrated",
        readonly=True,
    )
    reason = fields.Selection(
        [
            ("none", "No Bill Has Fallen Due"),
            ("few", "Too Few Bills"),
            ("short", "Too Short a History"),
        ],
        string="Why Not Rated",
        readonly=True,
    )
    score = fields.Integer(
        readonly=True, aggregator="avg", help="0 (worst) to 100 (best)."
    )
    band_id = fields.Many2one(
        "creditbox.rating.band",
        string="Band",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    band_level = fields.Selection(related="band_id.level", string="Colour")
    former_band_id = fields.Many2one(
        "creditbox.rating.band",
        string="Best Recent Band",
        readonly=True,
        ondelete="set null",
        help="The best one in the months that the rule looks back.",
    )
    worsened = fields.Boolean(readonly=True, help="The recent band was better.")
    score_change = fields.Integer(
        string="Change",
        readonly=True,
        aggregator="avg",
        help="Of the score, since the months began that the rule looks back.",
    )
    bill_count = fields.Integer(
        string="Bills",
        readonly=True,
        help="Fallen due in the period of the rule, or earlier and still unpaid; not "
        "those cancelled or wholly credited, nor costs and interest.",
    )
    on_time_count = fields.Integer(string="Paid in Time", readonly=True)
    late_count = fields.Integer(string="Paid Late", readonly=True)
    unpaid_count = fields.Integer(string="Unpaid", readonly=True)
    mean_days = fields.Float(
        string="Average Delay (days)",
        digits=(8, 1),
        readonly=True,
        aggregator="avg",
        help="Days beyond the due date, weighted by amount; what is unpaid counts up "
        "to today, what came in time counts zero.",
    )
    worst_days = fields.Integer(
        string="Worst Delay (days)", readonly=True, aggregator="max"
    )
    amount_due = fields.Monetary(
        string="Fallen Due", readonly=True, help="Amount of these bills, less credits."
    )
    amount_overdue = fields.Monetary(string="Overdue", readonly=True)
    share_overdue = fields.Float(
        string="Share Overdue (%)", digits=(5, 1), readonly=True, aggregator="avg"
    )
    oldest_due_date = fields.Date(readonly=True, help="Of what is overdue.")
    returned_count = fields.Integer(string="Returned Payments", readonly=True)
    date_first = fields.Date(
        string="Known since", readonly=True, help="First due date of a bill."
    )
    history_months = fields.Integer(
        string="History (months)", readonly=True, aggregator="avg"
    )
    points_punctuality = fields.Float(
        string="Points: punctuality", digits=(4, 1), readonly=True, aggregator="avg"
    )
    points_delay = fields.Float(
        string="Points: average delay", digits=(4, 1), readonly=True, aggregator="avg"
    )
    points_overdue = fields.Float(
        string="Points: overdue now", digits=(4, 1), readonly=True, aggregator="avg"
    )
    points_worst = fields.Float(
        string="Points: worst delay", digits=(4, 1), readonly=True, aggregator="avg"
    )
    points_returned = fields.Float(
        string="Points: returned payments",
        digits=(4, 1),
        readonly=True,
        aggregator="avg",
    )
    history_ids = fields.One2many(
        "creditbox.rating.history", "rating_id", readonly=True
    )
    amount_balance = fields.Monetary(
        string="Exposure",
        compute="_compute_exposure",
        help="Overdue and not due, less the unallocated credit, as of now.",
    )
    limit_id = fields.Many2one(
        "creditbox.limit", string="Limit in Force", compute="_compute_exposure"
    )
    amount_limit = fields.Monetary(string="Limit", compute="_compute_exposure")
    amount_cover = fields.Monetary(
        string="Cover in Force", compute="_compute_exposure", help="Of insurers."
    )
    alert_count = fields.Integer(string="Open Alerts", compute="_compute_counts")
    report_count = fields.Integer(string="Reports", compute="_compute_counts")

    _rating_uniq = models.UniqueIndex(
        "(company_id, partner_id)", "This customer has been evaluated already."
    )
    _score_idx = models.Index("(company_id, score)")
    _order_idx = models.Index("(score, amount_overdue DESC, id)")

    @api.depends("partner_id.name")
    def _compute_display_name(self):
        for rating in self:
            rating.display_name = rating.partner_id.name

    def _compute_exposure(self):
        limits = self.env["creditbox.limit"]
        for company, ratings in self.grouped("company_id").items():
            partners = ratings.partner_id
            balances = limits._exposures(company, partners)
            covers = self.env["creditbox.cover"]._amounts(company, partners)
            found = limits._in_force(company, partners)
            for rating in ratings:
                partner = rating.partner_id
                rating.amount_balance = balances.get(partner, 0.0)
                rating.amount_cover = covers.get(partner, 0.0)
                rating.limit_id = found.get(partner, limits)
                rating.amount_limit = rating.limit_id.amount

    def _compute_counts(self):
        alerts = self._count("creditbox.alert", [("state", "!=", "closed")])
        reports = self._count("creditbox.information.report", [])
        for rating in self:
            key = (rating.partner_id, rating.company_id)
            rating.alert_count = alerts.get(key, 0)
            rating.report_count = reports.get(key, 0)

    def _count(self, model, domain):
        """:return: {(customer, company): number of records}"""
        groups = self.env[model]._read_group(
            [("partner_id", "in", self.partner_id.ids), *domain],
            ["partner_id", "company_id"],
            ["__count"],
        )
        return {(partner, company): count for partner, company, count in groups}

    def write(self, vals):
        if not self.env.su:
            raise AccessError(self.env._("An evaluation comes from the accounts."))
        return super().write(vals)

    # ------------------------------------------------------------------
    # buttons
    # ------------------------------------------------------------------
    def action_refresh(self):
        """Evaluate these customers again now."""
        self.check_access("read")
        if not self.env.user.has_group("creditbox_base.group_operator"):
            raise AccessError(self.env._("You are not allowed to do this."))
        # nobody has the right to write what the night computes
        for company, ratings in self.sudo().grouped("company_id").items():
            ratings._refresh(ratings.partner_id.ids, company)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_open_alerts(self):
        return self._open("creditbox_alert_action")

    def action_open_reports(self):
        return self._open("creditbox_information_report_action")

    def action_open_limit(self):
        return self._open("creditbox_limit_action")

    def action_open_covers(self):
        return self._open("creditbox_cover_action")

    def action_open_positions(self):
        return self._open("creditbox_position_action", addon="creditbox_base")

    def action_open_course(self):
        return self._open("creditbox_rating_history_action")

    def _open(self, action, addon="creditbox_evaluation"):
        self.ensure_one()
        found = self.env["ir.actions.act_window"]._for_xml_id(f"{addon}.{action}")
        return dict(
            found,
            domain=[
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ],
            context={
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
            },
        )

    def action_pdf(self):
        return self._download("pdf")

    def action_xlsx(self):
        return self._download("xlsx")

    def _download(self, kind):
        self.ensure_one()
        self.check_access("read")
        sheet = self.env["creditbox.rating.sheet"].create({"rating_id": self.id})
        return sheet._download(kind)
