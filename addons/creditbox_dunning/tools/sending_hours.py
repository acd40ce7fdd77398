"""At which hours messages that ring may leave."""

from datetime import datetime, time, timedelta, timezone, tzinfo
from typing import NamedTuple

from odoo.addons.creditbox_base.tools.public_holidays import is_holiday

SATURDAY, SUNDAY = 5, 6
# longer than any row of days without hours
HORIZON = 31


class SendingHours(NamedTuple):
    """Hours as decimals, (from, to); from = to: not on that day."""

    zone: tzinfo
    weekdays: tuple
    saturday: tuple
    sunday: tuple
    holidays: bool = False

    def of(self, day):
        """:return: (from, to) of a datetime.date"""
        if not self.holidays and is_holiday(day):
            return (0.0, 0.0)
        special = {SATURDAY: self.saturday, SUNDAY: self.sunday}
        return special.get(day.weekday(), self.weekdays)

    def opening(self, moment):
        """Return when a message that is ready at ``moment`` may leave.

        :param moment: datetime.datetime with time zone
        :return: ``moment`` itself within the hours, else when they begin again (in
            UTC); after HORIZON days without hours, the end of these
        """
        today = moment.astimezone(self.zone).date()
        for days in range(HORIZON):
            day = today + timedelta(days=days)
            begin, end = (self._at(day, hour) for hour in self.of(day))
            if begin < end and moment < end:
                return max(moment, begin)
        return moment + timedelta(days=HORIZON)

    def _at(self, day, hour):
        """By the clock on the wall, whatever becomes of it on that day; in UTC."""
        clock = datetime.combine(day, time.min) + timedelta(hours=hour)
        return clock.replace(tzinfo=self.zone).astimezone(timezone.utc)
