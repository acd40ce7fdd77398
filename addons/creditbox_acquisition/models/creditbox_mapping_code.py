from odoo import fields, models


class CreditboxMappingCode(models.Model):
    """A value of the billing system and what it is called here."""

    _name = "creditbox.mapping.code"
    _description = "Translated Code"
    _order = "column_id, value_from"
    _rec_name = "value_from"

    column_id = fields.Many2one(
        "creditbox.mapping.column", required=True, index=True, ondelete="cascade"
    )
    value_from = fields.Char(string="Billing System", required=True)
    value_to = fields.Char(string="CreditBox", required=True)

    _value_uniq = models.Constraint(
        "UNIQUE(column_id, value_from)", "This value is translated already."
    )
