from odoo import fields, models


class CreditboxProcedure(models.Model):
    _inherit = "creditbox.procedure"

    standard_ids = fields.One2many(
        "creditbox.procedure.standard", "procedure_id", string="Terms", copy=True
    )
