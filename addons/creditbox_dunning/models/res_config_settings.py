from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    creditbox_contact_delay = fields.Integer(
        related="company_id.creditbox_contact_delay", readonly=False
    )
    creditbox_use_credits = fields.Boolean(
        related="company_id.creditbox_use_credits", readonly=False
    )
    creditbox_auto_propose = fields.Boolean(
        related="company_id.creditbox_auto_propose", readonly=False
    )
    creditbox_batch_size = fields.Integer(
        related="company_id.creditbox_batch_size", readonly=False
    )
    creditbox_email_from = fields.Char(
        related="company_id.creditbox_email_from", readonly=False
    )
    creditbox_reply_to = fields.Char(
        related="company_id.creditbox_reply_to", readonly=False
    )
    creditbox_letter_footer = fields.Text(
        related="company_id.creditbox_letter_footer", readonly=False
    )
    creditbox_payment_qr = fields.Selection(
        related="company_id.creditbox_payment_qr", readonly=False
    )
