from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.creditbox_dunning.models.loose_many2one import LooseMany2one

from .creditbox_console_figure import AMOUNTS
from .res_partner import SQL_TAX_CODE

# SQL of each figure over the customer's open due dates
FIGURES = {
    **{name: f"SUM({name})" for name in AMOUNTS},
    "amount_balance": "SUM(amount_overdue + amount_not_due - amount_credit)",
    "oldest": "MIN(date_maturity) FILTER (WHERE amount_overdue > 0)",
    "bill_count": "COUNT(*)",
}


class CreditboxConsoleCustomer(models.Model):
    """What a customer owes to a company, over all his open due dates.

    The console's grid of customers without a filter, and the debtors of the group:
    adding up everybody's due dates to show who owes most would take as long as there
    are bills.
    """

    _name = "creditbox.console.customer"
    _description = "Sum of a Customer"
    _log_access = False
    _order = "amount_overdue desc, partner_id"
    _rec_name = "partner_id"

    company_id = LooseMany2one("res.company", required=True, readonly=True)
    partner_id = LooseMany2one(
        "res.partner", string="Customer", required=True, readonly=True
    )
    shared = fields.Boolean(
        readonly=True, help="The customer may owe to other companies too."
    )
    tax_code = fields.Char(readonly=True, help="Fiscal code or VAT number.")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_overdue = fields.Monetary(string="Overdue", readonly=True)
    amount_not_due = fields.Monetary(string="Falling Due", readonly=True)
    amount_credit = fields.Monetary(string="Credit", readonly=True)
    amount_held = fields.Monetary(string="Overdue on Hold", readonly=True)
    amount_balance = fields.Monetary(string="Balance", readonly=True)
    oldest = fields.Date(string="Overdue since", readonly=True)
    bill_count = fields.Integer(string="Due Dates", readonly=True)

    _customer_uniq = models.UniqueIndex("(company_id, partner_id)")
    _shared_idx = models.Index("(partner_id) WHERE shared")
    _overdue_idx = models.Index("(amount_overdue DESC NULLS LAST, partner_id)")

    @api.model
    def _refresh(self, company, partner_ids=None):
        """Make the sums equal to the due dates; only what differs is written.

        :param partner_ids: ids of customers, None for everybody
        """
        positions = self.env["creditbox.position"]
        names = [SQL.identifier(name) for name in ("shared", "tax_code", *FIGURES)]
        values = {
            "company": company.id,
            "customers": positions._sql_customers("partner_id", partner_ids),
            "lines": positions._sql_customers("line.partner_id", partner_ids),
            "names": SQL(", ").join(names),
            "tax_code": SQL_TAX_CODE,
            "figures": SQL(", ").join(map(SQL, FIGURES.values())),
            "old": SQL(", ").join(SQL("old.%s", name) for name in names),
            "new": SQL(", ").join(SQL("excluded.%s", name) for name in names),
        }
        self.env.cr.execute(SQL(WRITE, **values))
        if partner_ids is None:
            # after a first load FORGET would compare each sum with each due date
            self.env.cr.execute("ANALYZE creditbox_console_customer")
        self.env.cr.execute(SQL(FORGET, **values))
        self.invalidate_model()

    @api.model
    def _refresh_tax_codes(self, partners):
        """The customers have other tax codes than before."""
        partners.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
                UPDATE creditbox_console_customer AS customer SET tax_code = %s
                  FROM res_partner AS partner
                 WHERE partner.id = customer.partner_id AND partner.id = ANY(%s)
                """,
                SQL_TAX_CODE,
                partners.ids,
            )
        )
        self.invalidate_model(["tax_code"])


WRITE = """
    INSERT INTO creditbox_console_customer AS old (company_id, partner_id, %(names)s)
    SELECT %(company)s, partner.id, partner.company_id IS NULL, %(tax_code)s,
           %(figures)s
      FROM creditbox_console_line AS line
      JOIN res_partner AS partner ON partner.id = line.partner_id
     WHERE line.company_id = %(company)s AND %(lines)s
     GROUP BY partner.id
    ON CONFLICT (company_id, partner_id) DO UPDATE SET (%(names)s) = ROW(%(new)s)
     WHERE (%(old)s) IS DISTINCT FROM (%(new)s)
"""
FORGET = """
    DELETE FROM creditbox_console_customer AS customer
     WHERE company_id = %(company)s AND %(customers)s
       AND NOT EXISTS (
        SELECT FROM creditbox_console_line AS line
         WHERE line.partner_id = customer.partner_id
           AND line.company_id = customer.company_id)
"""
