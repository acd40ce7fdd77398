from odoo import api, fields, models

from ..tools import quality_time


class CreditboxQualityClock(models.Model):
    """The count in words."""

    _inherit = "creditbox.quality.clock"

    @api.depends("state", "counted", "counted_suspended", "date_due", "outcome")
    @api.depends_context("lang")
    def _compute_explanation(self):
        """Stopped clocks say what was frozen, open ones are counted as of now."""
        moment = fields.Datetime.now()
        # terms that are open are few on a page; calendars are read once
        open_ = self.filtered(lambda clock: clock.state in ("running", "suspended"))
        rules = open_.sudo()._rules()
        for clock in self - open_:
            clock.explanation = clock._closed_words()
        for clock in open_:
            rule, _multiples = rules[clock.sudo()]
            clock.explanation = clock._open_words(rule, moment)

    def _open_words(self, rule, moment):
        pauses = self.sudo()._pauses()
        moment = max(moment, self.start_at)
        counted = quality_time.elapsed(rule, self.start_at, moment, pauses)
        stood = quality_time.suspended(rule, self.start_at, moment, pauses)
        words = self._count_words(counted, stood)
        if self.state == "suspended":
            return self.env._("%s, stands still", words)
        if not rule.at_least and counted > rule.limit:
            return self.env._("%s: out of time", words)
        if not self.date_due or rule.at_least:
            return words
        day = self.env["ir.qweb.field.date"].value_to_html(self.date_due, {})
        return self.env._("%(count)s, until %(day)s", count=words, day=day)

    def _closed_words(self):
        if self.state == "cancelled":
            return self.env._("Withdrawn: %s", self.cancel_reason or "")
        words = self._count_words(self.counted, self.counted_suspended)
        if self.outcome == "in":
            return self.env._("%s: in time", words)
        causes = dict(self._fields["cause"]._description_selection(self.env))
        return self.env._(
            "%(count)s: out of time (%(cause)s)",
            count=words,
            cause=causes.get(self.cause, "").lower(),
        )

    def _count_words(self, counted, stood):
        """``day 7 of 10, 2 suspended``"""
        units = {
            "hours": self.env._("hours %(count)s of %(limit)s"),
            "minutes": self.env._("minutes %(count)s of %(limit)s"),
            "seconds": self.env._("seconds %(count)s of %(limit)s"),
        }
        form = units.get(self.unit) or self.env._("day %(count)s of %(limit)s")
        words = form % {"count": _number(counted), "limit": _number(self.limit_value)}
        if stood:
            return self.env._(
                "%(count)s, %(suspended)s suspended",
                count=words,
                suspended=_number(stood),
            )
        return words


def _number(value):
    return f"{round(value, 1):g}"
