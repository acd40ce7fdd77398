from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    creditbox_contact_delay = fields.Integer(
        related="company_id.creditbox_contact_delay", readonly=False
    )
    creditbox_use_credits = fields.Boolean(
        related="company_id.creditbox_use_credits", readonly=False
    )
    creditbox_batch_size = fields.Integer(
        related="company_id.creditbox_batch_size", readonly=False
    )
