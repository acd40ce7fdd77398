from zoneinfo import ZoneInfo

import pytz

from odoo import models

from odoo.addons.creditbox_base.tools.public_holidays import is_holiday


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _creditbox_minutes(self, company, first, last, zone):
        """Return when somebody with this calendar may be at a meter.

        :return: {date: list of (from, to) in minutes after midnight}; other days miss
        """
        begin = company._creditbox_moment(first, 0).replace(tzinfo=ZoneInfo("UTC"))
        end = company._creditbox_moment(last, 24).replace(tzinfo=ZoneInfo("UTC"))
        opens = round(company.creditbox_order_hour_from * 60)
        closes = round(company.creditbox_order_hour_to * 60)
        days = {}
        # the hours of a calendar are those of where the company is
        worked = self._work_intervals_batch(begin, end, tz=pytz.timezone(str(zone)))
        for start, stop, _kind in worked[False]:
            start, stop = start.astimezone(zone), stop.astimezone(zone)
            minutes = (
                max(start.hour * 60 + start.minute, opens),
                min(stop.hour * 60 + stop.minute, closes),
            )
            if minutes[0] < minutes[1] and not is_holiday(start.date()):
                days.setdefault(start.date(), []).append(minutes)
        return days
