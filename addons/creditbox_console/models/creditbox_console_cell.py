from odoo import api, fields, models
from odoo.tools import SQL

from .creditbox_console_figure import AMOUNTS, DIMENSIONS

SUMMED = (*AMOUNTS, "bill_count")


class CreditboxConsoleCell(models.Model):
    """The open bills that are alike in everything that the console cuts by.

    What a customer's change adds and takes away comes as further rows, so that nobody
    waits for anybody; a figure is always a sum of rows. Every night they are summed up.
    """

    _name = "creditbox.console.cell"
    _inherit = ["creditbox.console.figure"]
    _description = "Sum of the Console"

    bill_count = fields.Integer(string="Due Dates", readonly=True)

    _company_idx = models.Index("(company_id)")

    @api.model
    def _compact(self, company):
        """Sum up the rows that are alike."""
        self.env.cr.execute(
            SQL(
                """
                WITH old AS (
                    DELETE FROM creditbox_console_cell
                     WHERE company_id = %(company)s RETURNING *)
                INSERT INTO creditbox_console_cell (%(dimensions)s, %(summed)s)
                SELECT %(dimensions)s, %(sums)s
                  FROM old
                 GROUP BY %(dimensions)s
                HAVING SUM(bill_count) <> 0
                """,
                company=company.id,
                dimensions=self._sql_columns(DIMENSIONS),
                summed=self._sql_columns(SUMMED),
                sums=self._sql_sums(),
            )
        )
        self.invalidate_model()

    @api.model
    def _sql_sums(self):
        return SQL(", ").join(SQL("SUM(%s)", SQL.identifier(n)) for n in SUMMED)
