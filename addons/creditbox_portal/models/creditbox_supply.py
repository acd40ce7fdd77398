import math
from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date
from odoo.tools.misc import formatLang

USUAL = 5  # times the usual consumption is much
SMALL = 50  # units that nobody wonders about
UNKNOWN = 2000  # units since the last reading, when nothing is known of the usual
LARGEST = 99_999_999
PAST = timedelta(days=400)


class DoubtfulReading(UserError):
    """Much more than usual: to be confirmed by whoever reads the meter."""


class CreditboxSupply(models.Model):
    """The readings that a customer sees of the own supply, and sends."""

    _inherit = "creditbox.supply"

    def _creditbox_since(self):
        """:return: first day that is the present customer's; None: unknown"""
        self.ensure_one()
        if self.date_start:
            return self.date_start
        first = self.env["account.move"].search_fetch(
            [
                ("creditbox_supply_id", "=", self.id),
                (
                    "commercial_partner_id",
                    "=",
                    self.partner_id.commercial_partner_id.id,
                ),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
            ],
            ["creditbox_period_from", "invoice_date"],
            order="invoice_date, id",
            limit=1,
        )
        return first.creditbox_period_from or first.invoice_date or None

    def _creditbox_readings(self, limit=24):
        """Readings of the meter since the supply is the present customer's.

        :return: creditbox.meter.reading, latest first; none of who lived there before
        """
        readings = self.env["creditbox.meter.reading"]
        since = self._creditbox_since()
        if not self.meter_id or not since:
            return readings
        return readings.search(
            [("meter_id", "=", self.meter_id.id), ("date", ">=", since)], limit=limit
        )

    def _creditbox_may_read(self):
        """:return: whether the customer can send a reading of this supply today"""
        self.ensure_one()
        today = self.company_id._creditbox_today()
        running = not self.date_end or self.date_end >= today
        return bool(self.meter_id) and running and not self.meter_state_id.final

    def _creditbox_self_reading(self, user, value, photo=None, confirmed=False):
        """Take a reading that the customer has sent.

        :param user: res.users who sends it
        :param float value: figure on the meter
        :param photo: upload.Upload of the meter, or None
        :param bool confirmed: the customer has looked twice
        :return: creditbox.meter.reading
        :raises DoubtfulReading: much more than usual, and not confirmed
        :raises UserError: it cannot be taken
        """
        self.ensure_one()
        if not self._creditbox_may_read():
            raise UserError(self.env._("No reading can be sent for this supply."))
        self.meter_id.lock_for_update()
        today = self.company_id._creditbox_today()
        doubtful = self._creditbox_check_reading(value, today)
        if doubtful and not confirmed:
            raise DoubtfulReading(doubtful)
        return self.env["creditbox.meter.reading"].create(
            {
                "meter_id": self.meter_id.id,
                "date": today,
                "value": value,
                "source": "customer",
                "user_id": user.id,
                "doubtful": bool(doubtful),
                "photo": photo and photo.base64,
            }
        )

    def _creditbox_check_reading(self, value, today):
        """
        :return: str, why it looks too much; empty: it is plausible
        :raises UserError: it is impossible
        """
        if not math.isfinite(value) or not 0 <= value <= LARGEST:
            raise UserError(self.env._("Write the figure that the meter shows."))
        readings = self.meter_id.reading_ids.sorted(
            lambda reading: (reading.date, reading.id), reverse=True
        )
        sent = readings.filtered(lambda r: r.source == "customer" and r.date == today)
        if sent:
            raise UserError(
                self.env._(
                    "You have already sent a reading today: %s. You can send the next "
                    "one tomorrow.",
                    self._creditbox_figure(sent[:1].value),
                )
            )
        # an estimate may have been too high: only what somebody has read counts
        read = readings.filtered(lambda r: r.source != "estimate")[:1]
        if read and value < read.value:
            raise UserError(
                self.env._(
                    "The reading of %(date)s was %(value)s: today's cannot be lower. "
                    "Please look again. If the meter has been replaced, call us.",
                    date=format_date(self.env, read.date),
                    value=self._creditbox_figure(read.value),
                )
            )
        return self._creditbox_doubt(readings[:1], readings, value, today)

    def _creditbox_doubt(self, last, readings, value, today):
        if not last:
            return ""
        used, days = value - last.value, max((today - last.date).days, 1)
        first = readings.filtered(lambda r: r.date >= last.date - PAST)[-1:]
        span = (last.date - first.date).days
        if span:
            usual = max(last.value - first.value, 0) / span * days
            much = max(USUAL * usual, SMALL)
        else:
            much = UNKNOWN
        if used <= much:
            return ""
        return self.env._(
            "Since %(date)s that would be %(used)s, much more than usual. Please look "
            "again, without the red figures after the comma. If it is right, confirm "
            "it.",
            date=format_date(self.env, last.date),
            used=self._creditbox_figure(used),
        )

    def _creditbox_figure(self, value):
        return formatLang(self.env, value, digits=0 if value == int(value) else 3)
