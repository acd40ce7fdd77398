from odoo import models
from odoo.tools import format_date

from .creditbox_planner import Proposal

NAMED = 3  # crews named in a sentence; more are counted


class CreditboxPlanner(models.AbstractModel):
    """Why an order found no place: the first thing that stands in its way, in words."""

    _inherit = "creditbox.planner"

    def _unplaced(self, visits, case, shifts):
        """:return: list of :class:`creditbox_planner.Proposal` with their reasons"""
        sentences, proposals = {}, []
        free = {
            (shift.crew, shift.day)
            for shift in shifts
            if shift.free is None or len(shift.visits) < shift.free
        }
        for visit in visits:
            row = case["by_id"][visit.key]
            # the same for many: found once
            key = (row["kind"], row["place"][:2], visit.crews, visit.minutes)
            if key not in sentences:
                sentences[key] = self._why(visit, row, case, free)
            proposals.append(Proposal(visit.key, visit.minutes, reason=sentences[key]))
        return proposals

    def _why(self, visit, row, case, free):
        if not case["crews"]:
            return self.env._("The company has no crew.")
        skilled = case["skilled"][row["kind"]]
        if not skilled:
            return self._why_skill(row["kind"])
        if not visit.crews:
            return self._why_area(row)
        able = self.env["fsm.person"].browse(sorted(visit.crews))
        working = {day for crew, day in case["hours"] if crew in visit.crews}
        if not working:
            return self.env._("%s: nobody works in these days.", self._named(able))
        refusals = case["refusals"].get(row["kind"], {})
        if working <= set(refusals):
            return refusals[min(working)]
        open_days = {day for crew, day in free if crew in visit.crews}
        if not open_days - set(refusals):
            return self._why_full(able, case)
        return self.env._(
            "%(crews)s: no time left until %(day)s for %(minutes)s minutes and the "
            "drive.",
            crews=self._named(able),
            day=format_date(self.env, case["days"][-1]),
            minutes=visit.minutes,
        )

    def _why_skill(self, kind):
        operation, service_id = kind
        label = dict(
            self.env["fsm.order"]
            ._fields["creditbox_operation"]
            ._description_selection(self.env)
        )[operation]
        service = self.env["creditbox.service.type"].browse(service_id)
        return self.env._(
            "No crew has the skill: %s.",
            " – ".join(filter(None, (label, service.name))),
        )

    def _why_area(self, row):
        place = " ".join(filter(None, (row["zip"], row["city"])))
        if not place:
            return self.env._(
                "The supply has no address: no crew that may do it works everywhere."
            )
        return self.env._("No crew that may do it works in %s.", place)

    def _why_full(self, crews, case):
        return self.env._(
            "%(crews)s: full until %(day)s.",
            crews=self._named(crews),
            day=format_date(self.env, case["days"][-1]),
        )

    def _named(self, crews):
        names = ", ".join(crews[:NAMED].mapped("name"))
        if len(crews) <= NAMED:
            return names
        return self.env._(
            "%(crews)s and %(count)s more", crews=names, count=len(crews) - NAMED
        )
