from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.creditbox_dunning.models.loose_many2one import LooseMany2one

# By what the figures can be cut. Whatever comes here is a column of each table.
DIMENSIONS = (
    "company_id",
    "bucket_id",
    "held",
    "service_type_id",
    "customer_type_id",
    "user_id",
    "state_id",
    "city",
)
AMOUNTS = ("amount_overdue", "amount_not_due", "amount_credit", "amount_held")


class CreditboxConsoleFigure(models.AbstractModel):
    """What a bill still owed, or a sum of such bills, counts in the console.

    No foreign keys: the tables are filled by the million, and what a snapshot says
    stays as it was whatever becomes of the records.
    """

    _name = "creditbox.console.figure"
    _description = "Figure of the Console"
    _log_access = False

    company_id = LooseMany2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    bucket_id = LooseMany2one("creditbox.age.bucket", string="Age", readonly=True)
    held = fields.Boolean(string="On Hold", readonly=True)
    service_type_id = LooseMany2one(
        "creditbox.service.type", string="Service", readonly=True
    )
    customer_type_id = LooseMany2one(
        "creditbox.customer.type", string="Customer Type", readonly=True
    )
    user_id = LooseMany2one("res.users", string="Operator", readonly=True)
    state_id = LooseMany2one("res.country.state", string="Province", readonly=True)
    city = fields.Char(string="Municipality", readonly=True)
    amount_overdue = fields.Monetary(string="Overdue", readonly=True)
    amount_not_due = fields.Monetary(string="Falling Due", readonly=True)
    amount_credit = fields.Monetary(string="Credit", readonly=True)
    amount_held = fields.Monetary(
        string="Overdue on Hold", readonly=True, help="Part of the overdue amount."
    )

    @api.model
    def _sql_columns(self, names, alias=None):
        """:return: the columns one after the other, as SQL"""
        return SQL(", ").join(
            SQL.identifier(alias, name) if alias else SQL.identifier(name)
            for name in names
        )
