from odoo import fields, models


class CreditboxMeterState(models.Model):
    _name = "creditbox.meter.state"
    _inherit = "creditbox.typology"
    _description = "Meter State"

    supplied = fields.Boolean(
        help="The service flows while the meter is in this state."
    )
    final = fields.Boolean(help="The meter does not leave this state any more.")
