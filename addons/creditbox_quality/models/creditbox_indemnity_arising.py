from collections import Counter
from datetime import date

from odoo import api, models


class CreditboxIndemnity(models.Model):
    """How indemnities arise from clocks, grow, become final or fall away."""

    _inherit = "creditbox.indemnity"

    @api.model
    def _follow(self, clocks):
        """What is owed for these performances, after something has happened to them."""
        clocks = clocks.sudo().filtered(  # an obligation arises whoever works
            lambda clock: clock.kind == "specific" and clock.standard_id.base_amount
        )
        engine = self.sudo()
        known = engine.search([("clock_id", "in", clocks.ids)])
        owing = clocks.filtered(_owes)
        new = engine._arise((owing - known.clock_id).filtered("partner_id"))
        for indemnity in known:
            indemnity._follow_clock()
        (known | new)._settle_new()

    @api.model
    def _arise(self, clocks):
        """:return: creditbox.indemnity, new, one for each clock"""
        with_ = self.with_context(mail_create_nosubscribe=True)
        sequence, vals_list = self.env["ir.sequence"], []
        for company, own in clocks.grouped("company_id").items():
            numbers = sequence._creditbox_draw(self._name, company, len(own))
            vals_list += [
                {**self._arisen_vals(clock), "name": number}
                for clock, number in zip(own.sorted("start_at"), numbers, strict=True)
            ]
        return with_.create(vals_list)

    @api.model
    def _arisen_vals(self, clock):
        return {
            **self._new_vals(
                clock.standard_id,
                clock.company_id,
                clock.partner_id,
                clock._day_of_breach(),
            ),
            **self._clock_vals(clock),
            "clock_id": clock.id,
            "supply_id": clock.supply_id.id,
            "reference": clock.reference,
            "customer_type_id": clock.customer_type_id.id,
        }

    @api.model
    def _clock_vals(self, clock):
        amount = clock.standard_id.base_amount * clock.level
        return {
            "level": clock.level,
            "amount": clock.company_id.currency_id.round(amount),
            "state": "due" if clock.state == "stopped" else "growing",
        }

    def _follow_clock(self):
        """What has been paid stays; what was decided by hand, too."""
        clock = self.clock_id
        if self.state == "paid" or self.exclusion in ("hand", "yearly_max"):
            return
        if not _owes(clock):
            self._exclude(_why_not(clock))
        elif self.state in ("growing", "excluded"):
            self.write({**self._clock_vals(clock), "exclusion": False})
        elif self.state in ("due", "held") and self.level != clock.level:
            vals = self._clock_vals(clock)
            self.write({"level": vals["level"], "amount": vals["amount"]})

    def _settle_new(self):
        """As many a year as the rule allows, and none while the customer owes."""
        self._exclude_beyond_maximum()
        self._hold_arrears()

    def _exclude_beyond_maximum(self):
        """Later ones of a year fall away, where the text in force sets a number.

        Those count that are owed or paid to the same customer for the same standard.
        """
        limited = self.filtered(lambda i: i.state in ("growing", "due"))
        maxima = {
            i: i.standard_id._regulation(i.date_arisen).yearly_max for i in limited
        }
        limited = limited.filtered(lambda indemnity: maxima[indemnity])
        if not limited:
            return
        earlier = self._counted_in_years(limited)
        for indemnity in limited.sorted(lambda i: (i.date_arisen, i.id)):
            key = indemnity._yearly_key()
            if earlier[key] >= maxima[indemnity]:
                indemnity._exclude("yearly_max")
            else:
                earlier[key] += 1

    def _counted_in_years(self, limited):
        """:return: Counter {key: number of others that count}"""
        days = limited.mapped("date_arisen")
        others = self.search(
            [
                ("company_id", "in", limited.company_id.ids),
                ("partner_id", "in", limited.partner_id.ids),
                ("code", "in", list(set(limited.mapped("code")))),
                ("date_arisen", ">=", date(min(days).year, 1, 1)),
                ("date_arisen", "<=", date(max(days).year, 12, 31)),
                ("state", "!=", "excluded"),
                ("id", "not in", limited.ids),
            ]
        )
        return Counter(other._yearly_key() for other in others)

    def _yearly_key(self):
        return (
            self.company_id.id,
            self.partner_id.id,
            self.code,
            self.date_arisen.year,
        )


class CreditboxQualityClock(models.Model):
    _inherit = "creditbox.quality.clock"

    def _day_of_breach(self):
        """:return: datetime.date on which the obligation arises"""
        moment = self.late_at or self.stop_at
        return self.company_id._creditbox_local(moment).date()


def _owes(clock):
    return clock.state != "cancelled" and clock.level and clock.cause == "operator"


def _why_not(clock):
    if clock.state == "cancelled":
        return "cancelled"
    return clock.cause if clock.level and clock.cause else "in_time"
