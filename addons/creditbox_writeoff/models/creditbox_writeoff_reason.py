from odoo import fields, models

GROUNDS = [
    ("small", "Small credit"),
    ("insolvency", "Insolvency proceedings"),
    ("prescription", "Prescribed"),
    ("proof", "To be proved"),
]


class CreditboxWriteoffReason(models.Model):
    """Why a debt is given up, and what that means for the taxes."""

    _name = "creditbox.writeoff.reason"
    _description = "Reason of a Write-off"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")
    ground = fields.Selection(
        GROUNDS,
        string="Tax ground",
        help="Which makes the loss deductible; small credits are recognised by their "
        "amount and age, whatever the reason.",
    )
    vat_note = fields.Boolean(
        string="VAT note",
        help="The VAT may be recovered by a note of variation (DPR 633/1972 art. 26).",
    )
    for_table = fields.Boolean(
        string="Of the action table",
        help="Written on the requests that the action table makes.",
    )
