from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .creditbox_regulation_step import CERTIFIED_CODES

HORIZON_DAYS = 180


class CreditboxPrescription(models.Model):
    """An open bill that will soon be barred by prescription, or is already.

    Made anew every night, of what expires within half a year: among a million bills
    these are few.
    """

    _name = "creditbox.prescription"
    _description = "Prescription Radar"
    _order = "date_expiry, id"
    _log_access = False

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    position_id = fields.Many2one(
        "creditbox.position",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    date_start = fields.Date(
        string="Counts from", readonly=True, help="Before any act that interrupts it."
    )
    action_id = fields.Many2one(
        "creditbox.action",
        string="Interrupted by",
        readonly=True,
        index="btree_not_null",
        help="The last formal notice whose delivery is proved.",
    )
    date_act = fields.Date(string="Interrupted on", readonly=True)
    years = fields.Integer(readonly=True)
    date_expiry = fields.Date(string="Expires on", readonly=True, index=True)
    days_left = fields.Integer(compute="_compute_days_left")
    partner_id = fields.Many2one(related="position_id.partner_id")
    supply_id = fields.Many2one(related="position_id.supply_id")
    move_id = fields.Many2one(related="move_line_id.move_id", string="Bill")
    date_due = fields.Date(related="move_line_id.date_maturity")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_residual = fields.Monetary(readonly=True, string="Open amount")

    @api.depends("date_expiry")
    def _compute_days_left(self):
        for bill in self:
            today = bill.company_id._creditbox_today()
            bill.days_left = (bill.date_expiry - today).days

    @api.depends("move_id", "date_expiry")
    def _compute_display_name(self):
        for bill in self:
            bill.display_name = bill.move_id.creditbox_ref or bill.move_id.name

    @api.model
    def _refresh(self, companies=None):
        """Look at all open bills again.

        :param companies: res.company, by default those of the environment
        """
        self.env.flush_all()
        for company in companies or self.env.companies:
            self.env.cr.execute(
                SQL(
                    "DELETE FROM creditbox_prescription WHERE company_id = %s",
                    company.id,
                )
            )
            self.env.cr.execute(self._sql_refresh(company, company._creditbox_today()))
        self.invalidate_model()

    def _sql_refresh(self, company, today):
        return SQL(
            """
            INSERT INTO creditbox_prescription (
                company_id, position_id, move_line_id, date_start, action_id, date_act,
                years, date_expiry, amount_residual)
            SELECT %(company)s, position_id, line_id, date_start, action_id, date_act,
                   years, date_expiry, residual
              FROM (
                SELECT bill.*, act.id AS action_id, act.date_proof AS date_act,
                       (GREATEST(bill.date_start, act.date_proof)
                        + make_interval(years => bill.years))::date AS date_expiry
                  FROM (%(bills)s) AS bill
                  LEFT JOIN LATERAL (%(acts)s) AS act ON TRUE
                 WHERE bill.date_start + make_interval(years => bill.years) <= %(until)s
              ) AS barred
             WHERE date_expiry <= %(until)s
             ORDER BY date_expiry, line_id
            """,
            company=company.id,
            bills=self._sql_bills(company, today),
            acts=self._sql_acts(),
            until=today + timedelta(days=HORIZON_DAYS),
        )

    def _sql_bills(self, company, today):
        """The open bills with the shortest prescription that the law gives them."""
        regulations = self.env["creditbox.regulation"]._in_force(company, today)
        rules = regulations.prescription_ids._in_force(today)
        return SQL(
            """
            SELECT DISTINCT ON (line.line_id)
                   line.line_id, line.residual, position.id AS position_id, rule.years,
                   CASE WHEN rule.start = 'issue'
                        THEN COALESCE(move.creditbox_period_to + rule.issue_days,
                                      move.invoice_date, line.date_maturity)
                        ELSE line.date_maturity END AS date_start
              FROM (%(lines)s) AS line
              JOIN account_move AS move ON move.id = line.move_id
              JOIN creditbox_position AS position
                ON position.company_id = %(company)s
               AND position.partner_id = line.partner_id
               AND position.supply_id IS NOT DISTINCT FROM line.supply_id
              JOIN res_partner AS customer ON customer.id = line.partner_id
              LEFT JOIN creditbox_supply AS supply ON supply.id = line.supply_id
              JOIN (VALUES %(rules)s)
                   AS rule (service, customer, due_after, start, issue_days, years)
                ON (rule.service IS NULL OR rule.service = supply.service_type_id)
               AND (rule.customer IS NULL
                    OR rule.customer = customer.creditbox_customer_type_id)
               AND (rule.due_after IS NULL OR line.date_maturity > rule.due_after)
             WHERE line.residual > 0
             ORDER BY line.line_id, rule.years
            """,
            lines=self.env["creditbox.position"]._sql_open_lines(company, today),
            company=company.id,
            rules=SQL(", ").join(self._sql_rules(rules)),
        )

    def _sql_rules(self, rules):
        """Yield a row of values for each rule and customer type, and an empty one."""
        yield SQL("(NULL::int, 0, NULL::date, '', 0, 1)")  # types; no customer has it
        for rule in rules:
            for customer in rule.customer_type_ids.ids or [None]:
                yield SQL(
                    "(%s::int, %s::int, %s::date, %s, %s, %s)",
                    rule.service_type_id.id or None,
                    customer,
                    rule.due_after or None,
                    rule.start,
                    rule.issue_days,
                    rule.years,
                )

    def _sql_acts(self):
        """The last formal notice of the bill whose delivery is proved."""
        return SQL(
            """
            SELECT action.id, action.date_proof
              FROM creditbox_item AS item
              JOIN creditbox_action_line AS done
                ON done.item_id = item.id AND done.executed
              JOIN creditbox_action AS action ON action.id = done.action_id
              JOIN creditbox_rule AS row ON row.id = done.rule_id
             WHERE item.move_line_id = bill.line_id
               AND row.legal_step = 'notice' AND action.code IN %s
               AND action.date_proof IS NOT NULL
             ORDER BY action.date_proof DESC
             LIMIT 1
            """,
            CERTIFIED_CODES,
        )

    @api.model
    def _follow_payments(self, partner_ids):
        """Who pays leaves the radar at once, or owes less on it.

        :param partner_ids: ids of customers whose debt has changed
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                WITH now AS (
                    SELECT radar.id, line.amount_residual
                      FROM creditbox_prescription AS radar
                      JOIN creditbox_position AS position
                        ON position.id = radar.position_id
                      JOIN account_move_line AS line ON line.id = radar.move_line_id
                     WHERE position.partner_id = ANY(%s)
                       AND radar.amount_residual <> line.amount_residual
                ), gone AS (
                    DELETE FROM creditbox_prescription AS radar USING now
                     WHERE radar.id = now.id AND now.amount_residual <= 0
                )
                UPDATE creditbox_prescription AS radar
                   SET amount_residual = now.amount_residual
                  FROM now
                 WHERE radar.id = now.id AND now.amount_residual > 0
                """,
                list(partner_ids),
            )
        )
        if self.env.cr.rowcount:
            self.invalidate_model(["amount_residual"])

    @api.model
    def _cron_refresh(self):
        """Every night: time has passed, proofs have come in."""
        companies = self.env["res.company"].search([("active", "=", True)])
        for done, company in enumerate(companies, start=1):
            self._refresh(company)
            self.env["ir.cron"]._commit_progress(1, remaining=len(companies) - done)

    @api.model
    def action_refresh(self):
        """Look again now, for the companies chosen.

        :return: client action that reloads the list
        """
        self.check_access("read")
        # nobody has the right to write what the night computes
        self.sudo()._refresh(self.env.companies)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_open_position(self):
        """:return: window action of the position"""
        self.ensure_one()
        return self.position_id.get_formview_action()
