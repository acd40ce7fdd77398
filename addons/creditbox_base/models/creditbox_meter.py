from odoo import api, fields, models

from .creditbox_past import METER_COLUMNS


class CreditboxMeter(models.Model):
    _name = "creditbox.meter"
    _inherit = ["mail.thread"]
    _description = "Meter"
    _rec_name = "serial"
    _order = "serial, id"
    _check_company_auto = True

    serial = fields.Char(string="Serial Number", required=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    service_type_id = fields.Many2one("creditbox.service.type", string="Service")
    meter_type_id = fields.Many2one("creditbox.meter.type", string="Type")
    meter_state_id = fields.Many2one("creditbox.meter.state", string="State")
    active = fields.Boolean(default=True)
    supply_ids = fields.One2many("creditbox.supply", "meter_id", string="Supplies")
    reading_ids = fields.One2many(
        "creditbox.meter.reading", "meter_id", string="Readings"
    )
    state_history_ids = fields.One2many(
        "creditbox.meter.state.history", "meter_id", string="State History"
    )

    _serial_uniq = models.Constraint(
        "UNIQUE(company_id, serial)", "This serial number already exists."
    )
    _order_idx = models.Index("(serial, id)")

    def _default_company_id(self):
        return self.env.company

    @api.model_create_multi
    def create(self, vals_list):
        meters = super().create(vals_list)
        meters.filtered("meter_state_id")._log_state()
        return meters

    @api.model
    def _creditbox_former(self):
        """:return: names of the fields whose former values are kept, no condition"""
        return METER_COLUMNS, None

    def write(self, vals):
        self.env["creditbox.former"]._keep(self, METER_COLUMNS, vals)
        before = {meter: meter.meter_state_id for meter in self}
        result = super().write(vals)
        self.filtered(lambda m: m.meter_state_id != before[m])._log_state()
        return result

    def _log_state(self):
        """Keep who brought the meter into its state and when.

        A note may be given in the context as ``creditbox_state_note``.
        """
        note = self.env.context.get("creditbox_state_note")
        self.env["creditbox.meter.state.history"].sudo().create(
            [
                {
                    "meter_id": meter.id,
                    "meter_state_id": meter.meter_state_id.id,
                    "date": meter.company_id._creditbox_today(),
                    "user_id": self.env.uid,
                    "note": note,
                }
                for meter in self
            ]
        )
