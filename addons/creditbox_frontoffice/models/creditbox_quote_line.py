from odoo import api, fields, models
from odoo.exceptions import UserError


class CreditboxQuoteLine(models.Model):
    _name = "creditbox.quote.line"
    _description = "Line of a Quote"
    _order = "quote_id, sequence, id"
    _check_company_auto = True

    quote_id = fields.Many2one(
        "creditbox.quote", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="quote_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Description", required=True)
    quantity = fields.Float(default=1, digits=(16, 2))
    price_unit = fields.Monetary(string="Price")
    tax_ids = fields.Many2many(
        "account.tax",
        string="Tax",
        check_company=True,
        domain="[('type_tax_use', '=', 'sale')]",
    )
    amount_untaxed = fields.Monetary(
        string="Amount", compute="_compute_amounts", store=True
    )
    amount_tax = fields.Monetary(compute="_compute_amounts", store=True)

    @api.depends("quantity", "price_unit", "tax_ids", "currency_id")
    def _compute_amounts(self):
        for line in self:
            sums = line.tax_ids.compute_all(
                line.price_unit, line.currency_id, line.quantity
            )
            line.amount_untaxed = sums["total_excluded"]
            line.amount_tax = sums["total_included"] - sums["total_excluded"]

    @api.constrains("name", "quantity", "price_unit", "tax_ids")
    def _check_quote(self):
        if self.filtered(lambda line: line.quote_id.date_sent):
            raise UserError(self.env._("A quote that was sent stays as it is."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        self._check_quote()
