from odoo import fields, models

from .creditbox_rule import CODES
from .creditbox_whatif import KINDS


class CreditboxWhatifChange(models.Model):
    """What happens alike to many positions of a company: this row before, that after.

    Written by SQL (``creditbox.whatif.trial``).
    """

    _name = "creditbox.whatif.change"
    _description = "What If? Change"
    _order = "whatif_id, kind, position_count desc, id"
    _log_access = False

    whatif_id = fields.Many2one(
        "creditbox.whatif", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(KINDS, required=True, readonly=True, string="Change")
    rule_before_id = fields.Many2one(
        "creditbox.rule", string="Row before", readonly=True, ondelete="set null"
    )
    rule_after_id = fields.Many2one(
        "creditbox.rule", string="Row after", readonly=True, ondelete="set null"
    )
    twin_id = fields.Many2one(
        "creditbox.rule",
        readonly=True,
        ondelete="set null",
        help="What the row after was in the table before.",
    )
    code_before = fields.Selection(CODES, string="Code before", readonly=True)
    code_after = fields.Selection(CODES, string="Code after", readonly=True)
    exception_before = fields.Selection(
        selection=lambda self: self._selection_exception(),
        string="Exception before",
        readonly=True,
    )
    exception_after = fields.Selection(
        selection=lambda self: self._selection_exception(),
        string="Exception after",
        readonly=True,
    )
    position_count = fields.Integer(string="Positions", readonly=True)
    amount_before = fields.Monetary(string="Money before", readonly=True)
    amount_after = fields.Monetary(string="Money after", readonly=True)
    cost_before = fields.Monetary(string="Letters before", readonly=True)
    cost_after = fields.Monetary(string="Letters after", readonly=True)

    def _selection_exception(self):
        action = self.env["creditbox.action"]
        return action._fields["exception"]._description_selection(self.env)

    def action_open(self):
        """:return: window action of the positions to which it happens"""
        self.ensure_one()
        return self.whatif_id._window_positions([("change_id", "=", self.id)])
