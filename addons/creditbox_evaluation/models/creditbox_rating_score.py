"""The score of a company's customers, from their figures: points, band, one upsert."""

from odoo import models
from odoo.tools import SQL

from .creditbox_rating import FIGURES


class CreditboxRating(models.Model):
    _inherit = "creditbox.rating"

    def _sql_points(self, rule):
        """The points of each kind, of 100 in all, rounded to a tenth.

        One division, at the end: so a half is exactly a half, and rounds up.
        """

        def scaled(weight, numerator, denominator):
            return SQL(
                "ROUND(%s::numeric * 100 * (%s) / NULLIF(%s::numeric * (%s), 0), 1)",
                weight,
                numerator,
                total,
                denominator,
            )

        def falling(weight, value, over, zero):
            """All points at 0, none from ``value / over = zero`` on."""
            numerator = SQL("GREATEST(%s::numeric * (%s) - %s, 0)", zero, over, value)
            return scaled(weight, numerator, SQL("%s::numeric * (%s)", zero, over))

        total = (
            rule.weight_punctuality
            + rule.weight_delay
            + rule.weight_overdue
            + rule.weight_worst
            + rule.weight_returned
        )
        one = SQL("1")
        return {
            "points_punctuality": scaled(
                rule.weight_punctuality, SQL("on_time_count"), SQL("bill_count")
            ),
            "points_delay": falling(
                rule.weight_delay,
                SQL("amount_days"),
                SQL("amount_due"),
                rule.zero_delay,
            ),
            "points_overdue": falling(
                rule.weight_overdue,
                SQL("100 * amount_overdue"),
                SQL("amount_due"),
                rule.zero_overdue,
            ),
            "points_worst": falling(
                rule.weight_worst, SQL("worst_days"), one, rule.zero_worst
            ),
            "points_returned": falling(
                rule.weight_returned, SQL("returned_count"), one, rule.zero_returned
            ),
        }

    def _sql_values(self, company, rule, bands, today, partner_ids):
        """By customer, all of FIGURES."""
        points = self._sql_points(rule)
        return SQL(
            """
            SELECT scored.*, %(band)s AS band_id, %(rule)s AS rule_id,
                   ROUND(amount_days / NULLIF(amount_due, 0), 1) AS mean_days,
                   ROUND(100 * amount_overdue / NULLIF(amount_due, 0), 1)
                       AS share_overdue
              FROM (
                SELECT pointed.*,
                       CASE WHEN state = 'rated' THEN ROUND(%(sum)s)::int END AS score
                  FROM (
                    SELECT judged.*,
                           CASE WHEN reason IS NULL THEN 'rated' ELSE 'unrated' END
                               AS state,
                           %(points)s
                      FROM (
                        SELECT figure.*,
                               CASE WHEN bill_count = 0 THEN 'none'
                                    WHEN bill_count < %(min_bills)s THEN 'few'
                                    WHEN history_months < %(min_months)s THEN 'short'
                               END AS reason
                          FROM (%(figures)s) AS figure
                      ) AS judged
                  ) AS pointed
              ) AS scored
            """,
            band=self._sql_band(bands),
            rule=rule.id,
            points=SQL(", ").join(
                SQL(
                    "CASE WHEN reason IS NULL THEN %s END AS %s",
                    value,
                    SQL.identifier(name),
                )
                for name, value in points.items()
            ),
            sum=SQL(" + ").join(SQL.identifier(name) for name in points),
            min_bills=rule.min_bills,
            min_months=rule.min_months,
            figures=self._sql_figures(company, rule, today, partner_ids),
        )

    def _sql_band(self, bands):
        """:param bands: creditbox.rating.band, best first"""
        if not bands:
            return SQL("NULL::int")
        return SQL(
            "CASE %s END",
            SQL(" ").join(
                SQL("WHEN score >= %s THEN %s", band.score_from, band.id)
                for band in bands
            ),
        )

    def _sql_upsert(self, company, rule, bands, today, partner_ids):
        columns = [SQL.identifier(name) for name in FIGURES]
        return SQL(
            """
            INSERT INTO creditbox_rating (company_id, partner_id, date, %(columns)s)
            SELECT %(company)s, partner_id, %(today)s, %(columns)s
              FROM (%(values)s) AS figure
             ORDER BY partner_id
                ON CONFLICT (company_id, partner_id) DO UPDATE SET %(assignments)s
             WHERE (%(old)s) IS DISTINCT FROM (%(new)s)
            """,
            columns=SQL(", ").join(columns),
            values=self._sql_values(company, rule, bands, today, partner_ids),
            assignments=SQL(", ").join(
                SQL("%s = EXCLUDED.%s", column, column)
                for column in (SQL.identifier("date"), *columns)
            ),
            old=SQL(", ").join(
                SQL.identifier("creditbox_rating", name) for name in FIGURES
            ),
            new=SQL(", ").join(SQL("EXCLUDED.%s", column) for column in columns),
            company=company.id,
            today=today,
        )
