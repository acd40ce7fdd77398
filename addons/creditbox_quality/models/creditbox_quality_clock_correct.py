from odoo import fields, models
from odoo.tools import format_datetime


class CreditboxQualityClock(models.Model):
    """A moment that was written down wrongly: the clock is counted anew."""

    _inherit = "creditbox.quality.clock"

    def _correct(self, reason, start_at=None, stop_at=None):
        """Set other moments; the former ones stay on the chatter.

        :param start_at: naive datetime.datetime, UTC, or None: as it is
        :param stop_at: the same; only of what is done
        """
        now = fields.Datetime.now()
        # the register is written by the engine alone, whoever works
        for clock in self.sudo().filtered(lambda c: c.state != "cancelled"):
            values = {}
            if start_at:
                values["start_at"] = start_at.replace(microsecond=0)
            if stop_at and clock.state == "stopped":
                local = clock.company_id._creditbox_local(stop_at)
                values |= {
                    "stop_at": stop_at.replace(microsecond=0),
                    "date_stop": local.date(),
                }
            clock._note_former(reason, values)
            clock.write(values)
            clock._recount()
            if clock.state != "stopped":
                clock._look_again(now)
            self.env["creditbox.indemnity"]._follow(clock)
        return self

    def _look_again(self, moment):
        """Whether an open clock is beyond its limit, after it was counted anew."""
        level = self._level_at(moment)
        self.write(
            {
                "level": level,
                "outcome": "out" if level else False,
                "cause": (self.cause or "operator") if level else False,
            }
        )

    def _note_former(self, reason, values):
        moments = ", ".join(
            f"{self._fields[name]._description_string(self.env)}:"
            f" {format_datetime(self.env, self[name])}"
            f" → {format_datetime(self.env, values[name])}"
            for name in ("start_at", "stop_at")
            if name in values
        )
        self._message_log(body=f"{reason}. {moments}")
