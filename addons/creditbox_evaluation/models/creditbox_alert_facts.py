"""Which alerts there must be: each kind one SELECT of facts, over a whole company."""

from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

BOUNCES = 1  # mails in a row that came back


class CreditboxAlert(models.Model):
    _inherit = "creditbox.alert"

    @api.model
    def _refresh(self, company, partner_ids=None):
        """Make the alerts what the facts say today.

        :param partner_ids: ids of customers, None for everybody
        """
        self.env.flush_all()
        today = company._creditbox_today()
        rule = self.env["creditbox.rating.rule"]._in_force(company, today)
        if not rule:
            return
        customers = self._sql_customers(partner_ids)
        self._gather_facts(company, rule, today, customers)
        self._close_gone(company, today, customers)
        self._update_known(company)
        found = self._insert_new(company, today)
        self.env.cr.execute("DROP TABLE creditbox_alert_fact")
        self.invalidate_model()
        self._hold_found(found)
        self._schedule(company, today)

    def _sql_customers(self, partner_ids):
        """:return: condition on the column partner_id, which the planner can push into
        each SELECT of the facts"""
        if partner_ids is None:
            return SQL("TRUE")
        return SQL("partner_id = ANY(%s)", list(partner_ids))

    def _gather_facts(self, company, rule, today, customers):
        """Temporary table of the facts; of two alike the graver one counts."""
        facts = SQL(" UNION ALL ").join(self._sql_facts(company, rule, today))
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE creditbox_alert_fact ON COMMIT DROP AS
                SELECT DISTINCT ON (partner_id, kind, fact) *
                  FROM (%(facts)s) AS found (
                    partner_id, kind, fact, rank, amount, amount_limit, date_fact, data)
                 WHERE %(customers)s
                 ORDER BY partner_id, kind, fact, rank DESC
                """,
                facts=facts,
                customers=customers,
            )
        )
        self.env.cr.execute("ANALYZE creditbox_alert_fact")

    # ------------------------------------------------------------------
    # the facts
    # ------------------------------------------------------------------
    def _sql_facts(self, company, rule, today):
        """Yield SELECTs of (partner_id, kind, fact, rank, amount, amount_limit,
        date_fact, data). Addons that know of other facts add theirs.

        ``fact`` tells one from another of the same customer and kind; rank: 1 low, 2
        medium, 3 high.
        """
        yield self._sql_fact_limit(company, today)
        yield self._sql_fact_cover(company, today)
        yield self._sql_fact_cover_end(company, rule, today)
        yield self._sql_fact_worsening(company)
        yield self._sql_fact_returned(company, rule, today)
        yield self._sql_fact_bounced(company)
        yield self._sql_fact_incomplete(company)
        yield from self._sql_facts_reported(company)

    def _sql_exposures(self, company):
        return SQL(
            """
            SELECT partner_id, SUM(amount_balance) AS balance,
                   SUM(amount_overdue) AS overdue
              FROM creditbox_position WHERE company_id = %s GROUP BY partner_id
            """,
            company.id,
        )

    def _sql_fact_limit(self, company, today):
        return SQL(
            """
            SELECT credit.partner_id, 'limit', credit.id::text, 3, owed.balance,
                   credit.amount, NULL::date, NULL::jsonb
              FROM creditbox_limit AS credit
              JOIN (%(exposures)s) AS owed ON owed.partner_id = credit.partner_id
             WHERE credit.company_id = %(company)s AND credit.active
               AND credit.date_from <= %(today)s
               AND COALESCE(credit.date_to, %(today)s) >= %(today)s
               AND owed.balance > credit.amount
            """,
            exposures=self._sql_exposures(company),
            company=company.id,
            today=today,
        )

    def _sql_fact_cover(self, company, today):
        """What is owed is more than all covers in force together."""
        return SQL(
            """
            SELECT cover.partner_id, 'cover', 'sum', 2, owed.balance, cover.amount,
                   NULL::date, NULL::jsonb
              FROM (
                SELECT partner_id, SUM(amount) AS amount
                  FROM creditbox_cover
                 WHERE company_id = %(company)s AND active
                   AND date_from <= %(today)s AND date_to >= %(today)s
                 GROUP BY partner_id) AS cover
              JOIN (%(exposures)s) AS owed ON owed.partner_id = cover.partner_id
             WHERE owed.balance > cover.amount
            """,
            exposures=self._sql_exposures(company),
            company=company.id,
            today=today,
        )

    def _sql_fact_cover_end(self, company, rule, today):
        """A cover ends, or has ended, no other is there, and something is owed."""
        return SQL(
            """
            SELECT cover.partner_id, 'cover_end', cover.id::text,
                   CASE WHEN cover.date_to < %(today)s THEN 3 ELSE 2 END,
                   owed.balance, cover.amount, cover.date_to,
                   jsonb_build_object('policy', cover.policy)
              FROM creditbox_cover AS cover
              JOIN (%(exposures)s) AS owed ON owed.partner_id = cover.partner_id
             WHERE cover.company_id = %(company)s AND cover.active
               AND cover.date_to <= %(until)s AND owed.balance > 0
               AND NOT EXISTS (
                SELECT FROM creditbox_cover AS other
                 WHERE other.partner_id = cover.partner_id
                   AND other.company_id = cover.company_id AND other.active
                   AND (other.date_to, other.id) > (cover.date_to, cover.id))
            """,
            exposures=self._sql_exposures(company),
            company=company.id,
            today=today,
            until=today + timedelta(days=rule.cover_notice_days),
        )

    def _sql_fact_worsening(self, company):
        return SQL(
            """
            SELECT rating.partner_id, 'worsening', rating.band_id::text,
                   CASE WHEN band.level = 'risk' THEN 3 ELSE 2 END,
                   rating.amount_overdue, NULL, rating.date,
                   jsonb_build_object(
                       'band', rating.band_id, 'former', rating.former_band_id,
                       'score', rating.score)
              FROM creditbox_rating AS rating
              JOIN creditbox_rating_band AS band ON band.id = rating.band_id
             WHERE rating.company_id = %s AND rating.worsened
            """,
            company.id,
        )

    def _sql_fact_returned(self, company, rule, today):
        return SQL(
            """
            SELECT partner_id, 'returned', payment_id::text, 2, amount, NULL, date,
                   NULL::jsonb
              FROM (%s) AS payment
            """,
            self.env["creditbox.rating"]._sql_returned(
                company, today - timedelta(days=rule.returned_days)
            ),
        )

    def _sql_fact_bounced(self, company):
        """Mails come back from a customer who owes something."""
        return SQL(
            """
            SELECT partner.id, 'address', 'email', 1, owed.overdue, NULL, NULL::date,
                   jsonb_build_object('email', partner.email)
              FROM (%(exposures)s) AS owed
              JOIN res_partner AS partner ON partner.id = owed.partner_id
             WHERE owed.overdue > 0 AND partner.message_bounce >= %(bounces)s
               AND COALESCE(partner.email, '') <> ''
            """,
            exposures=self._sql_exposures(company),
            bounces=BOUNCES,
        )

    def _sql_fact_incomplete(self, company):
        """Nobody could write to a customer who owes something."""
        return SQL(
            """
            SELECT partner.id, 'address', 'postal', 1, owed.overdue, NULL, NULL::date,
                   NULL::jsonb
              FROM (%(exposures)s) AS owed
              JOIN res_partner AS partner ON partner.id = owed.partner_id
             WHERE owed.overdue > 0
               AND (COALESCE(partner.street, '') = ''
                    OR COALESCE(partner.city, '') = ''
                    OR COALESCE(partner.zip, '') = '')
            """,
            exposures=self._sql_exposures(company),
        )

    def _sql_facts_reported(self, company):
        """What the last report of each provider says."""
        last = SQL(
            """
            SELECT DISTINCT ON (partner_id, provider_id) *
              FROM creditbox_information_report
             WHERE company_id = %s AND state = 'received'
             ORDER BY partner_id, provider_id, date_received DESC, id DESC
            """,
            company.id,
        )
        yield SQL(
            """
            SELECT partner_id, 'insolvency', 'provider ' || provider_id, 3, NULL, NULL,
                   COALESCE(date_insolvency, date_received),
                   jsonb_build_object('provider', provider_id)
              FROM (%s) AS report WHERE insolvency
            """,
            last,
        )
        yield SQL(
            """
            SELECT partner_id, 'address', 'provider ' || provider_id, 1, NULL, NULL,
                   date_received, jsonb_build_object('provider', provider_id)
              FROM (%s) AS report WHERE address_wrong
            """,
            last,
        )

    # ------------------------------------------------------------------
    # what follows from them
    # ------------------------------------------------------------------
    def _close_gone(self, company, today, customers):
        """What is no fact any more closes by itself, and its activities go."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE creditbox_alert AS alert
                   SET live = FALSE,
                       date_closed = CASE WHEN state = 'closed' THEN date_closed
                                          ELSE %(today)s END,
                       close_reason = CASE WHEN state = 'closed' THEN close_reason
                                           ELSE 'gone' END,
                       state = 'closed',
                       write_date = %(now)s, write_uid = %(uid)s
                 WHERE company_id = %(company)s AND live AND by_hand IS NOT TRUE
                   AND %(customers)s
                   AND NOT EXISTS (
                    SELECT FROM creditbox_alert_fact AS found
                     WHERE found.partner_id = alert.partner_id
                       AND found.kind = alert.kind AND found.fact = alert.fact)
             RETURNING id, hold_id
                """,
                company=company.id,
                today=today,
                now=self.env.cr.now(),
                uid=self.env.uid,
                customers=customers,
            )
        )
        closed = self.env.cr.fetchall()
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM mail_activity
                 WHERE res_model = 'creditbox.alert' AND active AND res_id = ANY(%s)
                """,
                [row[0] for row in closed],
            )
        )
        self.invalidate_model()
        holds = self.env["creditbox.hold"].browse(row[1] for row in closed if row[1])
        holds.action_release()

    def _update_known(self, company):
        """The figures of what goes on."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE creditbox_alert AS alert
                   SET amount = found.amount, amount_limit = found.amount_limit,
                       date_fact = found.date_fact, data = found.data
                  FROM creditbox_alert_fact AS found
                 WHERE alert.company_id = %s AND alert.live AND alert.state <> 'closed'
                   AND alert.partner_id = found.partner_id
                   AND alert.kind = found.kind AND alert.fact = found.fact
                   AND (alert.amount, alert.amount_limit, alert.date_fact, alert.data)
                       IS DISTINCT FROM
                       (found.amount, found.amount_limit, found.date_fact, found.data)
                """,
                company.id,
            )
        )

    def _insert_new(self, company, today):
        """:return: ids of the new alerts of insolvency"""
        self.env.cr.execute(
            SQL(
                """
                WITH owner AS (
                    SELECT DISTINCT ON (partner_id) partner_id, user_id
                      FROM creditbox_position
                     WHERE company_id = %(company)s AND user_id IS NOT NULL
                     ORDER BY partner_id, amount_overdue DESC, id
                ), added AS (
                    INSERT INTO creditbox_alert (
                        partner_id, company_id, kind, severity, rank, state, date,
                        user_id, fact, live, by_hand, amount, amount_limit, date_fact,
                        data, create_uid, write_uid, create_date, write_date)
                    SELECT found.partner_id, %(company)s, found.kind,
                           (ARRAY['low', 'medium', 'high'])[found.rank], found.rank,
                           'open', %(today)s, owner.user_id, found.fact, TRUE, FALSE,
                           found.amount, found.amount_limit, found.date_fact,
                           found.data, %(uid)s, %(uid)s, %(now)s, %(now)s
                      FROM creditbox_alert_fact AS found
                      LEFT JOIN owner ON owner.partner_id = found.partner_id
                     WHERE NOT EXISTS (
                        SELECT FROM creditbox_alert AS known
                         WHERE known.company_id = %(company)s AND known.live
                           AND known.partner_id = found.partner_id
                           AND known.kind = found.kind AND known.fact = found.fact)
                     ORDER BY found.rank, found.partner_id
                        ON CONFLICT DO NOTHING
                 RETURNING id, kind
                )
                SELECT id FROM added WHERE kind = 'insolvency'
                """,
                company=company.id,
                today=today,
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        return [row[0] for row in self.env.cr.fetchall()]

    def _hold_found(self, alert_ids):
        self.browse(alert_ids)._hold_insolvent()

    def _schedule(self, company, today):
        """Graver open alerts without an activity give one to their operator."""
        model = self.env["ir.model"]._get(self._name)
        kind = self.env.ref("creditbox_evaluation.mail_activity_type_alert")
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mail_activity (
                    res_model_id, res_model, res_id, res_name, activity_type_id,
                    date_deadline, user_id, automated, active, create_uid, write_uid,
                    create_date, write_date)
                SELECT %(model_id)s, %(model)s, alert.id, partner.name, %(kind)s,
                       %(today)s, alert.user_id, TRUE, TRUE, %(uid)s, %(uid)s, %(now)s,
                       %(now)s
                  FROM creditbox_alert AS alert
                  JOIN res_partner AS partner ON partner.id = alert.partner_id
                 WHERE alert.company_id = %(company)s AND alert.state = 'open'
                   AND alert.rank > 1 AND alert.user_id IS NOT NULL
                   AND NOT EXISTS (
                    SELECT FROM mail_activity AS known
                     WHERE known.res_model = %(model)s AND known.res_id = alert.id)
                """,
                model_id=model.id,
                model=self._name,
                kind=kind.id,
                today=today,
                uid=self.env.uid,
                now=self.env.cr.now(),
                company=company.id,
            )
        )
        self.env["mail.activity"].invalidate_model()
