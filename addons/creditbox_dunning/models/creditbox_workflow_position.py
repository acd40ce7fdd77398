from odoo import fields, models

from .creditbox_workflow import STATES


class CreditboxWorkflowPosition(models.Model):
    """The bills of one position that stand at a step, and fare alike there."""

    _name = "creditbox.workflow.position"
    _description = "Position in a Workflow"
    _order = "id"  # written the largest amounts first
    _rec_name = "position_id"
    _log_access = False

    step_id = fields.Many2one(
        "creditbox.workflow.step",
        string="Stands at",
        required=True,
        index=True,
        ondelete="cascade",
    )
    workflow_id = fields.Many2one(related="step_id.workflow_id")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    position_id = fields.Many2one(
        "creditbox.position", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(related="position_id.partner_id")
    supply_id = fields.Many2one(related="position_id.supply_id")
    user_id = fields.Many2one(related="position_id.user_id")
    step = fields.Integer(related="step_id.step")
    state = fields.Selection(STATES, required=True, readonly=True)
    until = fields.Date(
        readonly=True,
        help="The first bill is ripe then, or its hold ends. Empty: it waits for a"
        " proof, for another action or for the minimum contact delay.",
    )
    rule_id = fields.Many2one(
        "creditbox.rule", string="Next row", readonly=True, ondelete="set null"
    )
    exception = fields.Selection(
        selection=lambda self: self._selection_exception(), readonly=True
    )
    bill_count = fields.Integer(string="Bills", readonly=True)
    amount = fields.Monetary(string="Open amount", readonly=True)

    def _selection_exception(self):
        action = self.env["creditbox.action"]
        return action._fields["exception"]._description_selection(self.env)

    def action_open_position(self):
        """:return: window action of the position"""
        self.ensure_one()
        return self.position_id.get_formview_action()

    def action_open_positions(self):
        """:return: window action of the positions, to work on many at once"""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_base.creditbox_position_action"
        )
        return {
            **action,
            "domain": [("id", "in", self.position_id.ids)],
            "context": {},
        }
