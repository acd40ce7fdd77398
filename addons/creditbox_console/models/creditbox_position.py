from odoo import api, models
from odoo.tools import SQL


class CreditboxPosition(models.Model):
    _inherit = "creditbox.position"

    @api.model
    def _refresh(self, partner_ids=None, companies=None):
        """The console follows, in the same transaction."""
        result = super()._refresh(partner_ids, companies)
        if partner_ids is None or partner_ids:
            self.env["creditbox.console.line"]._refresh(
                companies or self.env.companies, partner_ids
            )
        return result

    @api.model
    def _on_operator_changed(self, company, partner_ids):
        """Who works on it is a cut of the console."""
        result = super()._on_operator_changed(company, partner_ids)
        self.env["creditbox.console.line"]._refresh(company, partner_ids)
        return result

    @api.model
    def _sql_open_lines(self, company, as_of, partner_ids=None, where=None):
        """With ``creditbox_past_accounts`` in the context: what was open on the day.

        The accounting date counts: that of the entry, and of a matching the later one
        of its two entries (``max_date``). What was entered later with an earlier date
        therefore changes the past, and only a snapshot does not.
        """
        if not self.env.context.get("creditbox_past_accounts"):
            return super()._sql_open_lines(company, as_of, partner_ids, where)
        return SQL(
            """
            SELECT line.id AS line_id,
                   line.move_id,
                   partner.commercial_partner_id AS partner_id,
                   move.creditbox_supply_id AS supply_id,
                   COALESCE(line.date_maturity, line.date) AS date_maturity,
                   line.balance - COALESCE(paid.amount, 0)
                       + COALESCE(spent.amount, 0) AS residual
              FROM account_move_line AS line
              JOIN account_move AS move ON move.id = line.move_id
              JOIN res_partner AS partner ON partner.id = line.partner_id
              LEFT JOIN (%(paid)s) AS paid ON paid.line_id = line.id
              LEFT JOIN (%(spent)s) AS spent ON spent.line_id = line.id
             WHERE line.company_id = %(company)s
               AND line.account_id = ANY(%(receivable)s)
               AND line.parent_state = 'posted'
               AND line.date <= %(day)s
               AND line.balance - COALESCE(paid.amount, 0)
                   + COALESCE(spent.amount, 0) <> 0
               AND %(customers)s
               AND %(where)s
            """,
            paid=self._sql_matched("debit_move_id", company, as_of),
            spent=self._sql_matched("credit_move_id", company, as_of),
            company=company.id,
            day=as_of,
            receivable=self._receivable_accounts(company).ids,
            customers=self._sql_customers("partner.commercial_partner_id", partner_ids),
            where=where or SQL("TRUE"),
        )

    @api.model
    def _sql_matched(self, column, company, as_of):
        """What had been matched with each entry by the day: (line_id, amount)."""
        return SQL(
            """
            SELECT %(column)s AS line_id, SUM(amount) AS amount
              FROM account_partial_reconcile
             WHERE company_id = %(company)s AND max_date <= %(day)s
             GROUP BY %(column)s
            """,
            column=SQL.identifier(column),
            company=company.id,
            day=as_of,
        )
