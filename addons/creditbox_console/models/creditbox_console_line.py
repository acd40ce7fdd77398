from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.creditbox_dunning.models.loose_many2one import LooseMany2one

from .creditbox_console_cell import SUMMED
from .creditbox_console_figure import AMOUNTS, DIMENSIONS

REFERENCES = ("line_id", "move_id", "partner_id", "position_id", "supply_id")
COLUMNS = (*DIMENSIONS, *REFERENCES, "date_maturity", *AMOUNTS)


class CreditboxConsoleLine(models.Model):
    """A due date that is open today: what stands behind the figures of the console."""

    _name = "creditbox.console.line"
    _inherit = ["creditbox.console.figure"]
    _description = "Open Due Date"
    _order = "amount_overdue desc, date_maturity, id"
    _rec_name = "move_id"

    line_id = LooseMany2one("account.move.line", string="Entry", readonly=True)
    move_id = LooseMany2one("account.move", string="Bill", readonly=True)
    partner_id = LooseMany2one("res.partner", string="Customer", readonly=True)
    position_id = LooseMany2one("creditbox.position", readonly=True)
    supply_id = LooseMany2one("creditbox.supply", readonly=True)
    date_maturity = fields.Date(string="Due Date", readonly=True)
    days_overdue = fields.Integer(compute="_compute_days_overdue")

    _partner_idx = models.Index("(partner_id, company_id)")
    _entry_idx = models.Index("(line_id)")
    _overdue_idx = models.Index("(company_id, amount_overdue DESC, date_maturity, id)")
    _overdue_group_idx = models.Index("(amount_overdue DESC, date_maturity, id)")

    @api.depends("date_maturity", "company_id")
    def _compute_days_overdue(self):
        for company, lines in self.grouped("company_id").items():
            today = company._creditbox_today()
            for line in lines:
                days = (today - line.date_maturity).days
                line.days_overdue = max(days, 0) if line.amount_credit == 0 else 0

    def action_open_bill(self):
        self.ensure_one()
        return self.move_id._get_records_action()

    # -- kept equal to the accounts ------------------------------------------------

    @api.model
    def _refresh(self, companies, partner_ids=None):
        """Make the due dates, and their sums, equal to the accounts today.

        Only what differs is written; what comes and goes is added to the sums.

        :param companies: res.company
        :param partner_ids: ids of customers, None for everybody
        """
        self.env["creditbox.position"]._flush_debts()
        for company in companies:
            self.env.cr.execute(self._sql_refresh(company, partner_ids))
            if partner_ids is None:
                self.env["creditbox.console.cell"]._compact(company)
                self.env.cr.execute(
                    "ANALYZE creditbox_console_line, creditbox_console_cell"
                )
            self.env["creditbox.console.customer"]._refresh(company, partner_ids)
        self.invalidate_model()

    @api.model
    def _sql_refresh(self, company, partner_ids):
        return SQL(
            """
            WITH fresh AS MATERIALIZED (%(fresh)s),
            gone AS (
                DELETE FROM creditbox_console_line AS old
                 WHERE company_id = %(company)s AND %(customers)s
                   AND NOT EXISTS (
                    SELECT FROM fresh
                     WHERE fresh.line_id = old.line_id
                       AND (%(fresh_columns)s) IS NOT DISTINCT FROM (%(old_columns)s))
                RETURNING old.*),
            come AS (
                INSERT INTO creditbox_console_line (%(columns)s)
                SELECT %(columns)s
                  FROM fresh
                 WHERE NOT EXISTS (
                    SELECT FROM creditbox_console_line AS old
                     WHERE fresh.line_id = old.line_id
                       AND (%(fresh_columns)s) IS NOT DISTINCT FROM (%(old_columns)s))
                RETURNING *)
            INSERT INTO creditbox_console_cell (%(dimensions)s, %(summed)s)
            SELECT %(dimensions)s, %(sums)s
              FROM (SELECT %(dimensions)s, %(amounts)s, 1 AS bill_count FROM come
                     UNION ALL
                    SELECT %(dimensions)s, %(less)s, -1 FROM gone) AS change
             GROUP BY %(dimensions)s
            HAVING (%(sums)s) <> (%(zeros)s)
            """,
            fresh=self._sql_open(company, company._creditbox_today(), partner_ids),
            company=company.id,
            customers=self.env["creditbox.position"]._sql_customers(
                "partner_id", partner_ids
            ),
            columns=self._sql_columns(COLUMNS),
            fresh_columns=self._sql_columns(COLUMNS, "fresh"),
            old_columns=self._sql_columns(COLUMNS, "old"),
            dimensions=self._sql_columns(DIMENSIONS),
            amounts=self._sql_columns(AMOUNTS),
            less=SQL(", ").join(SQL("-%s", SQL.identifier(name)) for name in AMOUNTS),
            summed=self._sql_columns(SUMMED),
            sums=self.env["creditbox.console.cell"]._sql_sums(),
            zeros=SQL(", ").join(SQL("0") for _name in SUMMED),
        )

    @api.model
    def _sql_open(self, company, as_of, partner_ids=None):
        """What is open in the company on the day, as a SELECT of COLUMNS.

        Service, type, operator and area are those of now. The area is that of the
        supply; where it has none, or there is no supply, that of the customer.
        """
        position = self.env["creditbox.position"]
        return SQL(
            """
            SELECT %(company)s AS company_id,
                   CASE WHEN held.residual > 0 THEN %(bucket)s END AS bucket_id,
                   held.held_until IS NOT NULL AND held.residual > 0
                       AND held.date_maturity < %(day)s AS held,
                   supply.service_type_id,
                   partner.creditbox_customer_type_id AS customer_type_id,
                   position.user_id,
                   COALESCE(supply.state_id, partner.state_id) AS state_id,
                   INITCAP(COALESCE(
                       NULLIF(TRIM(supply.city), ''), NULLIF(TRIM(partner.city), '')
                   )) AS city,
                   held.line_id,
                   held.move_id,
                   held.partner_id,
                   position.id AS position_id,
                   held.supply_id,
                   held.date_maturity,
                   CASE WHEN held.residual > 0 AND held.date_maturity < %(day)s
                        THEN held.residual ELSE 0 END AS amount_overdue,
                   CASE WHEN held.residual > 0 AND held.date_maturity >= %(day)s
                        THEN held.residual ELSE 0 END AS amount_not_due,
                   CASE WHEN held.residual < 0
                        THEN -held.residual ELSE 0 END AS amount_credit,
                   CASE WHEN held.held_until IS NOT NULL AND held.residual > 0
                             AND held.date_maturity < %(day)s
                        THEN held.residual ELSE 0 END AS amount_held
              FROM (%(lines)s) AS held
              JOIN res_partner AS partner ON partner.id = held.partner_id
              LEFT JOIN creditbox_supply AS supply ON supply.id = held.supply_id
              LEFT JOIN creditbox_position AS position
                     ON position.company_id = %(company)s
                    AND position.partner_id = held.partner_id
                    AND COALESCE(position.supply_id, 0) = COALESCE(held.supply_id, 0)
            """,
            company=company.id,
            day=as_of,
            bucket=self._sql_bucket(company, as_of),
            lines=position._sql_held_lines(company, as_of, partner_ids),
        )

    @api.model
    def _sql_bucket(self, company, as_of):
        """The bucket of a debt: the last that begins before its days."""
        buckets = self.env["creditbox.age.bucket"]._of(company)
        overdue = buckets.filtered("overdue").sorted("day_from", reverse=True)
        due = (buckets - overdue).sorted("day_from", reverse=True)
        days = SQL("(%s - held.date_maturity)", as_of)
        cases = [SQL("WHEN %s >= %s THEN %s", days, b.day_from, b.id) for b in overdue]
        cases += [SQL("WHEN -%s >= %s THEN %s", days, b.day_from, b.id) for b in due]
        return SQL("CASE %s END", SQL(" ").join(cases)) if cases else SQL("NULL::int")
