from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from .res_partner import TAX_CODE


class CreditboxGroupDebtor(models.Model):
    """One person over all companies: who has the same tax code is the same debtor.

    Only for the group controller, and only of the companies that he has ticked.
    """

    _name = "creditbox.group.debtor"
    _description = "Debtor of the Group"
    _auto = False
    _order = "amount_overdue desc, id"
    _depends = {
        "creditbox.position": ["partner_id", "company_id", "amount_overdue"],
        "res.partner": ["name", "vat", "creditbox_fiscal_code"],
    }
    _rec_names_search = ["name", "tax_code"]

    name = fields.Char(string="Customer", readonly=True)
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
            SELECT MIN(partner.id) AS id,
                   MIN(partner.name) AS name,
                   %(tax_code)s AS tax_code,
                   position.currency_id,
                   SUM(position.amount_overdue) AS amount_overdue,
                   SUM(position.amount_not_due) AS amount_not_due,
                   SUM(position.amount_credit) AS amount_credit,
                   SUM(position.amount_balance) AS amount_balance,
                   MAX(position.days_overdue) AS days_overdue,
                   %(company_count)s AS company_count
              FROM creditbox_position AS position
              JOIN res_partner AS partner ON partner.id = position.partner_id
             WHERE position.company_id = ANY(%(companies)s)
               AND (position.amount_overdue <> 0 OR position.amount_not_due <> 0
                    OR position.amount_credit <> 0)
             GROUP BY position.currency_id, %(tax_code)s,
                      CASE WHEN %(tax_code)s IS NULL THEN partner.id END
            """,
            tax_code=self._sql_tax_code(),
            companies=self.env.companies.ids,
            # COUNT(DISTINCT …) would sort everybody
            company_count=SQL(" + ").join(
                SQL("BOOL_OR(position.company_id = %s)::int", company_id)
                for company_id in self.env.companies.ids
            ),
        )

    @api.model
    def _sql_tax_code(self):
        """The tax code of the res_partner ``partner``."""
        return SQL(TAX_CODE.replace("%", "%%"))

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
                tax_code=self._sql_tax_code(),
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
