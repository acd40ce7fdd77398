from odoo import api, fields, models


class CreditboxOrderClose(models.TransientModel):
    """Orders that end otherwise than done."""

    _name = "creditbox.order.close"
    _description = "End Orders at the Meter"

    order_ids = fields.Many2many("fsm.order", required=True)
    stopped = fields.Boolean(compute="_compute_stopped")
    outcome = fields.Selection(
        [
            ("not_executable", "Not executable"),
            ("recalled", "Called back"),
            ("though_paid", "Carried out though it was paid (alarm)"),
        ],
        required=True,
        compute="_compute_outcome",
        store=True,
        precompute=True,
        readonly=False,
    )
    reason_id = fields.Many2one(
        "creditbox.order.reason", domain=lambda self: self._domain_reason_id()
    )
    asks_meter = fields.Boolean(related="reason_id.asks_meter")
    meter = fields.Char(
        string="Serial number found",
        help="Of the meter that is there: it becomes that of the supply.",
    )
    note = fields.Char(string="Remarks")

    def _domain_reason_id(self):
        return [("company_id", "in", [False, *self.env.companies.ids])]

    @api.depends("order_ids")
    def _compute_stopped(self):
        for close in self:
            states = set(close.order_ids.mapped("creditbox_state"))
            close.stopped = states == {"stopped"}

    @api.depends("order_ids")
    def _compute_outcome(self):
        for close in self:
            close.outcome = "though_paid" if close.stopped else "not_executable"

    def action_close(self):
        self.ensure_one()
        if self.outcome == "not_executable":
            self.order_ids.action_not_executable(self.reason_id, self.note, self.meter)
        elif self.outcome == "recalled":
            self.order_ids.action_recall(self.note or self.env._("Called back"))
        else:
            self.order_ids.action_done_though_paid(self.note or "")
        return {"type": "ir.actions.act_window_close"}
