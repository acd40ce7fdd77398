"""How payments are valued against promises: one statement, whatever their number.

Each amount paid counts for one promise at most: for the last one made before it that
concerns the bill which it pays. So nothing is counted twice, whether a customer makes
promises one after the other, for one supply or for all of them.
"""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

CLOSED = ("kept", "partly", "broken")


class CreditboxPromise(models.Model):
    _inherit = "creditbox.promise"

    @api.model
    def _value_customers(self, partner_ids):
        """Value the promises of these customers, also those decided before.

        A payment may come late through the bank, or be taken back.

        :param partner_ids: ids of customers
        """
        self.search(
            Domain("partner_id.commercial_partner_id", "in", list(partner_ids))
            & Domain("state", "!=", "cancelled")
        )._value()

    @api.model
    def _cron_value(self):
        """Every night: promised days have gone by."""
        companies = self.env["res.company"].search([("active", "=", True)])
        for done, company in enumerate(companies, start=1):
            self.search(
                [("company_id", "=", company.id), ("state", "=", "open")]
            )._value()
            self.env["ir.cron"]._commit_progress(1, remaining=len(companies) - done)

    def _value(self):
        """Compare the promises with what was paid, and act on what has changed."""
        if not self:
            return
        self.env.flush_all()
        for company, promises in self.grouped("company_id").items():
            promises._value_lines(company)
            changed = promises._value_promises(company)
            self.invalidate_model(["state", "amount_paid", "date_valued"])
            self.line_ids.invalidate_model(["state", "amount_paid"])
            promises._follow_states(changed)

    # -- statements ----------------------------------------------------------------

    def _value_lines(self, company):
        """Write what was paid of each line, and whether it was in time."""
        self.env.cr.execute(
            SQL(
                """
                WITH unit AS MATERIALIZED (%(units)s),
                counted AS (
                    SELECT promise_id, date, SUM(amount) AS amount
                      FROM (
                        SELECT DISTINCT ON (unit.number) promise.id AS promise_id,
                               unit.date, unit.amount
                          FROM unit
                          JOIN creditbox_promise AS promise
                            ON promise.company_id = %(company)s
                           AND promise.partner_id = unit.partner_id
                           AND promise.date <= unit.date
                           AND promise.last_line < unit.line_id
                           AND (unit.debit_id IS NULL
                                OR unit.debit_id <= promise.last_line)
                          LEFT JOIN creditbox_position AS position
                            ON position.id = promise.position_id
                         WHERE promise.position_id IS NULL
                            OR position.supply_id IS NOT DISTINCT FROM unit.supply_id
                         ORDER BY unit.number, promise.date DESC, promise.id DESC
                      ) AS assigned
                     WHERE promise_id = ANY(%(ids)s)
                     GROUP BY promise_id, date
                ),
                line AS (
                    SELECT line.*, line.date + %(days)s AS deadline,
                           SUM(line.amount) OVER upto AS until,
                           MAX(line.date) OVER (PARTITION BY line.promise_id)
                               + %(days)s AS last_deadline
                      FROM creditbox_promise_line AS line
                     WHERE line.promise_id = ANY(%(ids)s)
                    WINDOW upto AS (
                        PARTITION BY line.promise_id ORDER BY line.date, line.id)
                ),
                paid AS (
                    SELECT line.id, line.amount, line.until, line.deadline,
                           COALESCE(SUM(counted.amount) FILTER (
                               WHERE counted.date <= line.deadline), 0) AS in_time,
                           COALESCE(SUM(counted.amount) FILTER (
                               WHERE counted.date <= line.last_deadline), 0) AS total
                      FROM line
                      LEFT JOIN counted ON counted.promise_id = line.promise_id
                     GROUP BY line.id, line.amount, line.until, line.deadline
                ),
                verdict AS (
                    SELECT id, LEAST(amount, GREATEST(0, total - until + amount))
                               AS amount_paid,
                           CASE WHEN in_time >= until - LEAST(%(shortfall)s, amount / 2)
                                THEN 'kept'
                                WHEN deadline >= %(today)s THEN 'open'
                                WHEN in_time > until - amount THEN 'partly'
                                ELSE 'broken' END AS state
                      FROM paid
                )
                UPDATE creditbox_promise_line AS line
                   SET amount_paid = verdict.amount_paid, state = verdict.state
                  FROM verdict
                 WHERE line.id = verdict.id
                   AND (line.amount_paid, line.state)
                       IS DISTINCT FROM (verdict.amount_paid, verdict.state)
                """,
                units=self._sql_units(company),
                company=company.id,
                ids=self.ids,
                days=company.creditbox_promise_tolerance_days,
                shortfall=company.creditbox_promise_tolerance_amount,
                today=company._creditbox_today(),
            )
        )

    def _sql_units(self, company):
        """What the customers of these promises have paid, bill by bill.

        A part of a payment that covers a bill concerns the bill's supply; a part that
        covers none yet, the supply that the payment names. Credit notes are no
        payments.

        :return: SQL of the columns (number, line_id, debit_id, partner_id, supply_id,
            date, amount)
        """
        return SQL(
            """
            WITH payment AS MATERIALIZED (
                SELECT line.id, line.date, line.amount_residual, line.move_id,
                       partner.commercial_partner_id AS partner_id
                  FROM account_move_line AS line
                  JOIN res_partner AS partner ON partner.id = line.partner_id
                  JOIN account_move AS move ON move.id = line.move_id
                 WHERE line.company_id = %(company)s
                   AND partner.commercial_partner_id = ANY(%(partners)s)
                   AND line.account_id = ANY(%(accounts)s)
                   AND line.parent_state = 'posted'
                   AND line.balance < 0
                   AND move.move_type = 'entry'
                   AND line.date >= %(since)s
            )
            SELECT part.id::bigint * 2 AS number, payment.id AS line_id,
                   part.debit_move_id AS debit_id, payment.partner_id,
                   bill.creditbox_supply_id AS supply_id, payment.date, part.amount
              FROM payment
              JOIN account_partial_reconcile AS part
                ON part.credit_move_id = payment.id
              JOIN account_move_line AS debit ON debit.id = part.debit_move_id
              JOIN account_move AS bill ON bill.id = debit.move_id
             WHERE bill.move_type = 'out_invoice'
             UNION ALL
            SELECT payment.id::bigint * 2 + 1, payment.id, NULL, payment.partner_id,
                   move.creditbox_supply_id, payment.date, -payment.amount_residual
              FROM payment
              JOIN account_move AS move ON move.id = payment.move_id
             WHERE payment.amount_residual < 0
            """,
            company=company.id,
            partners=self.partner_id.ids,
            accounts=self.env["creditbox.position"]._receivable_accounts(company).ids,
            since=min(self.mapped("date")),
        )

    def _value_promises(self, company):
        """Bring the promises to what their lines say.

        All lines kept: kept. A day has gone by without its money: broken, or kept in
        part when something was paid. Else it is still open.

        :return: {id: (state before, state now)} of those whose state has changed
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH verdict AS (
                    SELECT promise.id, promise.state AS before,
                           SUM(line.amount_paid) AS paid,
                           CASE WHEN bool_and(line.state = 'kept') THEN 'kept'
                                WHEN NOT bool_or(line.state IN ('partly', 'broken'))
                                THEN 'open'
                                WHEN SUM(line.amount_paid) > 0 THEN 'partly'
                                ELSE 'broken' END AS state
                      FROM creditbox_promise AS promise
                      JOIN creditbox_promise_line AS line
                        ON line.promise_id = promise.id
                     WHERE promise.id = ANY(%(ids)s)
                     GROUP BY promise.id
                )
                UPDATE creditbox_promise AS promise
                   SET amount_paid = verdict.paid, state = verdict.state,
                       date_valued = CASE
                           WHEN verdict.state = 'open' THEN NULL
                           WHEN verdict.state = verdict.before
                           THEN promise.date_valued
                           ELSE %(today)s END
                  FROM verdict
                 WHERE promise.id = verdict.id
                   AND (promise.amount_paid, promise.state)
                       IS DISTINCT FROM (verdict.paid, verdict.state)
             RETURNING promise.id, verdict.before, verdict.state
                """,
                ids=self.ids,
                today=company._creditbox_today(),
            )
        )
        return {id_: (old, new) for id_, old, new in rows if old != new}

    # -- what follows --------------------------------------------------------------

    def _follow_states(self, changed):
        """End or renew the holds, tell the operators.

        :param changed: {id: (state before, state now)}
        """
        if not changed:
            return
        promises = self.browse(changed)
        open_ones = promises.filtered(lambda promise: promise.state == "open")
        failed = promises.filtered(lambda p: p.state in ("partly", "broken"))
        self._log_changes(changed)
        (promises - open_ones).hold_ids.action_release()
        if open_ones:
            (open_ones - open_ones._give_way())._renew_holds()
        (promises - failed)._forget_activities()
        failed._raise_activities()

    def _give_way(self):
        """Cancel what is open again where the customer has promised anew meanwhile.

        :return: the promises whose place a later one has taken
        """
        replaced = self.browse()
        for promise in self.sorted("id"):
            if promise._has_rival():
                promise._cancel()
                replaced |= promise
        replaced._message_log_batch(
            bodies={
                promise.id: self.env._(
                    "Its payment was taken back; the customer has promised anew since:"
                    " that promise takes its place."
                )
                for promise in replaced
            }
        )
        return replaced

    def _renew_holds(self):
        """A payment that had come in time after all: the promise goes on."""
        self.hold_ids.filtered(
            lambda hold: (
                hold.state == "released"
                and hold.date_to >= hold.company_id._creditbox_today()
            )
        ).state = "active"

    def _log_changes(self, changed):
        names = dict(self._fields["state"]._description_selection(self.env))
        self.browse(changed)._message_log_batch(
            bodies={
                id_: self.env._(
                    "%(before)s → %(now)s: %(paid)s paid of %(amount)s.",
                    before=names[old],
                    now=names[new],
                    paid=self.browse(id_).currency_id.format(
                        self.browse(id_).amount_paid
                    ),
                    amount=self.browse(id_).currency_id.format(self.browse(id_).amount),
                )
                for id_, (old, new) in changed.items()
            }
        )

    def _raise_activities(self):
        """Somebody must speak with the customer: once a promise."""
        kind = self.env.ref("creditbox_desk.mail_activity_type_promise")
        asked = self.activity_ids.filtered(lambda a: a.activity_type_id == kind)
        silent = self.filtered(lambda promise: promise.id not in asked.mapped("res_id"))
        model_id = self.env["ir.model"]._get_id(self._name)
        positions = silent._main_positions()
        self.env["mail.activity"].create(
            [
                {
                    "activity_type_id": kind.id,
                    "res_model_id": model_id,
                    "res_id": promise.id,
                    "summary": promise._summary(),
                    "date_deadline": promise.company_id._creditbox_today(),
                    "user_id": positions[promise]._who_answers(promise.user_id).id
                    or promise.user_id.id,
                }
                for promise in silent
            ]
        )

    def _summary(self):
        speaking = self.with_context(lang=self.company_id.partner_id.lang)
        return speaking.env._(
            "Promise not kept: %(open)s missing",
            open=speaking.currency_id.format(self.amount - self.amount_paid),
        )

    def _main_positions(self):
        """:return: {promise: its position, else the customer's largest one}"""
        largest = {}
        for position in self.env["creditbox.position"].search(
            [("partner_id", "in", self.partner_id.ids)], order="amount_overdue desc, id"
        ):
            largest.setdefault((position.company_id, position.partner_id), position)
        none = self.env["creditbox.position"]
        return {
            promise: promise.position_id
            or largest.get((promise.company_id, promise.partner_id), none)
            for promise in self
        }

    def _forget_activities(self):
        kind = self.env.ref("creditbox_desk.mail_activity_type_promise")
        self.activity_ids.filtered(lambda a: a.activity_type_id == kind).unlink()
