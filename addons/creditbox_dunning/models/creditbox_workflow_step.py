from odoo import api, fields, models
from odoo.fields import Domain

from .creditbox_action import PENDING_STATES

MOST_NAMES = 2


class CreditboxWorkflowStep(models.Model):
    """What stands at one step of a workflow: 0 is overdue, with nothing done yet."""

    _name = "creditbox.workflow.step"
    _description = "Step of a Workflow"
    _order = "workflow_id, step"
    _log_access = False

    workflow_id = fields.Many2one(
        "creditbox.workflow", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    step = fields.Integer(readonly=True)
    title = fields.Char(compute="_compute_title")
    position_count = fields.Integer(string="Positions", readonly=True)
    bill_count = fields.Integer(string="Bills", readonly=True)
    amount = fields.Monetary(readonly=True)
    share = fields.Float(readonly=True, help="Of the largest step, in percent.")
    ready_count = fields.Integer(string="Ready today", readonly=True)
    ready_amount = fields.Monetary(readonly=True)
    waiting_count = fields.Integer(string="Waiting", readonly=True)
    waiting_until = fields.Date(
        string="The first until", readonly=True, help="The first is ripe then."
    )
    under_way_count = fields.Integer(string="Action under way", readonly=True)
    exception_count = fields.Integer(string="Exceptions", readonly=True)
    held_count = fields.Integer(string="On hold", readonly=True)
    held_until = fields.Date(
        string="The first hold until", readonly=True, help="The first hold ends then."
    )
    outside_count = fields.Integer(
        string="Outside the table",
        readonly=True,
        help="Covered by a credit, in a plan, with an agency, in litigation…",
    )
    stuck_count = fields.Integer(
        string="No further row",
        readonly=True,
        help="At the end of the table, or of an amount that no row is for.",
    )

    @api.depends("step", "workflow_id.rule_set_id")
    @api.depends_context("lang")
    def _compute_title(self):
        """What has been done last to the bills that stand here."""
        for step in self:
            rules = step.workflow_id.rule_set_id.rule_ids.filtered(
                lambda rule: rule.step == step.step  # noqa: B023
            )
            names = list(dict.fromkeys(rules.mapped("name")))
            if not step.step:
                step.title = self.env._("Overdue, nothing done yet")
            elif not names:
                step.title = self.env._("Step of another version of the table")
            else:
                more = " …" if len(names) > MOST_NAMES else ""
                step.title = ", ".join(names[:MOST_NAMES]) + more

    @api.depends("step", "title")
    def _compute_display_name(self):
        for step in self:
            step.display_name = f"{step.step}. {step.title}"

    # ------------------------------------------------------------------
    # windows: what is behind each figure
    # ------------------------------------------------------------------
    def _open(self, state=None):
        self.ensure_one()
        domain = Domain("step_id", "=", self.id)
        if state:
            domain &= Domain("state", "=", state)
        return self.workflow_id._window_positions(domain)

    def action_open_all(self):
        """:return: window action of all that stands at the step"""
        return self._open()

    def action_open_ready(self):
        """:return: window action of what an action is due for today"""
        return self._open("ready")

    def action_open_waiting(self):
        """:return: window action of what is not ripe yet, week by week"""
        return {**self._open("waiting"), "context": {"search_default_group_until": 1}}

    def action_open_exceptions(self):
        """:return: window action of what cannot be done, cause by cause"""
        return {
            **self._open("exception"),
            "context": {"search_default_group_exception": 1},
        }

    def action_open_held(self):
        """:return: window action of the bills on hold"""
        return self._open("held")

    def action_open_outside(self):
        """:return: window action of what takes no part in the table"""
        return self._open("outside")

    def action_open_stuck(self):
        """:return: window action of what no row is for"""
        return self._open("stuck")

    def action_open_under_way(self):
        """:return: window action of the actions that are under way"""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_dunning.creditbox_action_action"
        )
        here = Domain("workflow_place_ids.step_id", "=", self.id)
        return {
            **action,
            "domain": Domain("position_id", "any", here)
            & Domain("state", "in", PENDING_STATES),
            "context": {},
        }
