"""The accounts, the holds and the meters as they were at a past moment.

Inside ``_at`` the names of the tables mean, in this transaction alone, what the tables
held then: temporary views stand before them. So the statements that read today's debt
read a past one unchanged, and cost nothing more today.

A moment is when a change came into the database (its transaction's start, as
``create_date`` has it), not the date written on a document: a payment of the 3rd that
was entered on the 7th was not known to the run of the 5th.
"""

from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date
from odoo.tools.sql import table_columns

# the columns of each table whose former values are kept
PARTNER_COLUMNS = (
    "creditbox_customer_type_id",
    "email",
    "email_normalized",
    "creditbox_pec",
    "creditbox_mobile",
    "phone",
    "street",
    "street2",
    "zip",
    "city",
)
SUPPLY_COLUMNS = (
    "partner_id",
    "service_type_id",
    "meter_id",
    "protected_until",
    "subsidised_amount",
)
METER_COLUMNS = ("meter_type_id", "meter_state_id")
MOVE_COLUMNS = ("state", "creditbox_supply_id")
LINE_COLUMNS = ("account_id", "partner_id", "date_maturity")
MOMENT = SQL("(SELECT at FROM creditbox_tmp_moment)")


class CreditboxPast(models.AbstractModel):
    _name = "creditbox.past"
    _description = "Tables of a Past Moment"

    @api.model
    @contextmanager
    def _at(self, company, moment, day):
        """Let SQL statements read the past, and the ORM with them.

        :param company: res.company whose debts are looked at
        :param moment: datetime.datetime in UTC, the last moment that is known
        :param day: datetime.date at which bills are overdue or not
        """
        # on any error the views go with the savepoint, else at the commit at last
        with self.env.cr.savepoint():
            self._enter(company, moment, day)
            self.env.invalidate_all()
            yield
            self._leave()

    @api.model
    def _check_known(self, company, day):
        """
        :raises UserError: what was known on ``day`` is no longer kept
        """
        first = self.env["creditbox.retention"]._keep_from(company)
        if first and day < first.date():
            raise UserError(
                self.env._(
                    "What was known before %s is no longer kept.",
                    format_date(self.env, first.date()),
                )
            )

    def _enter(self, company, moment, day):
        self.env.cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE creditbox_tmp_moment ON COMMIT DROP AS"
                " SELECT %s::timestamp AS at",
                moment,
            )
        )
        for table, select in self._views():
            self.env.cr.execute(
                SQL("CREATE TEMPORARY VIEW %s AS %s", SQL.identifier(table), select)
            )
        self.env.cr.execute(self._sql_positions(company, day))
        self.env.cr.execute("ANALYZE creditbox_position")

    def _leave(self):
        """Back to the present; may be asked twice."""
        self.env.cr.execute("DROP TABLE IF EXISTS pg_temp.creditbox_tmp_moment CASCADE")
        self.env.cr.execute("DROP TABLE IF EXISTS pg_temp.creditbox_position")
        self.env.invalidate_all()

    def _views(self):
        """Yield (table, SQL that it means); each may read those before it."""
        yield "res_partner", self._sql_versions("res.partner")
        yield "creditbox_supply", self._sql_versions("creditbox.supply")
        yield "creditbox_meter", self._sql_meters()
        yield "creditbox_hold", self._sql_holds()
        yield (
            "account_move",
            SQL(
                "SELECT * FROM (%s) t WHERE COALESCE(create_date <= %s, TRUE)",
                self._sql_versions("account.move"),
                MOMENT,
            ),
        )
        yield "account_move_line", self._sql_lines()

    def _sql_versions(self, model, deleted=False):
        """SELECT the rows of the table of ``model`` with the values of then.

        :param deleted: also the rows that are no longer there, kept as a whole
        """
        table = SQL.identifier("public", self.env[model]._table)
        return SQL(
            """
            WITH was AS MATERIALIZED (
                SELECT DISTINCT ON (res_id) res_id, data
                  FROM public.creditbox_former
                 WHERE model = %(model)s AND date_to > %(moment)s
                 ORDER BY res_id, date_to, id
            )
            SELECT t.* FROM %(table)s t WHERE t.id NOT IN (SELECT res_id FROM was)
             UNION ALL
            SELECT version.*
              FROM was
              %(join)s %(table)s t ON t.id = was.res_id
             CROSS JOIN LATERAL jsonb_populate_record(t, was.data) AS version
            """,
            model=model,
            moment=MOMENT,
            table=table,
            join=SQL("LEFT JOIN" if deleted else "JOIN"),
        )

    def _sql_replaced(self, table, **columns):
        """The columns of the row ``t`` of a table, some of them replaced by SQL."""
        return SQL(", ").join(
            SQL("%s AS %s", columns[name], SQL.identifier(name))
            if name in columns
            else SQL.identifier("t", name)
            for name in table_columns(self.env.cr, table)
        )

    def _sql_meters(self):
        """The states have a history of their own, older than the former values."""
        return SQL(
            "SELECT %s FROM (%s) t",
            self._sql_replaced(
                "creditbox_meter",
                meter_state_id=SQL(
                    """
                    COALESCE((
                        SELECT h.meter_state_id
                          FROM creditbox_meter_state_history h
                         WHERE h.meter_id = t.id AND h.create_date <= %s
                         ORDER BY h.create_date DESC, h.id DESC
                         LIMIT 1), t.meter_state_id)
                    """,
                    MOMENT,
                ),
            ),
            self._sql_versions("creditbox.meter"),
        )

    def _sql_holds(self):
        return SQL(
            "SELECT * FROM (%s) t WHERE create_date <= %s",
            self._sql_versions("creditbox.hold", deleted=True),
            MOMENT,
        )

    def _sql_lines(self):
        """Entries of then: what was matched later is open again, and the reverse."""
        residual = SQL("(t.amount_residual + COALESCE(matched.amount, 0))")
        return SQL(
            """
            SELECT %(columns)s
              FROM (%(lines)s) t
              JOIN account_move move ON move.id = t.move_id
              LEFT JOIN (%(matched)s) matched ON matched.line_id = t.id
            """,
            columns=self._sql_replaced(
                "account_move_line",
                amount_residual=residual,
                reconciled=SQL("%s = 0 AND t.reconciled", residual),
                parent_state=SQL("move.state"),
            ),
            lines=self._sql_versions("account.move.line"),
            matched=self._sql_matched_later(),
        )

    def _sql_matched_later(self):
        """By entry, what its residual of then is above that of today."""
        return SQL(
            """
            SELECT side.line_id, SUM(side.amount) AS amount
              FROM (
                SELECT debit_move_id, credit_move_id, amount
                  FROM public.account_partial_reconcile
                 WHERE create_date > %(moment)s
                 UNION ALL
                -- matched then, and taken apart since
                SELECT former.debit_move_id, former.credit_move_id, -former.amount
                  FROM public.creditbox_former f
                 CROSS JOIN LATERAL jsonb_populate_record(
                       NULL::public.account_partial_reconcile, f.data) AS former
                 WHERE f.model = 'account.partial.reconcile'
                   AND f.date_to > %(moment)s AND former.create_date <= %(moment)s
              ) AS match
             CROSS JOIN LATERAL (VALUES
                (match.debit_move_id, match.amount),
                (match.credit_move_id, -match.amount)) AS side (line_id, amount)
             GROUP BY side.line_id
            """,
            moment=MOMENT,
        )

    def _sql_positions(self, company, day):
        """A table in place of the positions, with the figures of then."""
        figures = {
            name: SQL.identifier("figure", name)
            for name in (
                "amount_overdue",
                "amount_not_due",
                "amount_credit",
                "amount_balance",
                "amount_held",
                "overdue_count",
            )
        }
        return SQL(
            """
            CREATE TEMPORARY TABLE creditbox_position ON COMMIT DROP AS
            SELECT %(columns)s
              FROM public.creditbox_position t
              JOIN (%(figures)s) figure
                ON figure.partner_id = t.partner_id
               AND COALESCE(figure.supply_id, 0) = COALESCE(t.supply_id, 0)
             WHERE t.company_id = %(company)s
            """,
            columns=self._sql_replaced("creditbox_position", **figures),
            figures=self.env["creditbox.position"]._sql_figures(company, day),
            company=company.id,
        )
