"""How customers are evaluated: by SQL, a whole company in a handful of statements."""

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL


class CreditboxRating(models.Model):
    _inherit = "creditbox.rating"

    @api.model
    def _refresh(self, partner_ids=None, companies=None):
        """Make evaluations, their course and alerts what the accounts say today.

        :param partner_ids: ids of customers; None for everybody
        :param companies: res.company, by default those of the environment
        """
        if partner_ids is not None:
            partners = self.env["res.partner"].browse(partner_ids)
            # the customer above an address that may be seen need not be visible
            partner_ids = partners.sudo().commercial_partner_id.ids
            if not partner_ids:
                return
        self.env.flush_all()
        for company in companies or self.env.companies:
            self._refresh_company(company, partner_ids)
        self.env.invalidate_all()

    def _refresh_company(self, company, partner_ids):
        today = company._creditbox_today()
        rule = self.env["creditbox.rating.rule"]._in_force(company, today)
        if rule:
            bands = self.env["creditbox.rating.band"]._of_company(company)
            self._gather_bills(company, rule, today, partner_ids)
            self.env.cr.execute(
                self._sql_upsert(company, rule, bands, today, partner_ids)
            )
            self._keep_course(company, rule, today, partner_ids)
            self.env.cr.execute("DROP TABLE creditbox_rating_line")
            if partner_ids is None:
                self.env.cr.execute("ANALYZE creditbox_rating")
        self.env["creditbox.alert"]._refresh(company, partner_ids)

    @api.model
    def _cron_refresh(self):
        """Every night, after the positions."""
        companies = self.env["res.company"].search([("active", "=", True)])
        for done, company in enumerate(companies, start=1):
            self._refresh(companies=company)
            self.env["ir.cron"]._commit_progress(1, remaining=len(companies) - done)

    # ------------------------------------------------------------------
    # the bills
    # ------------------------------------------------------------------
    def _gather_bills(self, company, rule, today, partner_ids):
        """Temporary table of all posted bills of the customers, one row a due date.

        ``counts``: it fell due in the period, or earlier and is still unpaid.
        """
        positions = self.env["creditbox.position"]
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE creditbox_rating_line ON COMMIT DROP AS
                SELECT line.id AS line_id,
                       line.move_id,
                       partner.commercial_partner_id AS partner_id,
                       due.day AS due,
                       line.amount_residual AS residual,
                       due.day < %(today)s
                           AND (due.day >= %(start)s OR line.amount_residual > 0)
                           AS counts
                  FROM account_move_line AS line
                  JOIN account_move AS move ON move.id = line.move_id
                  JOIN res_partner AS partner ON partner.id = line.partner_id
                 CROSS JOIN LATERAL (
                    SELECT COALESCE(line.date_maturity, line.date) AS day) AS due
                 WHERE line.company_id = %(company)s
                   AND line.account_id = ANY(%(receivable)s)
                   AND line.parent_state = 'posted'
                   AND line.balance > 0
                   AND move.move_type = 'out_invoice'
                   AND move.creditbox_charge IS NULL
                   AND %(customers)s
                """,
                today=today,
                start=self._first_day(rule, today),
                company=company.id,
                receivable=positions._receivable_accounts(company).ids,
                customers=positions._sql_customers(
                    "partner.commercial_partner_id", partner_ids
                ),
            )
        )
        # the statements below join what this one has filled
        self.env.cr.execute("ANALYZE creditbox_rating_line")

    @api.model
    def _first_day(self, rule, today):
        """:return: first due date of the period that the rule looks at"""
        return today - relativedelta(months=rule.months)

    def _sql_parts(self, rule, today):
        """What has become of each part of a bill that counts, as a SELECT.

        :return: SQL of the columns (partner_id, move_id, open, amount, days): a part is
            what one payment has paid, or what is unpaid; days beyond the due date, 0
            within the tolerance. What a credit note has covered is no part: the bill is
            smaller by it.
        """
        return SQL(
            """
            SELECT line.partner_id, line.move_id, line.residual AS open,
                   line.residual AS amount, late.days
              FROM creditbox_rating_line AS line
             CROSS JOIN LATERAL (SELECT %(today)s - line.due AS days) AS beyond
             CROSS JOIN LATERAL (
                SELECT CASE WHEN beyond.days > %(tolerance)s THEN beyond.days ELSE 0 END
                       AS days) AS late
             WHERE line.counts AND line.residual > 0
             UNION ALL
            SELECT line.partner_id, line.move_id, 0, part.amount,
                   CASE WHEN paid.date - line.due > %(tolerance)s
                        THEN paid.date - line.due ELSE 0 END
              FROM creditbox_rating_line AS line
              JOIN account_partial_reconcile AS part
                ON part.debit_move_id = line.line_id
              JOIN account_move_line AS paid ON paid.id = part.credit_move_id
             WHERE line.counts AND part.amount > 0
               AND NOT EXISTS (
                SELECT FROM account_move AS note
                 WHERE note.id = paid.move_id AND note.move_type = 'out_refund')
            """,
            today=today,
            tolerance=rule.tolerance_days,
        )

    def _sql_figures(self, company, rule, today, partner_ids):
        """By customer, counts and sums; zeros of who has no bill any more."""
        positions = self.env["creditbox.position"]
        return SQL(
            """
            WITH bill AS (
                SELECT partner_id, SUM(open) AS open, SUM(amount) AS amount,
                       SUM(amount * days) AS amount_days, MAX(days) AS days
                  FROM (%(parts)s) AS part
                 GROUP BY partner_id, move_id
            ), paid AS (
                SELECT partner_id,
                       COUNT(*) FILTER (WHERE open = 0 OR days > 0) AS bill_count,
                       COUNT(*) FILTER (WHERE open = 0 AND days = 0) AS on_time_count,
                       COUNT(*) FILTER (WHERE open = 0 AND days > 0) AS late_count,
                       COUNT(*) FILTER (WHERE open > 0 AND days > 0) AS unpaid_count,
                       SUM(amount) AS amount_due,
                       SUM(amount_days) AS amount_days,
                       MAX(days) AS worst_days
                  FROM bill
                 GROUP BY partner_id
            ), known AS (
                SELECT partner_id,
                       MIN(due) FILTER (WHERE due < %(today)s) AS date_first,
                       SUM(residual) FILTER (WHERE counts AND residual > 0)
                           AS amount_overdue,
                       MIN(due) FILTER (WHERE counts AND residual > 0)
                           AS oldest_due_date
                  FROM creditbox_rating_line
                 GROUP BY partner_id
                 UNION ALL
                SELECT partner_id, NULL, NULL, NULL
                  FROM creditbox_rating AS former
                 WHERE company_id = %(company)s AND %(customers)s
                   AND NOT EXISTS (
                    SELECT FROM creditbox_rating_line AS line
                     WHERE line.partner_id = former.partner_id)
            ), returned AS (
                SELECT partner_id, COUNT(*) AS returned_count
                  FROM (%(returned)s) AS payment
                 GROUP BY partner_id
            )
            SELECT known.partner_id, known.date_first, known.oldest_due_date,
                   COALESCE(known.amount_overdue, 0) AS amount_overdue,
                   COALESCE(paid.bill_count, 0) AS bill_count,
                   COALESCE(paid.on_time_count, 0) AS on_time_count,
                   COALESCE(paid.late_count, 0) AS late_count,
                   COALESCE(paid.unpaid_count, 0) AS unpaid_count,
                   COALESCE(paid.amount_due, 0) AS amount_due,
                   COALESCE(paid.amount_days, 0) AS amount_days,
                   COALESCE(paid.worst_days, 0) AS worst_days,
                   COALESCE(returned.returned_count, 0) AS returned_count,
                   COALESCE(
                       EXTRACT(YEAR FROM history.age) * 12
                       + EXTRACT(MONTH FROM history.age), 0)::int AS history_months
              FROM known
              LEFT JOIN paid ON paid.partner_id = known.partner_id
              LEFT JOIN returned ON returned.partner_id = known.partner_id
             CROSS JOIN LATERAL (
                SELECT age(%(today)s::timestamp, known.date_first::timestamp) AS age
             ) AS history
            """,
            parts=self._sql_parts(rule, today),
            returned=self._sql_returned(
                company, self._first_day(rule, today), partner_ids
            ),
            customers=positions._sql_customers("former.partner_id", partner_ids),
            company=company.id,
            today=today,
        )

    @api.model
    def _sql_returned(self, company, start, partner_ids=None):
        """Payments of customers that the bank gave back, as a SELECT.

        A payment is returned if it was rejected, or cancelled after it had been posted
        (so do billing systems tell it), if its entry was reversed, or if a later entry
        that is no payment to the customer takes it from his account again.

        :param start: first date of the return, of the payment where that is unknown
        :param partner_ids: ids of customers, None for everybody
        :return: SQL of the columns (partner_id, payment_id, date, amount); the date is
            that of the payment
        """
        positions = self.env["creditbox.position"]
        # archived and bookkeepers' journals too: only their ids are used
        journals = self.env["account.journal"].sudo().with_context(active_test=False)
        return SQL(
            """
            SELECT partner.commercial_partner_id AS partner_id,
                   given.payment_id,
                   MAX(given.date) AS date,
                   MAX(given.amount) AS amount
              FROM (
                SELECT payment.id AS payment_id, payment.partner_id, payment.date,
                       payment.amount
                  FROM account_payment AS payment
                  LEFT JOIN account_move AS entry ON entry.id = payment.move_id
                 WHERE payment.company_id = %(company)s
                   AND (payment.state = 'rejected'
                        OR payment.state = 'canceled' AND entry.posted_before)
                   AND payment.payment_type = 'inbound' AND payment.date >= %(start)s
                   AND %(payers)s
                 UNION ALL
                SELECT payment.id, payment.partner_id, payment.date, payment.amount
                  FROM account_move AS reversal
                  JOIN account_payment AS payment
                    ON payment.move_id = reversal.reversed_entry_id
                 WHERE reversal.company_id = %(company)s
                   AND reversal.state = 'posted'
                   AND reversal.date >= %(start)s
                   AND payment.payment_type = 'inbound'
                   AND %(payers)s
                 UNION ALL
                SELECT payment.id, payment.partner_id, payment.date, part.amount
                  FROM account_move_line AS back
                  JOIN account_move AS entry ON entry.id = back.move_id
                  JOIN account_partial_reconcile AS part
                    ON part.debit_move_id = back.id
                  JOIN account_move_line AS paid ON paid.id = part.credit_move_id
                  JOIN account_payment AS payment ON payment.move_id = paid.move_id
                 WHERE back.company_id = %(company)s
                   AND back.account_id = ANY(%(receivable)s)
                   AND back.journal_id = ANY(%(journals)s)
                   AND back.parent_state = 'posted'
                   AND back.balance > 0
                   AND back.date >= %(start)s
                   AND %(debtors)s
                   AND entry.move_type = 'entry'
                   AND entry.origin_payment_id IS NULL
                   AND payment.payment_type = 'inbound'
              ) AS given
              JOIN res_partner AS partner ON partner.id = given.partner_id
             GROUP BY partner.commercial_partner_id, given.payment_id
            """,
            company=company.id,
            start=start,
            payers=self._sql_addresses("payment.partner_id", partner_ids),
            debtors=self._sql_addresses("back.partner_id", partner_ids),
            receivable=positions._receivable_accounts(company).ids,
            # the few lines that are not of bills are found before anything is joined
            journals=journals.search(
                [("company_id", "=", company.id), ("type", "!=", "sale")]
            ).ids,
        )

    @api.model
    def _sql_addresses(self, column, partner_ids):
        """Condition that the column names one of the customers or their addresses."""
        if partner_ids is None:
            return SQL("TRUE")
        return SQL(
            "%s IN (SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%s))",
            SQL.identifier(*column.split(".")),
            list(partner_ids),
        )
