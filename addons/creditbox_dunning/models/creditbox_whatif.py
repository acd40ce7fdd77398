from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

KEEP_DAYS = 30
# what the user says; all else is worked out
CHOICE = {"rule_set_id", "baseline_id", "company_ids", "as_of"}
KINDS = [
    ("added", "Added"),
    ("removed", "Removed"),
    ("changed", "Changed"),
    ("same", "As before"),
    ("held", "Held back"),
]


class CreditboxWhatif(models.Model):
    """What another action table would do on a day, beside the one in force.

    Both are evaluated on the same bills; what comes out is kept for some weeks, so that
    whoever decides can open it again. It is no run: nothing can leave from it.
    """

    _name = "creditbox.whatif"
    _inherit = ["creditbox.study"]
    _description = "What If?"
    _order = "id desc"

    rule_set_id = fields.Many2one(
        "creditbox.rule.set",
        string="Table tried",
        required=True,
        index=True,
        ondelete="cascade",
    )
    table_state = fields.Selection(related="rule_set_id.state", string="Table is")
    baseline_id = fields.Many2one(
        "creditbox.rule.set",
        string="Compared with",
        required=True,
        compute="_compute_baseline_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="cascade",
    )
    company_ids = fields.Many2many(
        "res.company",
        string="Companies",
        compute="_compute_company_ids",
        store=True,
        readonly=False,
        precompute=True,
        help="Those that the table is for.",
    )
    as_of = fields.Date(
        string="As of",
        required=True,
        default=lambda self: self._default_as_of(),
        help="A day to come: as if nothing were done or paid until then. A past day: "
        "on what was known then.",
    )
    part_ids = fields.One2many(
        "creditbox.whatif.company", "whatif_id", string="By company"
    )
    change_ids = fields.One2many(
        "creditbox.whatif.change", "whatif_id", string="Changes"
    )
    row_ids = fields.One2many("creditbox.whatif.row", "whatif_id", string="By row")
    code_ids = fields.One2many("creditbox.whatif.code", "whatif_id", string="By code")
    fingerprint = fields.Char(readonly=True, copy=False)
    is_past = fields.Boolean(string="On a past day", compute="_compute_is_past")
    is_outdated = fields.Boolean(compute="_compute_is_outdated")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    company_count = fields.Integer(compute="_compute_company_count")

    added_count = fields.Integer(string="Added", compute="_compute_figures")
    removed_count = fields.Integer(string="Removed", compute="_compute_figures")
    changed_count = fields.Integer(string="Changed", compute="_compute_figures")
    same_count = fields.Integer(string="As before", compute="_compute_figures")
    held_count = fields.Integer(string="Held back", compute="_compute_figures")
    action_before = fields.Integer(compute="_compute_figures")
    action_after = fields.Integer(string="Actions", compute="_compute_figures")
    exception_before = fields.Integer(compute="_compute_figures")
    exception_after = fields.Integer(string="Exceptions", compute="_compute_figures")
    amount_before = fields.Monetary(compute="_compute_figures")
    amount_after = fields.Monetary(string="Money covered", compute="_compute_figures")
    cost_before = fields.Monetary(compute="_compute_figures")
    cost_after = fields.Monetary(
        string="Cost of the letters", compute="_compute_figures"
    )
    cost_held_before = fields.Monetary(compute="_compute_figures")
    cost_held_after = fields.Monetary(
        string="Letters held back", compute="_compute_figures"
    )
    position_count = fields.Integer(string="Positions", compute="_compute_looked_at")
    bill_count = fields.Integer(string="Bills", compute="_compute_looked_at")
    amount = fields.Monetary(string="Open amount", compute="_compute_looked_at")

    def _default_as_of(self):
        return self.env.company._creditbox_today()

    @api.depends("rule_set_id", "as_of")
    def _compute_display_name(self):
        for whatif in self:
            whatif.display_name = self.env._("What if: %s", whatif.rule_set_id.name)

    @api.onchange("as_of")
    def _onchange_as_of(self):
        """A past day is compared with the table of then."""
        company = self.rule_set_id.company_id or self.env.company
        if self.rule_set_id and self.as_of and self.as_of < company._creditbox_today():
            self._compute_baseline_id()

    @api.depends("rule_set_id")
    def _compute_baseline_id(self):
        """The table in force on the day, unless that is the one that is tried."""
        for whatif in self:
            table = whatif.rule_set_id
            company = table.company_id or self.env.company
            if whatif.as_of and whatif.as_of < company._creditbox_today():
                in_force = self.env["creditbox.run"]._table_of(company, whatif.as_of)
            elif table.company_id:
                in_force = table._published(company)
            else:
                in_force = table.search(
                    [("state", "=", "published"), ("company_id", "=", False)], limit=1
                )
            whatif.baseline_id = in_force if in_force != table else table.origin_id

    @api.depends("rule_set_id")
    def _compute_company_ids(self):
        for whatif in self:
            whatif.company_ids = whatif.rule_set_id._companies()

    @api.depends("company_ids")
    def _compute_currency_id(self):
        for whatif in self:
            companies = whatif.company_ids & self.env.companies
            whatif.currency_id = (companies or self.env.company)[:1].currency_id

    @api.depends("company_ids")
    def _compute_company_count(self):
        for whatif in self:
            whatif.company_count = len(whatif.company_ids)

    @api.depends("as_of", "company_ids")
    def _compute_is_past(self):
        for whatif in self:
            company = whatif.company_ids[:1] or self.env.company
            day = whatif.as_of
            whatif.is_past = bool(day) and day < company._creditbox_today()

    @api.depends("fingerprint")
    def _compute_is_outdated(self):
        for whatif in self:
            whatif.is_outdated = (
                whatif.fingerprint
                and whatif.fingerprint != whatif.rule_set_id._fingerprint()
            )

    @api.depends("change_ids")
    def _compute_figures(self):
        for whatif in self:
            changes = whatif.change_ids
            for kind, _label in KINDS:
                whatif[f"{kind}_count"] = sum(
                    changes.filtered(lambda c: c.kind == kind).mapped("position_count")  # noqa: B023
                )
            for side in ("before", "after"):
                whatif._sum_side(changes.filtered(f"rule_{side}_id"), side)

    def _sum_side(self, changes, side):
        """What one of the tables does in all."""
        held = changes.filtered(f"exception_{side}")
        goes = changes - held
        self[f"action_{side}"] = sum(goes.mapped("position_count"))
        self[f"exception_{side}"] = sum(held.mapped("position_count"))
        self[f"amount_{side}"] = sum(goes.mapped(f"amount_{side}"))
        self[f"cost_{side}"] = sum(goes.mapped(f"cost_{side}"))
        self[f"cost_held_{side}"] = sum(held.mapped(f"cost_{side}"))

    @api.depends("part_ids.position_count")
    def _compute_looked_at(self):
        for whatif in self:
            whatif.position_count = sum(whatif.part_ids.mapped("position_count"))
            whatif.bill_count = sum(whatif.part_ids.mapped("bill_count"))
            whatif.amount = sum(whatif.part_ids.mapped("amount"))

    # ------------------------------------------------------------------
    # try and publish
    # ------------------------------------------------------------------
    def action_evaluate(self):
        """Try the table: at once on a small portfolio, else in the background."""
        self._require("creditbox_base.group_supervisor")
        for whatif in self:
            whatif._check_can_be_tried()
            whatif._forget()
            whatif.sudo().write(  # results are the system's
                {
                    "fingerprint": whatif.rule_set_id._fingerprint(),
                    "part_ids": [
                        fields.Command.create({"company_id": company.id})
                        for company in whatif.company_ids
                    ],
                }
            )
            whatif._start()

    def _check_can_be_tried(self):
        """
        :raises UserError: it would make no sense
        :raises AccessError: a company that the user may not see
        """
        self.ensure_one()
        if self.company_ids - self.env.companies:
            raise AccessError(
                self.env._("Choose companies that you see at the top right only.")
            )
        if not self.company_ids:
            raise UserError(self.env._("Choose the companies to look at."))
        own = self.rule_set_id.company_id
        if own and self.company_ids != own:
            raise UserError(
                self.env._("This table is for %s, and for no other company.", own.name)
            )
        if len(self.company_ids.currency_id) > 1:
            raise UserError(
                self.env._("These companies count in different currencies.")
            )
        for company in self.company_ids:
            self.env["creditbox.past"]._check_known(company, self.as_of)
        for table in (self.rule_set_id, self.baseline_id):
            if not table.rule_ids:
                raise UserError(self.env._("%s has no rows.", table.display_name))

    def _studied_companies(self):
        return self.company_ids

    def _work(self):
        waiting = self.part_ids.filtered(lambda part: part.state == "waiting")
        waiting[:1]._try()
        return len(waiting) > 1

    def _forget(self):
        """Drop what an earlier trial has left."""
        self.sudo().change_ids.unlink()  # takes its positions along
        self.sudo().part_ids.unlink()

    def action_publish(self):
        """Put the table in force that has been tried, and keep what was known then."""
        self.ensure_one()
        if self.state != "done":
            raise UserError(self.env._("Try the table first."))
        if self.is_past:
            raise UserError(
                self.env._("Try the table on today's bills before you publish it.")
            )
        if self.is_outdated:
            raise UserError(
                self.env._("The table has been changed since it was tried: try again.")
            )
        table = self.rule_set_id
        table.action_publish()
        table._message_log(body=self._summary())
        return table.get_formview_action()

    def _summary(self):
        return self.env._(
            "Tried before it was published, as of %(day)s, beside %(table)s:"
            " %(added)s actions more, %(removed)s fewer, %(changed)s changed;"
            " money covered %(before)s → %(after)s; letters %(cost_before)s →"
            " %(cost_after)s.",
            day=fields.Date.to_string(self.as_of),
            table=self.baseline_id.display_name,
            added=self.added_count,
            removed=self.removed_count,
            changed=self.changed_count,
            before=self.currency_id.format(self.amount_before),
            after=self.currency_id.format(self.amount_after),
            cost_before=self.currency_id.format(self.cost_before),
            cost_after=self.currency_id.format(self.cost_after),
        )

    # ------------------------------------------------------------------
    # system
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_is_choice(vals)
        return super().create(vals_list)

    def _check_is_choice(self, vals):
        """
        :raises AccessError: somebody writes what only the trial does
        """
        if not self.env.su and not vals.keys() <= CHOICE:
            raise AccessError(self.env._("What a trial gives is not entered."))

    def write(self, vals):
        self._check_is_choice(vals)
        if not CHOICE.isdisjoint(vals):
            self.filtered(lambda w: w.state == "done")._reset()
        return super().write(vals)

    def _reset(self):
        """Another choice: what was worked out does not hold for it."""
        self._forget()
        self.sudo().write({"state": "draft", "fingerprint": False})

    @api.autovacuum
    def _gc_whatif(self):
        """A trial is of no use once the portfolio has changed."""
        before = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        old = self.search([("create_date", "<", before)], limit=20)
        old._forget()
        old.unlink()
        return len(old), self.search_count([("create_date", "<", before)])

    # ------------------------------------------------------------------
    # windows
    # ------------------------------------------------------------------
    def action_open_added(self):
        """:return: window action of the positions that get an action only now"""
        return self._window_positions([("change_id.kind", "=", "added")])

    def action_open_removed(self):
        """:return: window action of the positions that get none any more"""
        return self._window_positions([("change_id.kind", "=", "removed")])

    def action_open_changed(self):
        """:return: window action of the positions that get another action"""
        return self._window_positions([("change_id.kind", "=", "changed")])

    def action_open_same(self):
        """:return: window action of the positions to which the same is done"""
        return self._window_positions([("change_id.kind", "=", "same")])

    def action_open_exceptions(self):
        """:return: window action of what either table could not do"""
        held = Domain("change_id.exception_before", "!=", False)
        return self._window_positions(
            held | Domain("change_id.exception_after", "!=", False)
        )

    def action_open_all(self):
        """:return: window action of all positions that either table acts on"""
        return self._window_positions([])

    def action_compare(self):
        """:return: window action of what the tables say differently, row by row"""
        self.ensure_one()
        action = self.rule_set_id.action_compare()
        compare = self.env[action["res_model"]].browse(action["res_id"])
        compare.before_id = self.baseline_id
        return action

    def _window_positions(self, domain):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_dunning.creditbox_whatif_position_action"
        )
        return {
            **action,
            "domain": Domain("change_id.whatif_id", "=", self.id) & Domain(domain),
            "context": {},
        }
