"""How the figures of the positions are computed: by SQL, from the open lines."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .creditbox_position import BUCKETS, FIGURES


class CreditboxPosition(models.Model):
    _inherit = "creditbox.position"

    @api.model
    def _refresh(self, partner_ids=None, companies=None):
        """Make the positions equal to the accounts, today, by one statement a company.

        :param partner_ids: ids of customers; None for everybody. Of these customers
            every position is written even if unchanged, so that a transaction that
            has locked one of them to send something fails if the debt moved meanwhile.
        :param companies: res.company, by default those of the environment
        """
        if partner_ids is not None and not partner_ids:
            return
        self._flush_debts()
        for company in companies or self.env.companies:
            self.env.cr.execute(self._sql_refresh(company, partner_ids))
        if partner_ids is None:
            self.env.cr.execute("ANALYZE creditbox_position")
        self.invalidate_model()

    @api.model
    def _touch(self, partner_ids, companies=None):
        """The debt of these customers has changed in this transaction.

        Who changes many in a bulk sets ``creditbox_bulk`` in the context, then calls
        _refresh and _on_debt_changed once.
        """
        if not partner_ids or self.env.context.get("creditbox_bulk"):
            return
        self._refresh(partner_ids, companies)
        self._on_debt_changed(partner_ids)

    @api.model
    def _on_debt_changed(self, partner_ids):
        """Hook for what must stop, or start, when a debt changes (ids of customers)."""

    @api.model
    def _cron_refresh(self):
        """Every night: bills have become overdue, holds have started or ended."""
        companies = self.env["res.company"].search([("active", "=", True)])
        for done, company in enumerate(companies, start=1):
            self._refresh(companies=company)
            self.env["ir.cron"]._commit_progress(1, remaining=len(companies) - done)

    @api.model
    def _flush_debts(self):
        """Hand to the database what the statements below read."""
        for model in (
            "account.account",
            "account.move",
            "account.move.line",
            "creditbox.hold",
            "creditbox.position",
            "creditbox.supply",
            "res.partner",
        ):
            self.env[model].flush_model()

    @api.model
    def _sql_open_lines(self, company, as_of, partner_ids=None, where=None):
        """What is open in the customers' accounts of the company, as a SELECT.

        :param date as_of: lines of any date count; their residual is the present one
        :param partner_ids: ids of customers, None for everybody
        :param where: SQL of a further condition on the account_move_line ``line``
        :return: SQL of the columns (line_id, move_id, partner_id, supply_id,
            date_maturity, residual) of the posted receivable lines not yet
            reconciled: residual > 0 is a debt, < 0 a credit, in company currency;
            partner_id is the commercial partner
        """
        return SQL(
            """
            SELECT line.id AS line_id,
                   line.move_id,
                   partner.commercial_partner_id AS partner_id,
                   move.creditbox_supply_id AS supply_id,
                   COALESCE(line.date_maturity, line.date) AS date_maturity,
                   line.amount_residual AS residual
              FROM account_move_line AS line
              JOIN account_move AS move ON move.id = line.move_id
              JOIN res_partner AS partner ON partner.id = line.partner_id
             WHERE line.company_id = %(company)s
               AND line.account_id = ANY(%(receivable)s)
               AND line.parent_state = 'posted'
               AND line.reconciled IS NOT TRUE
               AND line.amount_residual <> 0
               AND %(customers)s
               AND %(where)s
            """,
            where=where or SQL("TRUE"),
            company=company.id,
            receivable=self._receivable_accounts(company).ids,
            customers=self._sql_customers("partner.commercial_partner_id", partner_ids),
        )

    @api.model
    def _receivable_accounts(self, company):
        """Customers' accounts of the company, archived ones too.

        The statements name them by their ids: of a join with the accounts the planner
        would guess far too few lines, and look up bills and customers one by one.
        """
        accounts = self.env["account.account"].sudo().with_context(active_test=False)
        return accounts.search(
            Domain("account_type", "=", "asset_receivable")
            & Domain(accounts._check_company_domain(company))
        )

    @api.model
    def _sql_customers(self, column, partner_ids):
        """Condition that the column names one of the customers, or a true one."""
        if partner_ids is None:
            return SQL("TRUE")
        return SQL(
            """%s IN (
                SELECT commercial_partner_id FROM res_partner WHERE id = ANY(%s)
            )""",
            SQL.identifier(*column.split(".")),
            list(partner_ids),
        )

    @api.model
    def _sql_held_lines(self, company, as_of, partner_ids=None, where=None):
        """The open lines and, of each, the last day of the holds in force on it.

        :param where: see _sql_open_lines
        :return: SQL of the columns of _sql_open_lines and held_until (NULL: not held)
        """
        return SQL(
            """
            SELECT line.*,
                   GREATEST(by_bill.day, by_supply.day, by_customer.day) AS held_until
              FROM (%(lines)s) AS line
              LEFT JOIN (%(by_bill)s) AS by_bill ON by_bill.held = line.move_id
              LEFT JOIN (%(by_supply)s) AS by_supply ON by_supply.held = line.supply_id
              LEFT JOIN (%(by_customer)s) AS by_customer
                     ON by_customer.held = line.partner_id
            """,
            lines=self._sql_open_lines(company, as_of, partner_ids, where),
            by_bill=self._sql_holds("move_id", company, as_of),
            by_supply=self._sql_holds("supply_id", company, as_of),
            by_customer=self._sql_holds("partner_id", company, as_of),
        )

    @api.model
    def _sql_holds(self, column, company, as_of):
        """Last day of the holds in force by bill, supply or customer: (held, day)."""
        return SQL(
            """
            SELECT %(held)s AS held, MAX(date_to) AS day
              FROM (%(holds)s) AS hold
             WHERE %(held)s IS NOT NULL
             GROUP BY %(held)s
            """,
            held=SQL.identifier(column),
            holds=self.env["creditbox.hold"]._sql_in_force(company, as_of),
        )

    @api.model
    def _sql_figures(self, company, as_of, partner_ids=None):
        """Sums of the open lines by customer and supply.

        Each position of the past comes in as a line of zero, and so goes to zero when
        nothing is open any more.
        """
        return SQL(
            """
            WITH line AS (
                SELECT held.partner_id,
                       held.supply_id,
                       held.residual,
                       held.date_maturity,
                       held.held_until,
                       %(today)s - held.date_maturity AS days,
                       held.residual > 0 AND held.date_maturity < %(today)s AS overdue
                  FROM (%(lines)s) AS held
                 UNION ALL
                SELECT partner_id, supply_id, 0, NULL, NULL, 0, FALSE
                  FROM creditbox_position
                 WHERE company_id = %(company)s AND %(customers)s
            )
            SELECT partner_id,
                   supply_id,
                   COALESCE(SUM(residual) FILTER (WHERE overdue), 0) AS amount_overdue,
                   COALESCE(
                       SUM(residual) FILTER (WHERE residual > 0 AND NOT overdue), 0
                   ) AS amount_not_due,
                   COALESCE(-SUM(residual) FILTER (WHERE residual < 0), 0)
                       AS amount_credit,
                   SUM(residual) AS amount_balance,
                   COALESCE(
                       SUM(residual) FILTER (WHERE overdue AND held_until IS NOT NULL),
                       0
                   ) AS amount_held,
                   %(buckets)s,
                   COUNT(*) FILTER (WHERE overdue) AS overdue_count,
                   COALESCE(MAX(days) FILTER (WHERE overdue), 0) AS days_overdue,
                   MIN(date_maturity) FILTER (WHERE overdue) AS oldest_due_date,
                   MAX(held_until) FILTER (WHERE overdue) AS held_until
              FROM line
             GROUP BY partner_id, supply_id
            """,
            today=as_of,
            company=company.id,
            lines=self._sql_held_lines(company, as_of, partner_ids),
            customers=self._sql_customers("partner_id", partner_ids),
            buckets=SQL(", ").join(self._sql_bucket(*bucket) for bucket in BUCKETS),
        )

    @api.model
    def _sql_bucket(self, name, first, last):
        return SQL(
            """COALESCE(
                SUM(residual) FILTER (WHERE overdue AND days BETWEEN %s AND %s), 0
            ) AS %s""",
            first,
            last or 1_000_000,
            SQL.identifier(name),
        )

    @api.model
    def _sql_refresh(self, company, partner_ids=None):
        """Upsert of the positions of the company from their figures."""
        columns = [SQL.identifier(name) for name in FIGURES]
        return SQL(
            """
            INSERT INTO creditbox_position (
                company_id, partner_id, supply_id, currency_id, %(columns)s,
                create_uid, write_uid, create_date, write_date
            )
            SELECT %(company)s, partner_id, supply_id, %(currency)s, %(columns)s,
                   %(uid)s, %(uid)s, %(now)s, %(now)s
              FROM (%(values)s) AS figure
             WHERE %(condition)s
             ORDER BY partner_id, supply_id
                ON CONFLICT (company_id, partner_id, COALESCE(supply_id, 0))
                DO UPDATE SET %(assignments)s, write_uid = %(uid)s, write_date = %(now)s
            """,
            columns=SQL(", ").join(columns),
            values=self._sql_values(company, partner_ids),
            condition=self._sql_changed(company)
            if partner_ids is None
            else SQL("TRUE"),
            assignments=SQL(", ").join(
                SQL("%s = EXCLUDED.%s", column, column) for column in columns
            ),
            company=company.id,
            currency=company.currency_id.id,
            uid=self.env.uid,
            now=self.env.cr.now(),
        )

    @api.model
    def _sql_values(self, company, partner_ids=None):
        """By customer and supply, all that the upsert writes of FIGURES."""
        return SQL(
            "SELECT partner_id, supply_id, %s FROM (%s) AS sums",
            SQL(", ").join(
                SQL("%s AS %s", self._sql_value(name), SQL.identifier(name))
                for name in FIGURES
            ),
            self._sql_figures(company, company._creditbox_today(), partner_ids),
        )

    @api.model
    def _sql_changed(self, company):
        """Condition that the figure is not what the position already holds.

        Asked before the upsert, which locks and writes the rows that it meets.
        """
        return SQL(
            """NOT EXISTS (
                SELECT
                  FROM creditbox_position AS position
                 WHERE position.company_id = %(company)s
                   AND position.partner_id = figure.partner_id
                   AND COALESCE(position.supply_id, 0) = COALESCE(figure.supply_id, 0)
                   AND (%(old)s) IS NOT DISTINCT FROM (%(new)s)
            )""",
            company=company.id,
            old=SQL(", ").join(SQL.identifier("position", name) for name in FIGURES),
            new=SQL(", ").join(SQL.identifier("figure", name) for name in FIGURES),
        )

    @api.model
    def _sql_value(self, name):
        """Value of a column of the upsert: a figure, or what follows from figures."""
        if name == "age_class":
            return SQL(
                "CASE %s ELSE '000' END",
                SQL(" ").join(
                    SQL("WHEN days_overdue >= %s THEN %s", first, f"{first:03}")
                    for _name, first, _last in reversed(BUCKETS)
                ),
            )
        if name == "state":
            return SQL(
                """CASE
                    WHEN amount_overdue > 0 AND amount_held = amount_overdue THEN 'held'
                    WHEN amount_overdue > 0 THEN 'overdue'
                    WHEN amount_credit > 0 THEN 'credit'
                    ELSE 'regular'
                END"""
            )
        return SQL.identifier(name)
