from odoo import fields, models


class CreditboxRatingHistory(models.Model):
    """The course of a score: one row a month, and one whenever the band changes."""

    _name = "creditbox.rating.history"
    _description = "Course of an Evaluation"
    _order = "date desc, id desc"
    _log_access = False

    rating_id = fields.Many2one(
        "creditbox.rating", required=True, readonly=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, readonly=True)
    state = fields.Selection(
        [("rated", "Rated"), ("unrated", "Not Rated")], required=True, readonly=True
    )
    score = fields.Integer(readonly=True, aggregator="avg")
    band_id = fields.Many2one(
        "creditbox.rating.band",
        string="Band",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    mean_days = fields.Float(
        string="Average Delay (days)", digits=(8, 1), readonly=True, aggregator="avg"
    )
    amount_overdue = fields.Monetary(string="Overdue", readonly=True)

    _day_uniq = models.UniqueIndex(
        "(rating_id, date)", "The score of this day is known already."
    )
    _company_idx = models.Index("(company_id, date)")
    _order_idx = models.Index("(date DESC, id DESC)")
