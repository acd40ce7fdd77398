from odoo import fields, models


class CreditboxMeterType(models.Model):
    _name = "creditbox.meter.type"
    _inherit = "creditbox.typology"
    _description = "Meter Type"

    suspendable = fields.Boolean(
        help="The service may be suspended at this meter for arrears."
    )
    removable = fields.Boolean(
        string="Can Be Deactivated",
        help="The meter may be deactivated and taken away.",
    )
