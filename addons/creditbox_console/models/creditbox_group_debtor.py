from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from .res_partner import SQL_TAX_CODE


class CreditboxGroupDebtor(models.Model):
    """One person over all companies: who has the same tax code is the same debtor.

    Only for the group controller, and only of the companies that he has ticked.
    """

    _name = "creditbox.group.debtor"
    _description = "Debtor of the Group"
    _auto = False
    _order = "amount_overdue desc, id"
    _depends = {
        "creditbox.console.customer": ["company_id", "tax_code", "amount_balance"],
    }
    _rec_names_search = ["name", "tax_code"]

    name = fields.Char(
        string="Customer", compute="_compute_name", search="_search_name"
    )
    tax_code = fields.Char(readonly=True, help="Fiscal code or VAT number.")
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount_overdue = fields.Monetary(string="Overdue", readonly=True)
    amount_not_due = fields.Monetary(string="Falling Due", readonly=True)
    amount_credit = fields.Monetary(string="Credit", readonly=True)
    amount_balance = fields.Monetary(string="Balance", readonly=True)
    days_overdue = fields.Integer(
        readonly=True, aggregator="max", help="Of the oldest bill."
    )
    company_count = fields.Integer(string="Companies", readonly=True, aggregator=None)
    customer_count = fields.Integer(string="Customers", compute="_compute_position_ids")
    owed = fields.Char(string="Owed in Each Company", compute="_compute_owed")
    position_ids = fields.Many2many(
        "creditbox.position", compute="_compute_position_ids"
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT MIN(customer.partner_id) AS id,
                   customer.tax_code,
                   company.currency_id,
                   SUM(customer.amount_overdue) AS amount_overdue,
                   SUM(customer.amount_not_due) AS amount_not_due,
                   SUM(customer.amount_credit) AS amount_credit,
                   SUM(customer.amount_balance) AS amount_balance,
                   GREATEST(MAX(company.today - customer.oldest), 0) AS days_overdue,
                   %(company_count)s AS company_count
              FROM creditbox_console_customer AS customer
              JOIN (VALUES %(companies)s) AS company (id, currency_id, today)
                ON company.id = customer.company_id
             GROUP BY company.currency_id, customer.tax_code,
                      CASE WHEN customer.tax_code IS NULL
                           THEN customer.partner_id END
            """,
            companies=SQL(", ").join(
                SQL(
                    "(%s, %s, %s::date)",
                    company.id,
                    company.currency_id.id,
                    company._creditbox_today(),
                )
                for company in self.env.companies
            ),
            # COUNT(DISTINCT …) would sort everybody
            company_count=SQL(" + ").join(
                SQL("BOOL_OR(company.id = %s)::int", company_id)
                for company_id in self.env.companies.ids
            ),
        )

    @api.depends("tax_code", "currency_id")
    def _compute_name(self):
        """The name is looked up of those that are shown, not of everybody."""
        for debtor, customer in zip(
            self, self.env["res.partner"].browse(self.ids), strict=True
        ):
            debtor.name = customer.name

    def _search_name(self, operator, value):
        """By any name that the person has, in whichever company."""
        customers = self.env["res.partner"]._search([("name", operator, value)])
        kept = SQL(
            """
              FROM creditbox_console_customer
             WHERE company_id = ANY(%s) AND partner_id IN %s
            """,
            self.env.companies.ids,
            customers.subselect(),
        )
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "(%s IN (SELECT tax_code %s) OR %s IN (SELECT partner_id %s))",
                SQL.identifier(alias, "tax_code"),
                kept,
                SQL.identifier(alias, "id"),
                kept,
            )
        )

    def _positions(self):
        """:return: {debtor: his positions in the companies ticked, zeros too}"""
        self.env["creditbox.position"].flush_model()
        self.env["res.partner"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT %(tax_code)s, CASE WHEN %(tax_code)s IS NULL THEN partner.id END,
                       position.currency_id, ARRAY_AGG(position.id ORDER BY position.id)
                  FROM creditbox_position AS position
                  JOIN res_partner AS partner ON partner.id = position.partner_id
                 WHERE position.company_id = ANY(%(companies)s)
                   AND (%(tax_code)s = ANY(%(codes)s) OR partner.id = ANY(%(ids)s))
                 GROUP BY 1, 2, 3
                """,
                tax_code=SQL_TAX_CODE,
                companies=self.env.companies.ids,
                codes=[code for code in self.mapped("tax_code") if code],
                ids=self.ids,
            )
        )
        found = {tuple(key): ids for *key, ids in rows}
        positions = self.env["creditbox.position"]
        everything = tuple(id_ for ids in found.values() for id_ in ids)
        return {
            debtor: positions.browse(
                found.get(
                    (
                        debtor.tax_code or None,
                        None if debtor.tax_code else debtor.id,
                        debtor.currency_id.id,
                    ),
                    (),
                )
            ).with_prefetch(everything)
            for debtor in self
        }

    @api.depends("tax_code", "currency_id")
    def _compute_position_ids(self):
        found = self._positions()
        for debtor in self:
            debtor.position_ids = found[debtor]
            debtor.customer_count = len(found[debtor].partner_id)

    @api.depends("tax_code", "currency_id")
    def _compute_owed(self):
        """«Acqua 120,00 € · Gas 300,00 €»: the balance in each company."""
        found = self._positions()
        for debtor in self:
            owed = {
                company: sum(positions.mapped("amount_balance"))
                for company, positions in found[debtor].grouped("company_id").items()
            }
            debtor.owed = " · ".join(
                f"{company.name} "
                f"{formatLang(self.env, amount, currency_obj=debtor.currency_id)}"
                for company, amount in sorted(owed.items(), key=lambda row: -row[1])
            )

    def action_open_customers(self):
        """:return: the customers that this person is, in each company"""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_base.res_partner_action"
        )
        customers = self.position_ids.partner_id
        return dict(
            action,
            name=self.name,
            domain=[("id", "in", customers.ids)],
            context={"create": False},
        )

    def action_open_positions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_base.creditbox_position_action"
        )
        return dict(
            action,
            name=self.name,
            domain=[("id", "in", self.position_ids.ids)],
            context={"create": False},
        )
