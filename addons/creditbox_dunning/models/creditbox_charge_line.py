from odoo import api, fields, models

from .loose_many2one import LooseMany2one


class CreditboxChargeLine(models.Model):
    """What a charge is made of: a row of the table of interest, or a flat sum."""

    _name = "creditbox.charge.line"
    _description = "Part of a Charge"
    _order = "charge_id, id"
    _log_access = False

    charge_id = fields.Many2one(
        "creditbox.charge", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="charge_id.company_id")
    currency_id = fields.Many2one(related="charge_id.currency_id")
    move_line_id = LooseMany2one("account.move.line", required=True, index=True)
    move_id = fields.Many2one(related="move_line_id.move_id", string="Bill")
    date_from = fields.Date(string="From")
    date_to = fields.Date(string="To")
    days = fields.Integer()
    capital = fields.Monetary()
    base = fields.Float(string="Reference rate (%)", digits=(16, 4))
    spread = fields.Float(string="Points more", digits=(16, 4))
    rate = fields.Float(string="Rate (%)", digits=(16, 4))
    year_days = fields.Integer(string="Days of the year")
    amount = fields.Monetary()

    @api.model
    def _values_of(self, bill):
        """Days without a known rate are left for when it is entered.

        :param bill: creditbox_interest.LateBill
        :return: list of dicts, one a row of its table
        """
        return [
            {
                "move_line_id": bill.line_id,
                "date_from": row.first,
                "date_to": row.last,
                "days": row.days,
                "capital": float(row.capital),
                "base": float(row.rate.base),
                "spread": float(row.rate.spread),
                "rate": float(row.rate.rate),
                "year_days": row.year_days,
                "amount": float(row.interest),
            }
            for row in bill.rows
            if row.rate.base is not None
        ]
