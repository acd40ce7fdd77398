from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import format_date

STATES = [
    ("ready", "Ready today"),
    ("waiting", "Waiting"),
    ("under_way", "Action under way"),
    ("exception", "Exception"),
    ("held", "On hold"),
    ("outside", "Outside the table"),
    ("stuck", "No further row"),
]
FRESH_MINUTES = 15
KEEP_DAYS = 30


class CreditboxWorkflow(models.Model):
    """Where the overdue bills of a company stand on the way through an action table.

    A picture taken at a moment, which says when: a million bills are not looked at
    each time that somebody opens the screen. Opening it takes a new one, at once where
    the portfolio is small, else in the background.
    """

    _name = "creditbox.workflow"
    _inherit = ["creditbox.study"]
    _description = "Workflow"
    _order = "company_id, id desc"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    rule_set_id = fields.Many2one(
        "creditbox.rule.set",
        string="Action table",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    as_of = fields.Date(string="As of", readonly=True)
    past_day = fields.Date(
        string="As it was on",
        readonly=True,
        help="A picture of what was known then. Empty: of today.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    step_ids = fields.One2many("creditbox.workflow.step", "workflow_id", readonly=True)
    position_count = fields.Integer(string="Positions", readonly=True)
    bill_count = fields.Integer(string="Bills", readonly=True)
    amount = fields.Monetary(string="Overdue", readonly=True)
    ready_count = fields.Integer(string="Ready today", compute="_compute_counts")
    exception_count = fields.Integer(string="Exceptions", compute="_compute_counts")
    under_way_count = fields.Integer(string="Under way", compute="_compute_counts")

    _day_uniq = models.UniqueIndex(
        "(company_id, rule_set_id, COALESCE(past_day, DATE '1900-01-01'))",
        "A table has one picture of a day in a company.",
    )

    @api.depends("company_id", "rule_set_id", "past_day")
    def _compute_display_name(self):
        for workflow in self:
            table = workflow.rule_set_id.display_name
            workflow.display_name = f"{workflow.company_id.name}: {table}"
            if workflow.past_day:
                day = format_date(self.env, workflow.past_day)
                workflow.display_name += f", {day}"

    @api.depends("step_ids")
    def _compute_counts(self):
        for workflow in self:
            for name in ("ready_count", "exception_count", "under_way_count"):
                workflow[name] = sum(workflow.step_ids.mapped(name))

    # ------------------------------------------------------------------
    # taking the picture
    # ------------------------------------------------------------------
    @api.model
    def _of(self, company, table, past_day=False):
        """:return: the picture of a table in a company, perhaps not yet taken"""
        values = {
            "company_id": company.id,
            "rule_set_id": table.id,
            "past_day": past_day,
        }
        found = self.search([(name, "=", value) for name, value in values.items()])
        if found:
            return found
        # nobody has the right to write them: who may read gets one
        return self.sudo().create(values).with_env(self.env)

    def _is_fresh(self):
        if self.past_day:
            return self.state == "done"  # what was known then does not change
        since = fields.Datetime.now() - timedelta(minutes=FRESH_MINUTES)
        return (
            self.state == "done"
            and self.date_evaluated >= since
            and self.as_of == self.company_id._creditbox_today()
        )

    def _refresh(self):
        """Take a new picture of what is not fresh; large ones in the background."""
        for workflow in self:
            if not workflow._is_fresh():
                workflow._start()

    def action_refresh(self):
        """Take a new picture now."""
        self._require("creditbox_base.group_reader")
        self._start()

    def _studied_companies(self):
        return self.company_id

    def _work(self):
        for workflow in self:
            today = workflow.company_id._creditbox_today()
            workflow.as_of = workflow.past_day or today
            self.env["creditbox.workflow.trial"]._picture(workflow)
        return False

    @api.autovacuum
    def _gc_workflow(self):
        """Tables that nobody looks at any more."""
        before = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        old = self.search([("write_date", "<", before)], limit=20)
        self.env["creditbox.workflow.trial"]._forget(old)
        old.unlink()
        return len(old), self.search_count([("write_date", "<", before)])

    # ------------------------------------------------------------------
    # windows
    # ------------------------------------------------------------------
    @api.model
    def action_open_in_force(self):
        """Show where everything stands, in the companies chosen.

        :return: window action of one workflow, or of the list
        """
        self.browse()._require("creditbox_base.group_reader")
        tables = self.env["creditbox.rule.set"]
        workflows = self.browse()
        for company in self.env.companies:
            table = tables._published(company)
            if table:
                workflows |= self._of(company, table)
        if not workflows:
            raise UserError(self.env._("There is no published action table."))
        workflows._refresh()
        return workflows._window()

    def action_past(self):
        """:return: window in which a past day is chosen"""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("As it was on…"),
            "res_model": "creditbox.workflow.past",
            "view_mode": "form",
            "target": "new",
            "context": {"default_company_id": self.company_id.id},
        }

    def _window(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_dunning.creditbox_workflow_action"
        )
        if len(self) == 1:
            return {
                **action,
                "res_id": self.id,
                "view_mode": "form",
                "views": [(False, "form")],
            }
        return {**action, "domain": [("id", "in", self.ids)]}

    def action_open_positions(self):
        """:return: window action of all positions of the picture"""
        self.ensure_one()
        return self._window_positions([])

    def _window_positions(self, domain):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_dunning.creditbox_workflow_position_action"
        )
        return {
            **action,
            "domain": Domain("workflow_id", "=", self.id) & Domain(domain),
            "context": {},
        }
