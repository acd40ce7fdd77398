from odoo import fields, models

from .fsm_order import OPERATIONS


class CreditboxOrderPrice(models.Model):
    """What an operation at the meter costs the company, from a day on."""

    _name = "creditbox.order.price"
    _description = "Price of an Operation at the Meter"
    _order = "operation, contractor_id, date_from desc, id"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    operation = fields.Selection(OPERATIONS, required=True)
    contractor_id = fields.Many2one(
        "res.partner",
        domain="[('is_company', '=', True)]",
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: whoever has no price of their own, and the company's own crews.",
    )
    date_from = fields.Date(
        string="From", required=True, default=lambda self: self._default_date_from()
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    price = fields.Monetary(help="Of an order that is done.")
    price_wasted = fields.Monetary(
        string="Price of a Wasted Visit",
        help="The crew came and could not, or need not, do it.",
    )

    _day_uniq = models.UniqueIndex(
        "(company_id, operation, COALESCE(contractor_id, 0), date_from)",
        "There is a price from this day already.",
    )
    _prices_check = models.Constraint(
        "CHECK(price >= 0 AND price_wasted >= 0)", "A price cannot be negative."
    )

    def _default_company_id(self):
        return self.env.company

    def _default_date_from(self):
        return self.env.company._creditbox_today()
