from odoo import fields, models


class CreditboxMeterExchange(models.Model):
    """A supply whose meter was found to be another one: what it had, what it has.

    Nobody writes it: ``fsm.order`` does, as the system, when a crew has seen it.
    """

    _name = "creditbox.meter.exchange"
    _description = "Exchange of a Meter"
    _order = "date desc, id desc"
    _rec_name = "meter_id"
    _check_company_auto = True

    supply_id = fields.Many2one(
        "creditbox.supply", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="supply_id.company_id", store=True, index=True, precompute=True
    )
    old_meter_id = fields.Many2one(
        "creditbox.meter",
        string="Meter before",
        readonly=True,
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    meter_id = fields.Many2one(
        "creditbox.meter",
        string="Meter found",
        required=True,
        readonly=True,
        check_company=True,
        ondelete="restrict",
    )
    date = fields.Date(required=True, readonly=True)
    order_id = fields.Many2one(
        "fsm.order", string="Order", readonly=True, index=True, ondelete="set null"
    )
    user_id = fields.Many2one("res.users", string="Seen by", readonly=True)
