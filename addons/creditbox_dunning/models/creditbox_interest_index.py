from odoo import fields, models


class CreditboxInterestIndex(models.Model):
    """A published rate, with its values from day to day: ECB, legal interest…"""

    _name = "creditbox.interest.index"
    _description = "Reference Rate"
    _inherit = ["mail.thread"]
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for the whole group."
    )
    source = fields.Char(
        required=True, translate=True, tracking=True, help="Where it is published."
    )
    note = fields.Text(translate=True)
    rate_ids = fields.One2many(
        "creditbox.interest.rate", "index_id", string="Values", copy=True
    )
    last_date = fields.Date(string="Last change", compute="_compute_last")
    last_rate = fields.Float(string="Rate", digits=(16, 4), compute="_compute_last")
    active = fields.Boolean(default=True)

    def _compute_last(self):
        for index in self:
            last = index.rate_ids[:1]  # the latest is first
            index.last_date = last.date_from
            index.last_rate = last.rate
