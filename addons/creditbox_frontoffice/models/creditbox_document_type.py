from odoo import fields, models


class CreditboxDocumentType(models.Model):
    _name = "creditbox.document.type"
    _description = "Document of Requests"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
