from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL


class CreditboxInsuredBill(models.Model):
    """An insured bill that is overdue, and that the insurer has not been told of.

    A statement, nothing is stored: what is paid or declared is gone from the list at
    once. Insured is a bill whose date lies within a cover of the customer and within
    the terms of its policy, and whose payment term is not longer than these allow.
    Charges of the recovery are not.

    Credits pay the oldest bills first, and so is the cover used up.
    """

    _name = "creditbox.insured.bill"
    _description = "Insured Bill to Declare"
    _inherit = ["creditbox.guarded"]
    _auto = False
    _order = "date_deadline, id"
    _rec_name = "move_id"
    _depends = {
        "account.move": ["invoice_date", "creditbox_supply_id", "creditbox_charge"],
        "account.move.line": [
            "amount_residual",
            "company_id",
            "date_maturity",
            "parent_state",
            "partner_id",
            "reconciled",
        ],
        "creditbox.cover": [
            "active",
            "amount",
            "company_id",
            "date_from",
            "date_to",
            "partner_id",
            "policy",
            "provider_id",
        ],
        "creditbox.declaration.line": ["live", "move_line_id"],
        "creditbox.policy": [
            "active",
            "date_from",
            "date_to",
            "declare_days",
            "insured_percent",
            "max_payment_days",
            "name",
            "remind_days",
        ],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    move_line_id = fields.Many2one("account.move.line", readonly=True)
    move_id = fields.Many2one("account.move", string="Bill", readonly=True)
    supply_id = fields.Many2one("creditbox.supply", readonly=True)
    cover_id = fields.Many2one("creditbox.cover", readonly=True)
    policy_id = fields.Many2one("creditbox.policy", readonly=True)
    provider_id = fields.Many2one("creditbox.provider", string="Insurer", readonly=True)
    date_bill = fields.Date(string="Date of the bill", readonly=True)
    date_due = fields.Date(string="Due on", readonly=True)
    date_deadline = fields.Date(string="To declare by", readonly=True)
    days_left = fields.Integer(readonly=True, aggregator=None)
    late = fields.Boolean(readonly=True)
    soon = fields.Boolean(readonly=True, help="Within the days of the reminder.")
    amount_open = fields.Monetary(
        string="Open", readonly=True, help="Less the customer's unallocated credits."
    )
    amount_insured = fields.Monetary(
        string="Insured",
        readonly=True,
        help="The insured percentage of what the cover still reaches: at risk once "
        "the term has passed.",
    )

    @property
    def _table_query(self):
        """The companies are part of the statement: each has its own today."""
        # as the system: only ids, never shown
        companies = self.env["res.company"].sudo().search([("active", "=", True)])
        days = SQL(", ").join(
            SQL("(%s, %s::date)", company.id, company._creditbox_today())
            for company in companies
        )
        return SQL(
            """
            WITH company (id, today) AS (VALUES %(days)s),
            item AS MATERIALIZED (%(items)s),
            insured AS (%(insured)s),
            credit AS (
                SELECT company_id, partner_id, -SUM(residual) AS amount
                  FROM item WHERE residual < 0 GROUP BY company_id, partner_id
            ),
            running AS (
                SELECT insured.*, COALESCE(credit.amount, 0) AS credit,
                       SUM(residual) OVER (
                           PARTITION BY insured.company_id, insured.partner_id
                           ORDER BY date_due, insured.id) AS owed
                  FROM insured
                  LEFT JOIN credit ON credit.company_id = insured.company_id
                                  AND credit.partner_id = insured.partner_id
            ),
            opened AS (
                SELECT running.*,
                       GREATEST(owed - credit, 0) AS upto,
                       GREATEST(owed - credit, 0)
                       - GREATEST(owed - residual - credit, 0) AS amount_open
                  FROM running
            )
            SELECT id, company_id, partner_id, id AS move_line_id, move_id, supply_id,
                   cover_id, policy_id, provider_id, date_bill, date_due,
                   date_deadline, date_deadline - today AS days_left,
                   date_deadline < today AS late,
                   date_deadline - today BETWEEN 0 AND remind_days AS soon, amount_open,
                   ROUND((LEAST(upto, cover)
                          - LEAST(upto - amount_open, cover)) * percent / 100, 2)
                       AS amount_insured
              FROM opened
             WHERE amount_open > 0
               AND NOT EXISTS (
                   SELECT FROM creditbox_declaration_line AS declared
                    WHERE declared.move_line_id = opened.id AND declared.live)
            """,
            days=days,
            items=self._sql_items(),
            insured=self._sql_insured(),
        )

    def _sql_items(self):
        """What is open in the accounts of customers with a cover, debts and credits."""
        return SQL(
            """
            SELECT line.id, line.company_id, covered.partner_id, line.move_id,
                   line.date_maturity, line.amount_residual AS residual
              FROM (
                SELECT DISTINCT partner_id, company_id
                  FROM creditbox_cover WHERE active) AS covered
              JOIN res_partner AS partner
                ON partner.commercial_partner_id = covered.partner_id
              JOIN account_move_line AS line
                ON line.partner_id = partner.id
               AND line.company_id = covered.company_id
               AND line.parent_state = 'posted' AND line.reconciled IS NOT TRUE
              JOIN account_account AS account
                ON account.id = line.account_id
               AND account.account_type = 'asset_receivable'
            """
        )

    def _sql_insured(self):
        """Overdue bills with the cover and the terms in force on their day.

        Two covers of one customer: the one that began last counts.
        """
        return SQL(
            """
            SELECT DISTINCT ON (item.id)
                   item.id, item.company_id, item.partner_id, item.move_id,
                   move.creditbox_supply_id AS supply_id, cover.id AS cover_id,
                   cover.amount AS cover, policy.id AS policy_id, policy.provider_id,
                   policy.insured_percent::numeric AS percent, policy.remind_days,
                   move.invoice_date AS date_bill, item.date_maturity AS date_due,
                   item.date_maturity + policy.declare_days AS date_deadline,
                   item.residual, company.today
              FROM item
              JOIN company ON company.id = item.company_id
              JOIN account_move AS move
                ON move.id = item.move_id AND move.move_type = 'out_invoice'
               AND move.creditbox_charge IS NULL
              JOIN creditbox_cover AS cover
                ON cover.partner_id = item.partner_id
               AND cover.company_id = item.company_id AND cover.active
               AND move.invoice_date BETWEEN cover.date_from AND cover.date_to
              JOIN creditbox_policy AS policy
                ON policy.company_id = cover.company_id
               AND policy.provider_id = cover.provider_id
               AND policy.name = cover.policy AND policy.active
               AND move.invoice_date >= policy.date_from
               AND (policy.date_to IS NULL OR move.invoice_date <= policy.date_to)
             WHERE item.residual > 0 AND item.date_maturity < company.today
               AND item.date_maturity - move.invoice_date <= policy.max_payment_days
             ORDER BY item.id, cover.date_from DESC, cover.id DESC
            """
        )

    def action_declare(self):
        """Declare these bills: a declaration, with its file, for each policy.

        :return: window action of the declarations
        :raises UserError: paid or declared meanwhile, all of them
        """
        still = self.exists()
        still._require("creditbox_base.group_operator")
        if not still:
            raise UserError(
                self.env._("These bills have been paid or declared meanwhile.")
            )
        return self.env["creditbox.declaration"]._declare(still)._window()

    def action_open_bill(self):
        """:return: window action of the bill"""
        self.ensure_one()
        return self.move_id.get_formview_action()

    def _declaration_values(self, policy):
        """:return: values of a creditbox.declaration of these bills of one policy"""
        today = policy.company_id._creditbox_today()
        return {
            "company_id": policy.company_id.id,
            "policy_id": policy.id,
            "date": today,
            "user_id": self.env.uid,
            "line_ids": [
                Command.create(
                    {
                        "move_line_id": bill.move_line_id.id,
                        "partner_id": bill.partner_id.id,
                        "date_due": bill.date_due,
                        "date_deadline": bill.date_deadline,
                        "date_claimable": fields.Date.add(
                            today, days=policy.waiting_days
                        ),
                        "late": bill.late,
                        "amount": bill.amount_open,
                        "amount_insured": bill.amount_insured,
                    }
                )
                for bill in self
            ],
        }
