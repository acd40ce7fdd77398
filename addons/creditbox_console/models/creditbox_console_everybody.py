"""The grid of customers without a filter: read from sums that are there."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .creditbox_console import CUSTOMER_ORDERS
from .creditbox_console_customer import FIGURES

# of a customer's figures in several companies
SUMS = {"oldest": "MIN(oldest)", "bill_count": "SUM(bill_count)::int"}


class CreditboxConsole(models.AbstractModel):
    _inherit = "creditbox.console"

    @api.model
    def _sql_customers(self, params, companies, snapshots, order, offset, limit):
        column, _blank, direction = order.partition(" ")
        filtered = any((params.get("filters") or {}).values())
        known = column in CUSTOMER_ORDERS and direction in ("asc", "desc", "")
        if snapshots or filtered or not known:
            return super()._sql_customers(
                params, companies, snapshots, order, offset, limit
            )
        by_name = column == "name"
        return SQL(
            """
            WITH everybody AS NOT MATERIALIZED (%(everybody)s),
            counted AS (
                SELECT COUNT(*) AS count,
                       COUNT(*) FILTER (WHERE amount_overdue > 0) AS overdue_count
                  FROM everybody)
            SELECT everybody.*, counted.*
              FROM (SELECT everybody.* FROM everybody %(join)s
                     ORDER BY %(place)s %(direction)s NULLS LAST, everybody.id
                     LIMIT %(limit)s OFFSET %(offset)s) AS everybody
              %(join)s
             CROSS JOIN counted
             ORDER BY %(place)s %(direction)s NULLS LAST, everybody.id
            """,
            everybody=self._sql_everybody(companies),
            join=SQL("LEFT JOIN res_partner AS p ON p.id = everybody.id")
            if by_name
            else SQL(),
            place=SQL("p.name") if by_name else SQL.identifier("everybody", column),
            direction=SQL("ASC") if direction == "asc" else SQL("DESC"),
            limit=int(limit),
            offset=int(offset),
        )

    @api.model
    def _sql_everybody(self, companies):
        """:return: SELECT of a row for each customer: id, FIGURES

        Only who is of no company in particular may owe to several.
        """
        customers = self.env["creditbox.console.customer"]
        query = customers._search(Domain("company_id", "in", companies.ids))
        values = {
            "table": query.from_clause,
            "where": query.where_clause or SQL("TRUE"),
            "figures": SQL(", ").join(map(SQL.identifier, FIGURES)),
            "sums": SQL(", ").join(
                SQL(f"{SUMS.get(name, f'SUM({name})')} AS {name}") for name in FIGURES
            ),
        }
        if len(companies) == 1:
            return SQL(
                "SELECT partner_id AS id, %(figures)s FROM %(table)s WHERE %(where)s",
                **values,
            )
        return SQL(
            """
            SELECT partner_id AS id, %(figures)s FROM %(table)s
             WHERE %(where)s AND NOT shared
             UNION ALL
            SELECT partner_id, %(sums)s FROM %(table)s
             WHERE %(where)s AND shared
             GROUP BY partner_id
            """,
            **values,
        )
