from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class CreditboxWriteoffAsk(models.TransientModel):
    """Ask for a write-off, or a settlement, of what positions owe."""

    _name = "creditbox.writeoff.ask"
    _description = "Ask for a Write-off"
    _inherit = ["creditbox.guarded"]

    position_ids = fields.Many2many("creditbox.position", required=True)
    position_count = fields.Integer(compute="_compute_position_count")
    currency_id = fields.Many2one(related="position_ids.currency_id")
    kind = fields.Selection(
        [("loss", "Loss"), ("settlement", "Settlement")], required=True, default="loss"
    )
    reason_id = fields.Many2one(
        "creditbox.writeoff.reason", string="Reason", required=True
    )
    note = fields.Text()
    move_line_ids = fields.Many2many(
        "account.move.line",
        string="Bills",
        compute="_compute_move_line_ids",
        store=True,
        readonly=False,
    )
    amount = fields.Monetary(string="Open", compute="_compute_amount")
    amount_agreed = fields.Monetary(string="Agreed sum")
    date_expiry = fields.Date(
        string="To be paid by", default=lambda self: self._default_date_expiry()
    )

    def _default_date_expiry(self):
        return self.env.company._creditbox_today() + timedelta(days=30)

    @api.depends("position_ids")
    def _compute_position_count(self):
        for ask in self:
            ask.position_count = len(ask.position_ids)

    @api.depends("position_ids")
    def _compute_move_line_ids(self):
        for ask in self:
            # operators need not have rights on entries
            lines = ask.position_ids._origin.sudo()._overdue_lines()
            ask.move_line_ids = lines.sudo(False)

    @api.depends("move_line_ids")
    def _compute_amount(self):
        for ask in self:
            # operators need not have rights on entries
            ask.amount = sum(ask.move_line_ids.sudo().mapped("amount_residual"))

    def action_ask(self):
        """:return: window action of the requests that were made

        :raises UserError: no bill is left, or one is with somebody else
        """
        self.ensure_one()
        self._require("creditbox_base.group_operator")
        self.position_ids.check_access("read")
        if not self.move_line_ids:
            raise UserError(self.env._("Choose the bills to write off."))
        if self.kind == "settlement" and self.position_count > 1:
            raise UserError(self.env._("A settlement is made for one position."))
        values = {"kind": self.kind, "note": self.note}
        if self.kind == "settlement":
            values |= {
                "amount_agreed": self.amount_agreed,
                "date_expiry": self.date_expiry,
            }
        requests = self.env["creditbox.writeoff"]._ask(
            self._chosen_lines(), self.reason_id, **values
        )
        return requests._get_records_action(name=self.env._("Write-offs"))

    def _chosen_lines(self):
        """Never more than what the positions owe, whatever a client sends."""
        # operators need not have rights on entries
        return self.move_line_ids.sudo() & self.position_ids.sudo()._overdue_lines()
