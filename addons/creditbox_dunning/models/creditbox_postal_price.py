from odoo import api, fields, models
from odoo.exceptions import ValidationError

PRODUCTS = [("letter", "Ordinary letter"), ("registered", "Registered letter A/R")]


class CreditboxPostalPrice(models.Model):
    """What a letter of a product costs, by its number of sheets (class of weight)."""

    _name = "creditbox.postal.price"
    _description = "Price of a Letter"
    _order = "product, sheets, id"
    _rec_name = "product"

    provider_id = fields.Many2one(
        "creditbox.provider", required=True, index=True, ondelete="cascade"
    )
    product = fields.Selection(PRODUCTS, required=True)
    sheets = fields.Integer(string="Up to sheets", required=True, default=1)
    cost = fields.Float(required=True, digits=(12, 4))
    cost_further = fields.Float(
        string="Each further sheet",
        digits=(12, 4),
        help="For letters with more sheets than the last class.",
    )

    _sheets_uniq = models.Constraint(
        "UNIQUE(provider_id, product, sheets)", "This class has a price already."
    )

    @api.constrains("sheets", "cost", "cost_further")
    def _check_positive(self):
        for price in self:
            if price.sheets < 1 or price.cost < 0 or price.cost_further < 0:
                raise ValidationError(
                    self.env._("A price is not negative, a letter has a sheet or more.")
                )

    def _cost(self, sheets):
        """:return: float, of a letter with ``sheets``; 0.0 without prices

        ``self`` are the classes of one product.
        """
        classes = self.sorted("sheets")
        fitting = classes.filtered(lambda price: price.sheets >= sheets)
        if fitting:
            return fitting[0].cost
        last = classes[-1:]
        return last.cost + (sheets - last.sheets) * last.cost_further
