from odoo import fields, models


class CreditboxSupplyContract(models.Model):
    """A former contract of a supply: who had it, from when to when."""

    _name = "creditbox.supply.contract"
    _description = "Former Contract of a Supply"
    _order = "supply_id, date_end desc, id desc"
    _rec_name = "partner_id"

    supply_id = fields.Many2one(
        "creditbox.supply",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="supply_id.company_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, readonly=True, index=True
    )
    date_start = fields.Date(string="From", readonly=True)
    date_end = fields.Date(string="To", required=True, readonly=True)
    ticket_id = fields.Many2one(
        "helpdesk.ticket", string="Request", readonly=True, ondelete="set null"
    )
