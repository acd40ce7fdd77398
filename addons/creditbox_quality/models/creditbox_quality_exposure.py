from odoo import fields, models
from odoo.tools import SQL

from .creditbox_quality_clock import BREACH_CAUSES


class CreditboxQualityExposure(models.Model):
    """What is about to fail: each open clock, who holds it, the euro that follow."""

    _name = "creditbox.quality.exposure"
    _description = "Exposure of the Regulated Clocks"
    _auto = False
    _order = "late_at, id"
    _rec_name = "reference"
    _depends = {
        "creditbox.quality.clock": [
            "cause",
            "code",
            "company_id",
            "date_due",
            "double_at",
            "kind",
            "late_at",
            "partner_id",
            "reference",
            "standard_id",
            "start_at",
            "state",
            "supply_id",
            "team",
            "triple_at",
            "user_id",
        ],
        "creditbox.quality.standard": ["base_amount", "growth"],
        "res.company": ["currency_id"],
    }

    clock_id = fields.Many2one("creditbox.quality.clock", readonly=True)
    reference = fields.Char(string="Traceable code", readonly=True)
    standard_id = fields.Many2one("creditbox.quality.standard", readonly=True)
    kind = fields.Selection(
        [("specific", "Specific"), ("general", "General")], readonly=True
    )
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    supply_id = fields.Many2one("creditbox.supply", readonly=True)
    user_id = fields.Many2one("res.users", string="Holder", readonly=True)
    team = fields.Char(readonly=True)
    start_at = fields.Datetime(string="Began", readonly=True)
    date_due = fields.Date(string="Due", readonly=True)
    late_at = fields.Datetime(string="Out of time from", readonly=True)
    cause = fields.Selection(BREACH_CAUSES, string="Cause of the breach", readonly=True)
    standing = fields.Selection(
        [
            ("1_late", "Out of time"),
            ("2_day", "Due today"),
            ("3_week", "Within seven days"),
            ("4_later", "Later"),
            ("5_still", "Suspended"),
        ],
        readonly=True,
    )
    amount_owed = fields.Monetary(
        string="Owed already", readonly=True, help="Indemnities of what is out of time."
    )
    amount_risk = fields.Monetary(
        string="At risk",
        readonly=True,
        help="What is added if it is not done before the next limit.",
    )
    explanation = fields.Char(related="clock_id.explanation")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT c.id, c.id AS clock_id, c.reference, c.standard_id, c.kind,
                   c.company_id, m.currency_id, c.partner_id, c.supply_id, c.user_id,
                   c.team, c.start_at, c.date_due, c.late_at, c.cause,
                   CASE WHEN c.late_at <= %(now)s THEN '1_late'
                        WHEN c.state = 'suspended' THEN '5_still'
                        WHEN c.date_due <= %(today)s THEN '2_day'
                        WHEN c.date_due <= %(today)s + 7 THEN '3_week'
                        ELSE '4_later' END AS standing,
                   CASE WHEN COALESCE(c.cause, 'operator') <> 'operator' THEN 0
                        ELSE b.amount * (
                            (c.late_at <= %(now)s)::int
                            + COALESCE(c.double_at <= %(now)s, FALSE)::int
                            + COALESCE(c.triple_at <= %(now)s, FALSE)::int)
                   END AS amount_owed,
                   CASE WHEN COALESCE(c.cause, 'operator') <> 'operator'
                             OR GREATEST(c.late_at, c.double_at, c.triple_at)
                                <= %(now)s
                             OR c.late_at IS NULL THEN 0
                        ELSE b.amount END AS amount_risk
              FROM creditbox_quality_clock c
              JOIN creditbox_quality_standard s ON s.id = c.standard_id
              JOIN res_company m ON m.id = c.company_id
              JOIN LATERAL (
                    SELECT CASE WHEN c.kind = 'specific'
                                THEN COALESCE(s.base_amount, 0) ELSE 0 END AS amount
                   ) b ON TRUE
             WHERE c.state IN ('running', 'suspended')
            """,
            now=SQL("%s::timestamp", fields.Datetime.now()),
            today=SQL("%s::date", self.env.company._creditbox_today()),
        )

    def action_open_clock(self):
        """:return: action that opens the performance"""
        return self.clock_id._get_records_action()
