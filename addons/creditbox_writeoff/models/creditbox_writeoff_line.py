from odoo import fields, models


class CreditboxWriteoffLine(models.Model):
    """One bill of a write-off."""

    _name = "creditbox.writeoff.line"
    _description = "Bill of a Write-off"
    _order = "date_due, id"

    writeoff_id = fields.Many2one(
        "creditbox.writeoff", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="writeoff_id.company_id", store=True)
    move_line_id = fields.Many2one(
        "account.move.line", required=True, readonly=True, index=True
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Bill")
    date_due = fields.Date(related="move_line_id.date_maturity", store=True)
    currency_id = fields.Many2one(related="writeoff_id.currency_id")
    amount = fields.Monetary(
        string="Open", readonly=True, help="When last seen; then what was written off."
    )
