from odoo import api, fields, models
from odoo.fields import Domain


class CreditboxWriteoffLimit(models.Model):
    """Up to which amount, and from which age on, a loss needs no further proof."""

    _name = "creditbox.writeoff.limit"
    _description = "Tax Limit of Small Credits"
    _order = "date_from desc"
    _rec_name = "source"

    date_from = fields.Date(required=True)
    date_to = fields.Date()
    amount = fields.Monetary(required=True)
    amount_large = fields.Monetary(string="Amount, large firms", required=True)
    months = fields.Integer(
        string="Months since due", required=True, help="Of the youngest bill."
    )
    source = fields.Char(required=True)
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.ref("base.EUR")
    )

    @api.model
    def _on(self, day):
        """:return: creditbox.writeoff.limit in force on a day, may be empty"""
        return self.sudo().search(  # figures of the law, the same for everybody
            Domain("date_from", "<=", day)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", day)),
            limit=1,
        )
