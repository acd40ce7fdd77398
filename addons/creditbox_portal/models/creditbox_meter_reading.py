from odoo import fields, models


class CreditboxMeterReading(models.Model):
    """Readings that the customer has sent, with a photo of the meter."""

    _inherit = "creditbox.meter.reading"

    photo = fields.Binary(attachment=True)
    user_id = fields.Many2one("res.users", string="Sent by", readonly=True)
    doubtful = fields.Boolean(
        readonly=True,
        help="Much more than usual: the customer has confirmed it.",
    )

    _customer_daily = models.UniqueIndex(
        "(meter_id, date) WHERE source = 'customer'",
        "The customer has already sent a reading of this meter today.",
    )
