"""How each KPI is measured: one method each, by SQL, for a company and a day."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from ..tools.countback import countback_days

MONTHS_BACK = 36
RECOVERY_DAYS = 30


class CreditboxKpi(models.Model):
    _inherit = "creditbox.kpi"

    @api.model
    def _measure(self, company, day, snapshot=None):
        """All KPIs of the company at the day, and for the month that it ends.

        :param snapshot: that of the day, for what only snapshots know
        :return: [(code, detail, numerator, denominator)]; the value is their ratio
        """
        first = day.replace(day=1)
        closing = self._debts(company, day)
        opening = self._debts(company, first - timedelta(days=1))
        billed = self._billed(company, day)
        measures = [
            *self._measure_dso(closing, billed, day),
            self._measure_cei(opening, closing, billed[0][1]),
            self._measure_beyond_terms(company, first, day),
            *self._measure_recovery(company, day),
            self._measure_stopped(company, first, day),
            *self._measure_promises(company, first, day),
            *(self._measure_roll(snapshot) if snapshot else ()),
        ]
        return [m for m in measures if m[3]]

    # -- what the accounts say -----------------------------------------------------

    @api.model
    def _debts(self, company, day):
        """What was owed at the end of the day.

        :return: {"overdue", "not_due", "credit", "net"}
        """
        position = self.env["creditbox.position"].with_context(
            creditbox_past_accounts=True
        )
        position._flush_debts()
        self.env["account.partial.reconcile"].flush_model()
        [(overdue, not_due, credit)] = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(SUM(residual) FILTER (
                           WHERE residual > 0 AND date_maturity < %(day)s), 0),
                       COALESCE(SUM(residual) FILTER (
                           WHERE residual > 0 AND date_maturity >= %(day)s), 0),
                       COALESCE(-SUM(residual) FILTER (WHERE residual < 0), 0)
                  FROM (%(lines)s) AS line
                """,
                day=day,
                lines=position._sql_open_lines(company, day),
            )
        )
        net = overdue + not_due - credit
        return {"overdue": overdue, "not_due": not_due, "credit": credit, "net": net}

    @api.model
    def _billed(self, company, day):
        """Bills less credit notes by month of their accounting date.

        :return: [(days, amount)], that of the day first, cut off at the day
        """
        start = day.replace(day=1) - relativedelta(months=MONTHS_BACK - 1)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DATE_TRUNC('month', line.date)::date, SUM(line.balance)
                  FROM account_move_line AS line
                  JOIN account_move AS move ON move.id = line.move_id
                 WHERE line.company_id = %(company)s
                   AND line.account_id = ANY(%(receivable)s)
                   AND line.parent_state = 'posted'
                   AND line.date BETWEEN %(start)s AND %(day)s
                   AND move.move_type IN ('out_invoice', 'out_refund')
                 GROUP BY 1
                """,
                company=company.id,
                receivable=self.env["creditbox.position"]
                ._receivable_accounts(company)
                .ids,
                start=start,
                day=day,
            )
        )
        amounts = dict(rows)
        months, first, last = [], day.replace(day=1), day
        for _month in range(MONTHS_BACK):
            months.append((last.day, amounts.get(first, 0)))
            last = first - timedelta(days=1)
            first = last.replace(day=1)
        return months

    @api.model
    def _measure_dso(self, closing, billed, day):
        """DSO by countback of what is owed; the best possible, of what is not due.

        Of several companies it is the mean weighted by what is owed.
        """
        for code, balance in (
            ("dso", closing["net"]),
            ("best_dso", closing["not_due"]),
        ):
            weight = max(closing["net"], 0)
            yield code, "", countback_days(balance, billed) * float(weight), weight

    @api.model
    def _measure_cei(self, opening, closing, billed):
        """Collection effectiveness: collected ÷ what could be collected."""
        collected = opening["net"] + billed - closing["net"]
        collectable = opening["net"] + billed - closing["not_due"]
        return "cei", "", collected, max(collectable, 0)

    @api.model
    def _measure_beyond_terms(self, company, first, last):
        """Days between due date and payment, weighted by what was paid."""
        [(days, paid)] = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(SUM(partial.amount
                           * (pay.date - COALESCE(bill.date_maturity, bill.date))), 0),
                       COALESCE(SUM(partial.amount), 0)
                  FROM (%s) AS partial
                  JOIN account_move_line AS bill ON bill.id = partial.debit_move_id
                  JOIN account_move_line AS pay ON pay.id = partial.credit_move_id
                """,
                self._sql_paid(company, first, last),
            )
        )
        return "beyond_terms", "", days, paid

    @api.model
    def _sql_paid(self, company, first, last):
        """The matchings of bills with payments dated in the period, as a SELECT."""
        return SQL(
            """
            SELECT partial.*
              FROM account_partial_reconcile AS partial
              JOIN account_move_line AS bill ON bill.id = partial.debit_move_id
              JOIN account_move_line AS pay ON pay.id = partial.credit_move_id
              JOIN account_move AS bill_move ON bill_move.id = bill.move_id
              JOIN account_move AS pay_move ON pay_move.id = pay.move_id
             WHERE partial.company_id = %(company)s
               AND pay.date BETWEEN %(first)s AND %(last)s
               AND bill.account_id = ANY(%(receivable)s)
               AND bill_move.move_type = 'out_invoice'
               AND pay_move.move_type = 'entry'
            """,
            company=company.id,
            first=first,
            last=last,
            receivable=self.env["creditbox.position"]._receivable_accounts(company).ids,
        )

    # -- what snapshots say --------------------------------------------------------

    @api.model
    def _measure_roll(self, snapshot):
        """Of what was in a bucket a month ago, how much is still open, grown older."""
        before = snapshot._month_before()
        if not before:
            return []
        rows = self.env.execute_query(
            SQL(
                """
                SELECT old.bucket_id,
                       COALESCE(SUM(LEAST(old.amount_overdue + old.amount_not_due,
                                          COALESCE(new.amount_overdue, 0))), 0),
                       SUM(old.amount_overdue + old.amount_not_due)
                  FROM creditbox_snapshot_line AS old
                  LEFT JOIN creditbox_snapshot_line AS new
                         ON new.line_id = old.line_id AND new.snapshot_id = %s
                 WHERE old.snapshot_id = %s AND old.bucket_id IS NOT NULL
                 GROUP BY old.bucket_id
                """,
                snapshot.id,
                before.id,
            )
        )
        names = {bucket["id"]: bucket for bucket in before.buckets}
        return [
            ("roll", self._roll_detail(names[id_]), still_open, was)
            for id_, still_open, was in rows
            if id_ in names
        ]

    @api.model
    def _roll_detail(self, bucket):
        """Buckets of companies are alike where they begin on the same day."""
        return f"{'o' if bucket['overdue'] else 'd'}{bucket['day_from']}"

    # -- what the actions brought --------------------------------------------------

    @api.model
    def _recovery_period(self, day):
        """Actions of a month that have had their days: first and last day."""
        last = day - timedelta(days=RECOVERY_DAYS)
        return last - timedelta(days=29), last

    @api.model
    def _measure_recovery(self, company, day):
        """Euro paid within 30 days after an action and before the next one, by code."""
        self.env["creditbox.action"].flush_model()
        self.env["creditbox.action.line"].flush_model()
        first, last = self._recovery_period(day)
        rows = self.env.execute_query(
            SQL(
                """
                WITH done AS MATERIALIZED (
                    SELECT id, code, position_id, date_done
                      FROM creditbox_action
                     WHERE company_id = %(company)s
                       AND state IN ('done', 'delivered')
                       AND date_done BETWEEN %(first)s AND %(last)s),
                bounded AS (
                    SELECT done.*, (
                        SELECT MIN(next.date_done)
                          FROM creditbox_action AS next
                         WHERE next.position_id = done.position_id
                           AND next.state IN ('done', 'delivered')
                           AND next.date_done > done.date_done) AS next_date
                      FROM done)
                SELECT bounded.code, SUM(LEAST(line.amount, paid.amount)),
                       SUM(line.amount)
                  FROM bounded
                  JOIN creditbox_action_line AS line ON line.action_id = bounded.id
                  JOIN creditbox_item AS item ON item.id = line.item_id
                 CROSS JOIN LATERAL (
                    SELECT COALESCE(SUM(partial.amount), 0) AS amount
                      FROM account_partial_reconcile AS partial
                      JOIN account_move_line AS pay ON pay.id = partial.credit_move_id
                      JOIN account_move AS move ON move.id = pay.move_id
                     WHERE partial.debit_move_id = item.move_line_id
                       AND move.move_type = 'entry'
                       AND pay.date BETWEEN bounded.date_done
                           AND bounded.date_done + %(days)s
                       AND (bounded.next_date IS NULL
                            OR pay.date < bounded.next_date)) AS paid
                 GROUP BY bounded.code
                """,
                company=company.id,
                first=first,
                last=last,
                days=RECOVERY_DAYS,
            )
        )
        return [("recovery", code, paid, amount) for code, paid, amount in rows]

    @api.model
    def _measure_stopped(self, company, first, last):
        """Actions that a payment stopped ÷ actions paid before they left.

        What counts is when the payment was known here, not its date.
        """
        rows = self._stopped(company, first, last)
        return "stopped", "", sum(1 for _id, ok in rows if ok), len(rows)

    @api.model
    def _stopped(self, company, first, last):
        """:return: [(id of an action paid before its end, whether it was stopped)]"""
        self.env["creditbox.action"].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT action.id, action.state = 'cancelled'
                  FROM creditbox_action AS action
                  JOIN creditbox_action_line AS line ON line.action_id = action.id
                  JOIN creditbox_item AS item ON item.id = line.item_id
                  JOIN account_move_line AS bill ON bill.id = item.move_line_id
                  LEFT JOIN LATERAL (
                    SELECT MAX(partial.create_date) AS moment
                      FROM account_partial_reconcile AS partial
                     WHERE partial.debit_move_id = bill.id) AS paid ON TRUE
                 WHERE action.company_id = %(company)s
                   AND action.state IN ('cancelled', 'done', 'delivered')
                   AND action.ended_at >= %(first)s
                   AND action.ended_at < %(after)s
                 GROUP BY action.id, action.state
                HAVING BOOL_AND(bill.reconciled IS TRUE AND (
                           paid.moment < action.ended_at
                        OR paid.moment = action.ended_at
                           AND action.state = 'cancelled'))
                 ORDER BY action.id
                """,
                company=company.id,
                first=first,
                after=last + timedelta(days=1),
            )
        )

    # -- what customers promised ---------------------------------------------------

    @api.model
    def _measure_promises(self, company, first, last):
        """Promises kept ÷ promises on which the month has decided."""
        groups = self.env["creditbox.promise"]._read_group(
            self._promise_domain(company, first, last), ["state"], ["__count"]
        )
        counts = dict(groups)
        return [("promise", "", counts.get("kept", 0), sum(counts.values()))]

    @api.model
    def _promise_domain(self, companies, first, last):
        return [
            ("company_id", "in", companies.ids),
            ("date_valued", ">=", first),
            ("date_valued", "<=", last),
            ("state", "in", ("kept", "partly", "broken")),
        ]
