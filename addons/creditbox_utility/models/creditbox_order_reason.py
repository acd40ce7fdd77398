from odoo import fields, models


class CreditboxOrderReason(models.Model):
    """Why an order at the meter could not be carried out."""

    _name = "creditbox.order.reason"
    _description = "Reason of an Order Not Carried Out"
    _order = "sequence, id"

    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: shared by the whole group."
    )
    asks_meter = fields.Boolean(
        string="Asks for the Meter",
        help="Another meter is there: its serial number must be said, and corrects "
        "that of the supply.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "This code is already in use."
    )
