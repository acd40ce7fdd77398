from odoo import fields, models


class FsmOrder(models.Model):
    """What the crew reads at the meter and puts on it, however it tells us."""

    _inherit = "fsm.order"

    creditbox_seal = fields.Char(string="Seal number", readonly=True, copy=False)
    creditbox_read = fields.Boolean(string="Meter read", readonly=True, copy=False)
    creditbox_reading = fields.Float(
        string="Reading", digits=(16, 3), readonly=True, copy=False, aggregator=None
    )

    def _write_at_the_meter(self, reading, seal):
        """
        :param reading: float, or None where the meter was not read
        :param seal: str, or None
        """
        self._quietly().write(
            {
                "creditbox_seal": seal or False,
                "creditbox_read": reading is not None,
                "creditbox_reading": reading or 0,
            }
        )

    def _keep_reading(self):
        """The meter has the reading as well, on the day of the outcome."""
        self.ensure_one()
        if self.creditbox_read and self.creditbox_meter_id:
            self.env["creditbox.meter.reading"].create(
                {
                    "meter_id": self.creditbox_meter_id.id,
                    "date": self._day_done(),
                    "value": self.creditbox_reading,
                    "source": "operator",
                }
            )
