from datetime import time

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import quality_time
from .creditbox_quality_clock import OPEN

BATCH = 500


class CreditboxQualityClock(models.Model):
    """Counting: dates go out of the ORM, figures come back."""

    _inherit = "creditbox.quality.clock"

    def _rules(self):
        """What each clock is counted by.

        :return: {clock: (tools.quality_time.Rule, multiples of the limit)}
        """
        calendars = self.env["creditbox.local.holiday"]
        rules = {}
        for company, clocks in self.grouped("company_id").items():
            calendar, zone = calendars._calendars(company), company._creditbox_zone()
            for clock in clocks:
                standard = clock.standard_id
                text = standard._regulation(
                    company._creditbox_local(clock.start_at).date()
                )
                place = clock.supply_id if clock.supply_id.city else company
                rule = quality_time.Rule(
                    limit=standard.limit_value,
                    unit=standard.unit,
                    zone=zone,
                    late_hour=_hour(text.late_hour) if standard.from_receipt else None,
                    holiday=calendar(place.city, place.zip),
                    at_least=standard.at_least,
                )
                grows = text and standard.growth == "multiples"
                rules[clock] = rule, text._multiples() if grows else (1,)
        return rules

    def _pauses(self):
        """:return: list of (moment, moment or None) of the suspensions"""
        return [(s.date_from, s.date_to or None) for s in self.suspension_ids]

    def _recount(self):
        """Count again, after something has happened."""
        for clock, (rule, multiples) in self._rules().items():
            clock.write(clock._figures(rule, multiples))

    def _figures(self, rule, multiples):
        """:return: dict of what a rule makes of the moments of the clock"""
        start, pauses = self.start_at, self._pauses()
        moments = quality_time.late_moments(rule, start, pauses, multiples)
        late, double, triple = [*moments, None, None][:3]
        figures = {
            "limit_value": rule.limit,
            "unit": rule.unit,
            "date_due": quality_time.due_day(rule, start, pauses),
            "late_at": late,
            "double_at": double,
            "triple_at": triple,
        }
        if self.state == "stopped":
            figures.update(self._frozen(rule, multiples, pauses))
        return figures

    def _frozen(self, rule, multiples, pauses):
        counted = quality_time.elapsed(rule, self.start_at, self.stop_at, pauses)
        level = quality_time.level(rule, counted, multiples)
        return {
            "counted": counted,
            "counted_suspended": quality_time.suspended(
                rule, self.start_at, self.stop_at, pauses
            ),
            "level": level,
            "outcome": "out" if level else "in",
            "cause": (self.cause or "operator") if level else False,
        }

    def _level_at(self, moment):
        """:return: how many of its limits an open clock is beyond"""
        limits = (self.late_at, self.double_at, self.triple_at)
        return sum(1 for limit in limits if limit and limit <= moment)

    @api.model
    def _breached_domain(self, moment):
        """Open clocks that are beyond more limits than was noted."""
        beyond = Domain.OR(
            [
                Domain(field, "<=", moment) & Domain("level", "<", level)
                for level, field in enumerate(("late_at", "double_at", "triple_at"), 1)
            ]
        )
        return Domain("state", "in", OPEN) & Domain("late_at", "<=", moment) & beyond

    def _note_breaches(self, moment):
        """Open clocks that went beyond a limit: out of time, and the indemnity."""
        for clock in self:
            clock.write(
                {
                    "level": clock._level_at(moment),
                    "outcome": "out",
                    "cause": clock.cause or "operator",
                }
            )
        self.env["creditbox.indemnity"]._follow(self)

    def _look_again(self, moment):
        """Whether open clocks are beyond a limit, after they were counted anew."""
        for clock in self:
            level = clock._level_at(moment)
            clock.write(
                {
                    "level": level,
                    "outcome": "out" if level else False,
                    "cause": (clock.cause or "operator") if level else False,
                }
            )

    @api.model
    def _cron_breaches(self):
        """Every hour: indemnities arise by themselves, and grow with the delay."""
        now = fields.Datetime.now()
        domain = self._breached_domain(now)
        clocks = self.search(domain, limit=BATCH, order="late_at, id")
        clocks = clocks.try_lock_for_update().filtered_domain(domain)
        if not clocks:
            return
        clocks._note_breaches(now)
        self.env["ir.cron"]._commit_progress(
            len(clocks), remaining=self.search_count(domain, limit=BATCH)
        )

    @api.model
    def _recount_places(self, cities, companies):
        """A holiday of these municipalities has changed: open terms are counted anew.

        :param companies: res.company, empty: all
        """
        domain = Domain("state", "in", OPEN) & Domain.OR(
            Domain("supply_id.city", "=ilike", city)
            | Domain("supply_id.city", "=", False)
            & Domain("company_id.partner_id.city", "=ilike", city)
            | Domain("supply_id", "=", False)
            & Domain("company_id.partner_id.city", "=ilike", city)
            for city in cities
        )
        if companies:
            domain &= Domain("company_id", "in", companies.ids)
        # terms of all companies follow the calendar, whoever keeps it
        self.sudo().search(domain)._recount()


def _hour(value):
    """:return: datetime.time of hours as Odoo's float, None of 0"""
    return time(int(value), round(value % 1 * 60)) if value else None
