from odoo import fields, models


class CreditboxMandateFee(models.Model):
    """A row of the fees of a mandate: of the rows that fit, the highest bounds win."""

    _name = "creditbox.mandate.fee"
    _description = "Fee of a Mandate"
    _order = "mandate_id, age_from, amount_from"

    mandate_id = fields.Many2one(
        "creditbox.mandate", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="mandate_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    age_from = fields.Integer(
        string="Overdue from (days)", help="When the bill was handed over."
    )
    amount_from = fields.Monetary(string="From the amount", help="Of the bill.")
    percent = fields.Float(string="Fee (%)", required=True)

    _percent_bounds = models.Constraint(
        "CHECK(percent BETWEEN 0 AND 100)", "A fee is between 0 and 100 per cent."
    )
