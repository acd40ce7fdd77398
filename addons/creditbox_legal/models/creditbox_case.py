from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

KINDS = [
    ("agency", "Extrajudicial, by an agency"),
    ("lawyer", "Extrajudicial, by a lawyer"),
    ("injunction", "Injunction"),
    ("enforcement", "Enforcement"),
    ("insolvency", "Insolvency claim"),
    ("mediation", "Mediation"),
    ("lawsuit", "Lawsuit"),
]
# who carries a case out
PROVIDER_OF = {kind: "agency" if kind == "agency" else "lawyer" for kind, _l in KINDS}
OPEN_STATES = ("open", "assigned", "accepted")
# what people may not write: buttons do
KEPT = {
    "name", "kind", "company_id", "partner_id", "state", "outcome", "provider_id",
    "mandate_id", "amount_handed", "amount_due", "amount_collected", "amount_fees",
    "date_open", "date_assigned", "date_accepted", "date_closed", "date_recall",
}  # fmt: skip


class CreditboxCase(models.Model):
    """A customer's overdue bills in the hands of a lawyer, an agency, or a court.

    Its bills take no part in the action table, and its positions take no other step,
    until it is closed. What must be true of all cases is written by methods alone.
    """

    _name = "creditbox.case"
    _description = "Legal Case"
    _inherit = ["mail.thread", "mail.activity.mixin", "creditbox.guarded"]
    _order = "date_open desc, id desc"
    _check_company_auto = True
    _rec_names_search = ["name", "partner_id.name", "court_number", "decree_number"]

    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    kind = fields.Selection(KINDS, required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [
            ("open", "To assign"),
            ("assigned", "Assigned"),
            ("accepted", "Accepted"),
            ("closed", "Closed"),
        ],
        required=True,
        default="open",
        readonly=True,
        tracking=True,
        index=True,
    )
    outcome = fields.Selection(
        [
            ("paid", "Paid"),
            ("settled", "Settled"),
            ("no_result", "Without result"),
            ("recalled", "Recalled"),
            ("cancelled", "Cancelled"),
        ],
        readonly=True,
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="In charge",
        index=True,
        tracking=True,
        default=lambda self: self._default_user_id(),
        domain="[('share', '=', False)]",
    )
    provider_id = fields.Many2one(
        "creditbox.provider",
        string="Lawyer or agency",
        readonly=True,
        index="btree_not_null",
        check_company=True,
        tracking=True,
    )
    mandate_id = fields.Many2one("creditbox.mandate", readonly=True)
    line_ids = fields.One2many("creditbox.case.line", "case_id", string="Bills")
    position_ids = fields.Many2many(
        "creditbox.position", compute="_compute_position_ids"
    )
    action_ids = fields.One2many("creditbox.action", "case_id", readonly=True)
    party_ids = fields.One2many("creditbox.case.party", "case_id", string="Parties")
    term_ids = fields.One2many("creditbox.case.term", "case_id", string="Terms")
    activity_line_ids = fields.One2many(
        "creditbox.case.activity", "case_id", string="Planned activities"
    )
    collection_ids = fields.One2many(
        "creditbox.case.collection", "case_id", string="Collections"
    )
    court = fields.Char(string="Court", tracking=True)
    judge = fields.Char()
    court_number = fields.Char(string="Court number (R.G.)", tracking=True)
    decree_number = fields.Char(string="Decree or title number", tracking=True)
    provisional = fields.Boolean(
        string="Provisionally enforceable", help="c.p.c. 642, 648.", tracking=True
    )
    value = fields.Monetary(help="Of the claim, on which the court fee depends.")
    amount_handed = fields.Monetary(string="Handed over", readonly=True)
    amount_due = fields.Monetary(
        string="Due now", readonly=True, help="Capital that is still unpaid."
    )
    amount_collected = fields.Monetary(string="Collected", readonly=True)
    amount_fees = fields.Monetary(string="Fees", readonly=True)
    amount_interest = fields.Monetary(
        string="Interest today", compute="_compute_amount_interest"
    )
    amount_costs = fields.Monetary(string="Costs", compute="_compute_amount_costs")
    amount_claim = fields.Monetary(
        string="Claim today", compute="_compute_amount_claim"
    )
    date_open = fields.Date(string="Opened", readonly=True)
    date_assigned = fields.Date(string="Assigned on", readonly=True)
    date_accepted = fields.Date(string="Accepted on", readonly=True)
    date_recall = fields.Date(string="Recall on", readonly=True)
    date_closed = fields.Date(string="Closed on", readonly=True)
    next_term = fields.Date(string="Next term", compute="_compute_next_term")
    note = fields.Html(string="Notes")

    _amounts_idx = models.Index("(company_id, state, provider_id)")

    def _default_user_id(self):
        return self.env.user

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for case in self:
            case.display_name = f"{case.name} – {case.partner_id.name}"

    @api.depends("line_ids.position_id")
    def _compute_position_ids(self):
        for case in self:
            case.position_ids = case.line_ids.position_id

    def _compute_amount_interest(self):
        self.amount_interest = 0
        for company, cases in self.grouped("company_id").items():
            bills = self.env["creditbox.interest"]._late_bills(
                company,
                cases.line_ids.filtered("live").move_line_id.ids,
                company._creditbox_today(),
            )
            interest = {bill.line_id: float(bill.interest) for bill in bills}
            for case in cases:
                case.amount_interest = sum(
                    interest.get(line.move_line_id.id, 0) for line in case.line_ids
                )

    def _compute_amount_costs(self):
        costs = dict(
            self.env["creditbox.case.activity"]._read_group(
                [("case_id", "in", self.ids), ("state", "=", "done")],
                ["case_id"],
                ["cost:sum"],
            )
        )
        for case in self:
            case.amount_costs = costs.get(case._origin, 0)

    @api.depends("amount_due", "amount_interest", "amount_costs")
    def _compute_amount_claim(self):
        for case in self:
            case.amount_claim = (
                case.amount_due + case.amount_interest + case.amount_costs
            )

    def _compute_next_term(self):
        days = dict(
            self.env["creditbox.case.term"]._read_group(
                [("case_id", "in", self.ids), ("state", "=", "open")],
                ["case_id"],
                ["date_due:min"],
            )
        )
        for case in self:
            case.next_term = days.get(case._origin)

    # -- what nobody may write ---------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("Cases are opened by «Open a case»."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and KEPT & vals.keys():
            raise AccessError(self.env._("This is changed by the buttons of the case."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Cases are kept: close them."))

    # -- ways from here ----------------------------------------------------------

    def _window(self):
        """:return: window action of these cases"""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_legal.creditbox_case_action"
        )
        action["context"] = {}
        if len(self) == 1:
            return {**action, "views": [(False, "form")], "res_id": self.id}
        return {**action, "domain": [("id", "in", self.ids)]}

    def action_open_actions(self):
        """:return: window action of the actions that led here"""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_dunning.creditbox_action_action"
        )
        return {**action, "domain": [("case_id", "in", self.ids)], "context": {}}

    def action_open_positions(self):
        """:return: window action of the positions whose bills are here"""
        return self.position_ids._open(
            "creditbox_position_action", [("id", "in", self.position_ids.ids)]
        )

    def _lock(self):
        """Nobody else changes these cases before this transaction is over."""
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM creditbox_case WHERE id = ANY(%s) ORDER BY id"
                " FOR UPDATE",
                self.ids,
            )
        )
        self.invalidate_recordset(["state"])

    def action_package(self):
        """:return: action that downloads what a lawyer or an agency needs"""
        self.check_access("read")
        return self.env["creditbox.case.package"]._download(self)

    def action_plan(self):
        """:return: window that plans an activity for these cases"""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan an activity"),
            "res_model": "creditbox.case.plan",
            "view_mode": "form",
            "target": "new",
            "context": {"default_case_ids": self.ids},
        }
