from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

# What an operator may change; the rest says what happened.
OPEN_FIELDS = {"user_id", "note"}
HAND_FIELDS = {"severity", "date_fact"}
# What nobody enters.
NIGHTLY = {
    "amount",
    "amount_limit",
    "close_reason",
    "data",
    "date_closed",
    "hold_id",
    "state",
}
BY_HAND = ("insolvency", "address", "other")


class CreditboxAlert(models.Model):
    """Something about a customer that somebody should look at.

    The nightly ones are made and closed by SQL (creditbox_alert_facts.py): one for each
    fact, and as long as a fact lasts never a second one, even if the first has been
    closed by hand (``live``).
    """

    _name = "creditbox.alert"
    _inherit = ["mail.thread", "mail.activity.mixin", "creditbox.guarded"]
    _description = "Alert on a Customer"
    _order = "rank desc, date desc, id desc"
    _rec_names_search = ["partner_id.name", "partner_id.creditbox_code"]
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        check_company=True,
        ondelete="cascade",
        domain="[('parent_id', '=', False)]",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self._default_company_id()
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [
            ("insolvency", "Insolvency"),
            ("limit", "Limit Passed"),
            ("cover", "Cover Passed"),
            ("cover_end", "Cover Ending"),
            ("worsening", "Worsening"),
            ("returned", "Returned Payment"),
            ("address", "Address Not Valid"),
            ("other", "Other"),
        ],
        required=True,
        default="insolvency",
    )
    severity = fields.Selection(
        [("low", "Low"), ("medium", "Medium"), ("high", "High")],
        required=True,
        default="high",
    )
    rank = fields.Integer(
        compute="_compute_rank", store=True, precompute=True, aggregator=None
    )
    state = fields.Selection(
        [("open", "Open"), ("seen", "Being Handled"), ("closed", "Closed")],
        required=True,
        default="open",
        readonly=True,
        copy=False,
        tracking=True,
        group_expand=True,
    )
    date = fields.Date(
        required=True, default=lambda self: self._default_date(), readonly=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Operator",
        tracking=True,
        index=True,
        domain="[('share', '=', False)]",
    )
    text = fields.Char(string="What Has Happened", compute="_compute_text")
    note = fields.Text(string="Notes")
    by_hand = fields.Boolean(string="Entered by Hand", readonly=True)
    fact = fields.Char(readonly=True, help="Tells one fact of a kind from another.")
    live = fields.Boolean(
        string="Fact Still There", readonly=True, default=True, copy=False
    )
    amount = fields.Monetary(readonly=True)
    amount_limit = fields.Monetary(string="Limit or Cover", readonly=True)
    date_fact = fields.Date(string="Date of the Fact")
    data = fields.Json(readonly=True)
    close_reason = fields.Selection(
        [
            ("gone", "The fact is gone"),
            ("handled", "Handled"),
            ("accepted", "Risk accepted"),
            ("mistake", "A mistake"),
        ],
        string="Closed because",
        readonly=True,
        copy=False,
        tracking=True,
    )
    date_closed = fields.Date(string="Closed on", readonly=True, copy=False)
    hold_id = fields.Many2one(
        "creditbox.hold", string="Hold", readonly=True, copy=False, ondelete="set null"
    )

    _live_uniq = models.UniqueIndex(
        "(company_id, partner_id, kind, fact) WHERE live IS TRUE",
        "There is such an alert on this customer already.",
    )
    _open_idx = models.Index(
        "(company_id, rank DESC, date DESC) WHERE state <> 'closed'"
    )
    _order_idx = models.Index("(rank DESC, date DESC, id DESC)")

    def _default_company_id(self):
        return self.env.company

    def _default_date(self):
        return self.env.company._creditbox_today()

    @api.depends("severity")
    def _compute_rank(self):
        for alert in self:
            alert.rank = {"low": 1, "medium": 2, "high": 3}[alert.severity]

    @api.depends("kind", "partner_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for alert in self:
            alert.display_name = f"{kinds.get(alert.kind)} – {alert.partner_id.name}"

    @api.constrains("partner_id")
    def _check_commercial(self):
        for alert in self:
            if alert.partner_id != alert.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._("Name the customer, not one of his addresses.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        """By hand: an insolvency, an address, anything else."""
        if any(vals.get("kind", "insolvency") not in BY_HAND for vals in vals_list):
            raise UserError(self.env._("Alerts of this kind come by themselves."))
        alerts = super().create(
            [
                {name: value for name, value in vals.items() if name not in NIGHTLY}
                | {"by_hand": True, "fact": "by hand", "live": True}
                for vals in vals_list
            ]
        )
        alerts._give_to_operator()
        for alert in alerts.filtered(lambda alert: alert.kind == "other"):
            alert.sudo().fact = f"by hand {alert.id}"  # any number of them
        alerts._hold_insolvent()
        return alerts

    def _give_to_operator(self):
        """To whoever has the customer's largest position, unless somebody was named."""
        positions = self.env["creditbox.position"].search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("user_id", "!=", False),
            ]
        )
        for alert in self.filtered(lambda alert: not alert.user_id):
            alert.user_id = positions.filtered(
                lambda position, alert=alert: (
                    position.partner_id == alert.partner_id
                    and position.company_id == alert.company_id
                )
            )[:1].user_id

    def write(self, vals):
        extra = vals.keys() - OPEN_FIELDS
        if extra and not self.env.su:
            ours = self.filtered(lambda a: a.by_hand and a.state != "closed") == self
            if not (ours and extra <= HAND_FIELDS):
                raise AccessError(
                    self.env._("What an alert says comes from the facts.")
                )
        return super().write(vals)

    # ------------------------------------------------------------------
    # what people do
    # ------------------------------------------------------------------
    def action_take(self):
        """The alerts are mine, and being handled."""
        self._require("creditbox_base.group_operator")
        # nobody writes states but these buttons; the records are those of the user
        taken = self.sudo().filtered(lambda alert: alert.state != "closed")
        taken.write({"state": "seen", "user_id": self.env.uid})
        taken.activity_ids.filtered("automated").user_id = self.env.uid

    def _close(self, reason, note=None):
        """Close open alerts for a reason of ``close_reason``.

        A fact that goes on is not told again. After a mistake the hold that the alert
        has put ends.
        """
        self._require("creditbox_base.group_operator")
        # nobody writes states but these buttons
        alerts = self.sudo().filtered(lambda alert: alert.state != "closed")
        for company, of_company in alerts.grouped("company_id").items():
            of_company.write(
                {
                    "state": "closed",
                    "close_reason": reason,
                    "date_closed": company._creditbox_today(),
                }
            )
        alerts.filtered("by_hand").write({"live": False})
        if note:
            for alert in alerts:
                alert.note = "\n".join(filter(None, (alert.note, note)))
        if reason == "mistake":
            alerts.hold_id.action_release()
        alerts.activity_ids.action_done()

    def action_reopen(self):
        self._require("creditbox_base.group_operator")
        # nobody writes states but these buttons
        closed = self.sudo().filtered(lambda alert: alert.state == "closed")
        if closed.filtered(lambda alert: not alert.live and not alert.by_hand):
            raise UserError(self.env._("The fact is gone: there is nothing to reopen."))
        closed.write(
            {
                "state": "open",
                "close_reason": False,
                "date_closed": False,
                "live": True,
            }
        )

    def action_open_rating(self):
        self.ensure_one()
        rating = self.env["creditbox.rating"].search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ]
        )
        return rating._get_records_action(name=self.env._("Evaluation"))

    def action_open_positions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_base.creditbox_position_action"
        )
        domain = [
            ("partner_id", "=", self.partner_id.id),
            ("company_id", "=", self.company_id.id),
        ]
        return dict(action, domain=domain, context={})

    # ------------------------------------------------------------------
    # insolvency
    # ------------------------------------------------------------------
    def _hold_insolvent(self):
        """Put on hold what insolvent customers owe, as the company's rule says."""
        # who enters an insolvency need not be allowed to choose the reason
        waiting = self.sudo().filtered(
            lambda alert: (
                alert.kind == "insolvency"
                and alert.state != "closed"
                and not alert.hold_id
            )
        )
        for company, alerts in waiting.grouped("company_id").items():
            today = company._creditbox_today()
            rule = self.env["creditbox.rating.rule"].sudo()._in_force(company, today)
            if not rule.insolvency_hold_days:
                continue
            holds = self.env["creditbox.hold"].sudo()
            holds = holds.create([alert._hold_values(rule, today) for alert in alerts])
            for alert, hold in zip(alerts, holds, strict=True):
                alert.hold_id = hold

    def _hold_values(self, rule, today):
        return {
            "level": "customer",
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "reason_id": rule.insolvency_reason_id.id,
            "user_id": self.user_id.id or self.env.uid,
            "date_from": today,
            "date_to": fields.Date.add(today, days=rule.insolvency_hold_days - 1),
        }
