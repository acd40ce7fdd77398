from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

# requests made while the user waits
AT_MOST = 1000


class CreditboxWriteoffSmall(models.TransientModel):
    """Ask at once for the write-off of all small, old residuals of a company."""

    _name = "creditbox.writeoff.small"
    _description = "Write off Small Residuals"
    _inherit = ["creditbox.guarded"]

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_max = fields.Monetary(
        string="Owed at most",
        compute="_compute_amount_max",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    months = fields.Integer(
        string="Overdue for months",
        required=True,
        default=6,
        help="Of the youngest bill.",
    )
    reason_id = fields.Many2one(
        "creditbox.writeoff.reason", string="Reason", required=True
    )
    position_count = fields.Integer(compute="_compute_found", string="Positions")
    amount = fields.Monetary(compute="_compute_found", string="Owed in all")

    @api.depends("company_id")
    def _compute_amount_max(self):
        for small in self:
            small.amount_max = small.company_id.creditbox_small_residual

    @api.depends("company_id", "amount_max", "months")
    def _compute_found(self):
        for small in self:
            [(count, amount)] = self.env["creditbox.position"]._read_group(
                small._domain(), [], ["__count", "amount_overdue:sum"]
            )
            small.position_count, small.amount = count, amount

    def _domain(self):
        """Positions that owe little, all of it for long, and with nobody else."""
        today = self.company_id._creditbox_today()
        day = today - relativedelta(months=self.months)
        return [
            ("company_id", "=", self.company_id.id),
            ("amount_overdue", ">", 0),
            ("amount_overdue", "<=", self.amount_max),
            ("amount_credit", "=", 0),
            ("amount_not_due", "=", 0),
            ("oldest_due_date", "<=", day),
            ("item_ids", "not any", [("exclusion", "!=", False)]),
            ("action_ids", "not any", [("state", "in", ("ready", "sending"))]),
        ]

    def action_ask(self):
        """:return: window action of the requests that were made

        :raises UserError: there is nothing to ask for
        """
        self.ensure_one()
        self._require("creditbox_base.group_supervisor")
        positions = self.env["creditbox.position"].search(
            self._domain(), limit=AT_MOST, order="oldest_due_date, id"
        )
        lines = self._old_lines(positions)
        if not lines:
            raise UserError(self.env._("No position owes so little for so long."))
        requests = self.env["creditbox.writeoff"]._ask(
            lines, self.reason_id, kind="small"
        )
        return requests._get_records_action(name=self.env._("Small residuals"))

    def _old_lines(self, positions):
        """:return: bills of the positions of which none is younger than asked"""
        today = self.company_id._creditbox_today()
        day = today - relativedelta(months=self.months)
        lines = positions.sudo()._overdue_lines()  # supervisors have no entries
        young = lines.filtered(lambda line: line.date_maturity > day)
        kept_out = {
            (line.partner_id.commercial_partner_id, line.move_id.creditbox_supply_id)
            for line in young
        }
        return lines.filtered(
            lambda line: (
                (
                    line.partner_id.commercial_partner_id,
                    line.move_id.creditbox_supply_id,
                )
                not in kept_out
            )
        )
