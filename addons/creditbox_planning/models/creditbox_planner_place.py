from odoo import api, models
from odoo.tools import format_date

from ..tools.planner import Shift


class CreditboxPlanner(models.AbstractModel):
    """Where one order goes that somebody moves by hand: the same checks."""

    _inherit = "creditbox.planner"

    @api.model
    def _place(self, order, crew, day, minutes, wish, exact=False):
        """Find a time for an order in a crew's day.

        :param minutes: int, how long it takes
        :param wish: int, minutes after midnight where it should begin
        :param exact: then or not at all
        :return: (minutes after midnight or None, str why not or None)
        """
        case = self._case(order, order.company_id, day, day)
        refusal = self._refusal_of(order, crew, day, case)
        if refusal:
            return None, refusal
        shifts = [shift for shift in self._shifts(case) if shift.crew == crew.id]
        begins = [
            min(max(wish, begin), end - minutes)
            for shift in shifts
            for begin, end in shift.gaps
            if end - begin >= minutes
        ]
        if not begins:
            return None, self.env._(
                "%(crew)s is full on %(day)s: no time left for %(minutes)s minutes.",
                crew=crew.name,
                day=format_date(self.env, day),
                minutes=minutes,
            )
        nearest = min(begins, key=lambda begin: abs(begin - wish))
        if exact and nearest != wish:
            return None, self._why_not_then(order, crew, day, wish, nearest)
        return nearest, None

    def _refusal_of(self, order, crew, day, case):
        """:return: str, what keeps the crew from doing it that day, or None"""
        (row,) = case["rows"]
        if crew not in case["crews"]:
            return self.env._("%s does not work for this company.", crew.name)
        if crew not in case["skilled"][row["kind"]]:
            return self.env._(
                "%(crew)s has not the skill: %(work)s.",
                crew=crew.name,
                work=order._label("creditbox_operation"),
            )
        if crew.id not in self._able(row, case):
            place = " ".join(filter(None, (row["zip"], row["city"])))
            return self.env._(
                "%(crew)s does not work in %(place)s.",
                crew=crew.name,
                place=place or self.env._("places without address"),
            )
        if day in case["refusals"].get(row["kind"], {}):
            return case["refusals"][row["kind"]][day]
        if (crew.id, day) not in case["hours"]:
            return self.env._(
                "%(crew)s does not work on %(day)s.",
                crew=crew.name,
                day=format_date(self.env, day),
            )
        limit = crew.creditbox_day_orders
        if limit and len(case["busy"].get((crew.id, day), ())) >= limit:
            return self.env._(
                "%(crew)s has %(count)s orders on %(day)s already: no more a day.",
                crew=crew.name,
                count=limit,
                day=format_date(self.env, day),
            )
        return None

    def _why_not_then(self, order, crew, day, wish, nearest):
        other = order._at_that_time(crew, day, wish)
        clock = order._clock
        if other:
            return self.env._(
                "At %(hour)s %(crew)s has order %(order)s. Free: %(free)s.",
                hour=clock(wish),
                crew=crew.name,
                order=other.name,
                free=clock(nearest),
            )
        return self.env._(
            "At %(hour)s %(crew)s is not free, or it would last too long. Free: "
            "%(free)s.",
            hour=clock(wish),
            crew=crew.name,
            free=clock(nearest),
        )

    @api.model
    def _shifts_of_days(self, orders, company, days):
        """Return the days of crews as they are without these orders.

        :param days: collection of datetime.date, not empty
        :return: {(crew id, date): :class:`Shift`}
        """
        case = self._case(orders, company, min(days), max(days))
        shifts: list[Shift] = self._shifts(case)
        return {(shift.crew, shift.day): shift for shift in shifts}
