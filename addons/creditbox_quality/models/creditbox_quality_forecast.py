from odoo import fields, models
from odoo.tools import SQL

from .creditbox_quality_standard import MACROS


class CreditboxQualityForecast(models.Model):
    """General standards at the end of this year, if nothing changes.

    Open clocks that are out of time will be done out of time, the others in time; in
    the worst case all of them fail. Breaches for causes of others do not count, as in
    the formula of the Authority: NS / (NS + NFS).
    """

    _name = "creditbox.quality.forecast"
    _description = "Forecast of the General Standards"
    _auto = False
    _order = "share_end, id"
    _rec_name = "standard_id"
    _depends = {
        "creditbox.quality.clock": [
            "cause",
            "code",
            "company_id",
            "date_stop",
            "kind",
            "late_at",
            "outcome",
            "standard_id",
            "state",
        ],
        "creditbox.quality.standard": ["macro", "threshold"],
    }

    standard_id = fields.Many2one("creditbox.quality.standard", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    macro = fields.Selection(MACROS, string="Macro-indicator", readonly=True)
    threshold = fields.Float(
        string="To be kept in (%)", readonly=True, digits=(5, 1), aggregator=None
    )
    done_in = fields.Integer(string="In time", readonly=True)
    done_out = fields.Integer(string="Out of time", readonly=True)
    open_good = fields.Integer(string="Open", readonly=True)
    open_late = fields.Integer(string="Open, out of time", readonly=True)
    share_now = fields.Float(
        string="Now (%)", readonly=True, digits=(5, 1), aggregator=None
    )
    share_end = fields.Float(
        string="At year-end (%)", readonly=True, digits=(5, 1), aggregator=None
    )
    share_worst = fields.Float(
        string="If all open ones fail (%)",
        readonly=True,
        digits=(5, 1),
        aggregator=None,
    )
    spare = fields.Integer(
        string="Breaches left",
        readonly=True,
        help="How many of the open ones may still fail. Below zero: it is missed.",
    )
    kept = fields.Boolean(string="Will be kept", readonly=True)

    @property
    def _table_query(self):
        now = fields.Datetime.now()
        today = self.env.company._creditbox_today()
        return SQL(
            """
            WITH counted AS (
                SELECT company_id, code, max(standard_id) AS standard_id,
                       count(*) FILTER (WHERE outcome = 'in'
                           AND state = 'stopped') AS good,
                       count(*) FILTER (WHERE outcome = 'out' AND state = 'stopped'
                           AND cause = 'operator') AS bad,
                       count(*) FILTER (WHERE state <> 'stopped'
                           AND (late_at IS NULL OR late_at > %(now)s)) AS waiting,
                       count(*) FILTER (WHERE state <> 'stopped' AND late_at <= %(now)s
                           AND COALESCE(cause, 'operator') = 'operator') AS late
                  FROM (
                    SELECT company_id, code, standard_id, outcome, state, cause, late_at
                      FROM creditbox_quality_clock
                     WHERE kind = 'general' AND state = 'stopped'
                       AND date_stop BETWEEN %(first)s AND %(last)s
                     UNION ALL
                    SELECT company_id, code, standard_id, outcome, state, cause, late_at
                      FROM creditbox_quality_clock
                     WHERE kind = 'general' AND state IN ('running', 'suspended')) c
                 GROUP BY company_id, code)
            SELECT c.standard_id * 10000::bigint + c.company_id AS id, c.standard_id,
                   c.company_id, s.macro, s.threshold, good AS done_in, bad AS done_out,
                   waiting AS open_good, late AS open_late,
                   100.0 * good / NULLIF(good + bad, 0) AS share_now,
                   100.0 * (good + waiting) / NULLIF(good + bad + waiting + late, 0)
                       AS share_end,
                   100.0 * good / NULLIF(good + bad + waiting + late, 0) AS share_worst,
                   floor((good + waiting)
                       - (good + bad + waiting + late) * s.threshold / 100)::int
                       AS spare,
                   (good + waiting) >=
                       (good + bad + waiting + late) * s.threshold / 100 AS kept
              FROM counted c
              JOIN creditbox_quality_standard s ON s.id = c.standard_id
            """,
            now=SQL("%s::timestamp", now),
            first=today.replace(month=1, day=1),
            last=today.replace(month=12, day=31),
        )

    def action_open_clocks(self):
        """:return: action that opens the clocks of the year and the open ones"""
        self.ensure_one()
        today = self.company_id._creditbox_today()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_quality.creditbox_quality_clock_action"
        )
        return dict(
            action,
            domain=[
                ("company_id", "=", self.company_id.id),
                ("code", "=", self.standard_id.code),
                "|",
                ("state", "in", ("running", "suspended")),
                ("date_stop", ">=", today.replace(month=1, day=1)),
            ],
            context={},
        )
