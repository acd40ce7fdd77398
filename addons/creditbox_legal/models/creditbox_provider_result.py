from odoo import fields, models
from odoo.tools import SQL


class CreditboxProviderResult(models.Model):
    """What lawyers and agencies have made of what they were given: a ranking."""

    _name = "creditbox.provider.result"
    _description = "Results of Lawyers and Agencies"
    _auto = False
    _order = "rate desc, amount_handed desc, id"
    _rec_name = "provider_id"
    _depends = {
        "creditbox.case": [
            "provider_id",
            "company_id",
            "state",
            "amount_handed",
            "amount_collected",
            "amount_due",
            "amount_fees",
            "date_closed",
            "date_assigned",
        ],
    }

    provider_id = fields.Many2one(
        "creditbox.provider", string="Lawyer or agency", readonly=True
    )
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    case_count = fields.Integer(string="Cases", readonly=True)
    open_count = fields.Integer(string="Open cases", readonly=True)
    amount_handed = fields.Monetary(string="Handed over", readonly=True)
    amount_collected = fields.Monetary(string="Collected", readonly=True)
    amount_due = fields.Monetary(string="Still due (open cases)", readonly=True)
    amount_fees = fields.Monetary(string="Fees", readonly=True)
    rate = fields.Float(string="Collected (%)", readonly=True, aggregator="avg")
    days = fields.Float(string="Days to close", readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT MIN(c.id) AS id, c.provider_id, c.company_id,
                   COUNT(*) AS case_count,
                   COUNT(*) FILTER (WHERE c.state <> 'closed') AS open_count,
                   SUM(c.amount_handed) AS amount_handed,
                   SUM(c.amount_collected) AS amount_collected,
                   SUM(c.amount_due) FILTER (WHERE c.state <> 'closed') AS amount_due,
                   SUM(c.amount_fees) AS amount_fees,
                   COALESCE(ROUND(100 * SUM(c.amount_collected)
                            / NULLIF(SUM(c.amount_handed), 0), 1), 0) AS rate,
                   ROUND(AVG(c.date_closed - c.date_assigned), 1) AS days
              FROM creditbox_case c
             WHERE c.provider_id IS NOT NULL
             GROUP BY c.provider_id, c.company_id
            """
        )
