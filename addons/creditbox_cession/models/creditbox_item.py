from odoo import fields, models


class CreditboxItem(models.Model):
    _inherit = "creditbox.item"

    exclusion = fields.Selection(selection_add=[("cession", "Assigned to somebody")])
