"""An entry of a phone's outbox: whatever it says is looked at before it is used."""

from datetime import datetime, timezone
from math import isfinite

from odoo import fields
from odoo.exceptions import UserError

LONGEST = 500
MAX_ID = 2**31 - 1


class Entry:
    """Reads the values of one entry; what is not as it should be is a ``UserError``."""

    def __init__(self, env, values):
        self.env = env
        self.values = values if isinstance(values, dict) else {}

    def text(self, name):
        value = self.values.get(name)
        return value.strip()[:LONGEST] if isinstance(value, str) else ""

    def whole(self, name):
        value = self.values.get(name)
        right = isinstance(value, int) and 0 < value <= MAX_ID
        return value if right else 0

    def number(self, name):
        """:return: float, or None where nothing was entered"""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        try:
            number = float(str(value).replace(",", "."))
        except ValueError:
            number = float("nan")
        if not isfinite(number):
            raise UserError(self.env._("“%s” is no number.", value))
        return number

    def moment(self, name):
        """:return: datetime.datetime in UTC without zone, or None"""
        try:
            moment = datetime.fromisoformat(self.text(name).replace("Z", "+00:00"))
        except ValueError:
            return None
        if moment.tzinfo:
            moment = moment.astimezone(timezone.utc)
        return moment.replace(tzinfo=None, microsecond=0)

    def skew(self):
        """:return: int, seconds that the phone's clock is ahead of ours"""
        sent = self.moment("sent_at")
        return round((sent - fields.Datetime.now()).total_seconds()) if sent else 0

    def corrected(self, name):
        """:return: datetime.datetime by our clock, or None"""
        moment, sent = self.moment(name), self.moment("sent_at")
        return moment and sent and fields.Datetime.now() - (sent - moment)
