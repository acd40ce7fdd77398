"""How a snapshot is made: what was open on its day, by SQL."""

from odoo import fields, models
from odoo.tools import SQL

from .creditbox_console_cell import SUMMED
from .creditbox_console_figure import AMOUNTS, DIMENSIONS
from .creditbox_console_line import COLUMNS
from .res_partner import SQL_TAX_CODE

TEXTS = ("number", "customer", "tax_code", "days_overdue")
FIGURES = (*AMOUNTS, "bill_count", "customer_count")


class CreditboxSnapshot(models.Model):
    _inherit = "creditbox.snapshot"

    def _fill(self):
        """Write the due dates that were open, their sums and, of a month, the KPIs."""
        self.ensure_one()
        self.flush_recordset()
        self._settle_kind()
        self.env.cr.execute(self._sql_lines())
        self.env.cr.execute(self._sql_rows())
        self.env.cr.execute(self._sql_totals())
        self.invalidate_recordset()
        if self.kind == "view":
            return
        self.env.cr.execute(
            SQL(
                "UPDATE creditbox_snapshot SET sha256 = %s WHERE id = %s",
                self._hash(),
                self.id,
            )
        )
        self.invalidate_recordset()
        self.env["creditbox.kpi"].sudo()._keep(self)  # only snapshots write them

    def _sql_lines(self):
        line = self.env["creditbox.console.line"].with_context(
            creditbox_past_accounts=True
        )
        line.env["creditbox.position"]._flush_debts()
        self.env["account.partial.reconcile"].flush_model()
        columns = [SQL.identifier(name) for name in (*COLUMNS, *TEXTS)]
        return SQL(
            """
            INSERT INTO creditbox_snapshot_line (snapshot_id, %(columns)s)
            SELECT %(snapshot)s, %(values)s,
                   COALESCE(move.creditbox_ref, move.name),
                   partner.name,
                   %(tax_code)s,
                   CASE WHEN amount_overdue > 0 THEN %(day)s - date_maturity ELSE 0 END
              FROM (%(open)s) AS open
              JOIN account_move AS move ON move.id = open.move_id
              JOIN res_partner AS partner ON partner.id = open.partner_id
            """,
            columns=SQL(", ").join(columns),
            snapshot=self.id,
            values=SQL(", ").join(SQL.identifier("open", name) for name in COLUMNS),
            tax_code=SQL_TAX_CODE,
            day=self.date,
            open=line._sql_open(self.company_id, self.date),
        )

    def _sql_rows(self):
        figure = self.env["creditbox.console.figure"]
        return SQL(
            """
            INSERT INTO creditbox_snapshot_row (
                snapshot_id, %(dimensions)s, %(summed)s)
            SELECT snapshot_id, %(dimensions)s, %(sums)s
              FROM (SELECT *, 1 AS bill_count FROM creditbox_snapshot_line
                     WHERE snapshot_id = %(snapshot)s) AS line
             GROUP BY snapshot_id, %(dimensions)s
            """,
            dimensions=figure._sql_columns(DIMENSIONS),
            summed=figure._sql_columns(SUMMED),
            sums=self.env["creditbox.console.cell"]._sql_sums(),
            snapshot=self.id,
        )

    def _sql_totals(self):
        figure = self.env["creditbox.console.figure"]
        return SQL(
            """
            UPDATE creditbox_snapshot
               SET (%(figures)s) = (
                    SELECT %(sums)s, COUNT(*), COUNT(DISTINCT partner_id)
                      FROM creditbox_snapshot_line WHERE snapshot_id = %(snapshot)s),
                   buckets = %(buckets)s
             WHERE id = %(snapshot)s
            """,
            figures=figure._sql_columns(FIGURES),
            sums=SQL(", ").join(
                SQL("COALESCE(SUM(%s), 0)", SQL.identifier(name)) for name in AMOUNTS
            ),
            snapshot=self.id,
            buckets=fields.Json().convert_to_column(self._buckets(), self),
        )

    def _buckets(self):
        """:return: [{id, name, overdue, day_from, day_to}] as they are now"""
        return self.env["creditbox.age.bucket"]._of(self.company_id)._described()
