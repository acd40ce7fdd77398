"""The course of the scores: what is kept of it, and who has worsened."""

from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.tools import SQL


class CreditboxRating(models.Model):
    _inherit = "creditbox.rating"

    def _keep_course(self, company, rule, today, partner_ids):
        """One row a month and one at each change of the band; then who has worsened."""
        self.env.cr.execute(self._sql_add_course(company, today, partner_ids))
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM creditbox_rating_history
                 WHERE company_id = %s AND date < %s
                """,
                company.id,
                today - relativedelta(months=rule.keep_months),
            )
        )
        if partner_ids is None:
            self.env.cr.execute("ANALYZE creditbox_rating_history")
        self.env.cr.execute(self._sql_compare(company, rule, today, partner_ids))

    def _sql_add_course(self, company, today, partner_ids):
        """Of who has no row of this month, or another band than in the last of them.

        A change within one day leaves one row, the last.
        """
        positions = self.env["creditbox.position"]
        return SQL(
            """
            WITH last AS (
                SELECT DISTINCT ON (rating_id) rating_id, state, band_id
                  FROM creditbox_rating_history AS history
                 WHERE company_id = %(company)s AND date >= %(month)s
                   AND %(known_customers)s
                 ORDER BY rating_id, date DESC
            )
            INSERT INTO creditbox_rating_history (
                rating_id, partner_id, company_id, date, state, score, band_id,
                mean_days, amount_overdue)
            SELECT rating.id, rating.partner_id, rating.company_id, %(today)s,
                   rating.state, rating.score, rating.band_id, rating.mean_days,
                   rating.amount_overdue
              FROM creditbox_rating AS rating
              LEFT JOIN last ON last.rating_id = rating.id
             WHERE rating.company_id = %(company)s AND %(customers)s
               AND (last.rating_id IS NULL
                    OR (last.state, last.band_id)
                       IS DISTINCT FROM (rating.state, rating.band_id))
                ON CONFLICT (rating_id, date) DO UPDATE
                   SET state = EXCLUDED.state, score = EXCLUDED.score,
                       band_id = EXCLUDED.band_id, mean_days = EXCLUDED.mean_days,
                       amount_overdue = EXCLUDED.amount_overdue
            """,
            company=company.id,
            today=today,
            month=today.replace(day=1),
            customers=positions._sql_customers("rating.partner_id", partner_ids),
            known_customers=positions._sql_customers("history.partner_id", partner_ids),
        )

    def _sql_compare(self, company, rule, today, partner_ids):
        positions = self.env["creditbox.position"]
        return SQL(
            """
            WITH course AS (
                SELECT history.rating_id, history.score, history.band_id,
                       history.date, band.score_from
                  FROM creditbox_rating_history AS history
                  JOIN creditbox_rating_band AS band ON band.id = history.band_id
                 WHERE history.company_id = %(company)s AND history.date >= %(start)s
                   AND %(known_customers)s
            ), best AS (
                SELECT DISTINCT ON (rating_id) rating_id, band_id, score_from
                  FROM course ORDER BY rating_id, score_from DESC, date
            ), first AS (
                SELECT DISTINCT ON (rating_id) rating_id, score
                  FROM course ORDER BY rating_id, date
            ), compared AS (
                SELECT rating.id, best.band_id AS former_band_id,
                       COALESCE(best.score_from > band.score_from, FALSE) AS worsened,
                       rating.score - first.score AS score_change
                  FROM creditbox_rating AS rating
                  LEFT JOIN creditbox_rating_band AS band ON band.id = rating.band_id
                  LEFT JOIN best ON best.rating_id = rating.id
                  LEFT JOIN first ON first.rating_id = rating.id
                 WHERE rating.company_id = %(company)s AND %(customers)s
            )
            UPDATE creditbox_rating AS rating
               SET former_band_id = compared.former_band_id,
                   worsened = compared.worsened,
                   score_change = compared.score_change
              FROM compared
             WHERE compared.id = rating.id
               AND (rating.former_band_id, rating.worsened, rating.score_change)
                   IS DISTINCT FROM
                   (compared.former_band_id, compared.worsened, compared.score_change)
            """,
            company=company.id,
            start=today - relativedelta(months=rule.worsening_months),
            customers=positions._sql_customers("rating.partner_id", partner_ids),
            known_customers=positions._sql_customers("history.partner_id", partner_ids),
        )
