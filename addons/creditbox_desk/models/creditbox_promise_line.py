from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .creditbox_promise import STATES


class CreditboxPromiseLine(models.Model):
    _name = "creditbox.promise.line"
    _description = "Date and Amount of a Promise"
    _order = "date, id"

    promise_id = fields.Many2one(
        "creditbox.promise", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="promise_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(string="By", required=True)
    amount = fields.Monetary(required=True)
    amount_paid = fields.Monetary(string="Paid", readonly=True, copy=False)
    state = fields.Selection(
        STATES, required=True, readonly=True, default="open", copy=False
    )

    _amount_check = models.Constraint(
        "CHECK(amount > 0)", "A promised amount is above zero."
    )
    _open_idx = models.Index("(company_id, date) WHERE state = 'open'")

    @api.depends("date", "amount")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.date}: {line.amount}"

    @api.constrains("date")
    def _check_date(self):
        for line in self:
            if line.date < line.promise_id.date:
                raise UserError(
                    self.env._("A promise is for a day that is still to come.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(
            {"amount_paid", "state"} & vals.keys() for vals in vals_list
        ):
            raise AccessError(self.env._("What was paid comes from the accounts."))
        lines = super().create(vals_list)
        if lines.promise_id.filtered("last_line"):
            raise UserError(
                self.env._("A promise stays as it was made: cancel it, make another.")
            )
        return lines
