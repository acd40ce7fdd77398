from odoo import models
from odoo.tools import SQL

# rows written from which the planner needs fresh statistics
ANALYZE_FROM = 10_000
# a coarse look is enough for what lives for seconds, and for planning the next
STATISTICS = 10
SCRATCH = (
    "creditbox_tmp_busy",
    "creditbox_tmp_line",
    "creditbox_tmp_item",
    "creditbox_tmp_position",
    "creditbox_tmp_class",
    "creditbox_tmp_decision",
    "creditbox_tmp_ripe",
    "creditbox_tmp_proposal",
)


class CreditboxEvaluation(models.AbstractModel):
    """The temporary tables of an evaluation, which end with its transaction."""

    _inherit = "creditbox.evaluation"

    def _lock_company(self, company):
        """One evaluation of a company at a time.

        A second one waits, then fails with a serialization error, and Odoo starts it
        anew: what it had seen of the data was from before the first.
        """
        self.env.cr.execute(
            SQL(
                "UPDATE res_company SET creditbox_evaluated_at = %s WHERE id = %s",
                self.env.cr.now(),
                company.id,
            )
        )

    def _tune(self):
        """For this transaction: join and sort a million bills in memory.

        A coarse look at the data is enough to plan with, and to plan the next one.
        """
        self.env.cr.execute(
            SQL(
                "SET LOCAL work_mem = '256MB';"
                " SET LOCAL default_statistics_target = %s",
                STATISTICS,
            )
        )

    def _untune(self):
        self.env.cr.execute(
            SQL(
                "SET LOCAL work_mem TO DEFAULT;"
                " SET LOCAL default_statistics_target TO DEFAULT"
            )
        )

    def _make_scratch(self, table, select):
        self.env.cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE %(name)s ON COMMIT DROP AS %(select)s;"
                " ANALYZE %(name)s",
                name=SQL.identifier(table),
                select=select,
            )
        )

    def _scratch_tables(self):
        """:return: names of the temporary tables that may be there"""
        return SCRATCH

    def _drop_scratch(self, tables=None):
        names = SQL(", ").join(map(SQL.identifier, tables or self._scratch_tables()))
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", names))

    def _clean_up(self):
        """The evaluation is over: what follows in this transaction is as before."""
        self._drop_scratch()
        self._untune()
        self.env.invalidate_all()

    def _analyze(self, table, row_count):
        """Refresh the statistics of a table that a batch has filled.

        Planning on stale ones makes the next evaluation several times slower.
        """
        if row_count >= ANALYZE_FROM:
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
