from odoo import fields, models


class CreditboxProvider(models.Model):
    _inherit = "creditbox.provider"

    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        help="Who is told of cases, and of payments as soon as they are posted.",
    )
    mandate_ids = fields.One2many("creditbox.mandate", "provider_id")
