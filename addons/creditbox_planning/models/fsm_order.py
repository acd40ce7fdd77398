from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

PLANNABLE = ("requested", "accepted", "planned")
MOVABLE = (*PLANNABLE, "sent")
# what says for when and for whom an order is planned
PLAN_FIELDS = frozenset(
    (
        "person_id",
        "scheduled_date_start",
        "scheduled_date_end",
        "scheduled_duration",
        "creditbox_day",
    )
)
DAYS_SHOWN = 7  # on the board by day, beside those that have orders


class FsmOrder(models.Model):
    """An order is moved by hand: in the form, the calendar, on the board, on the map.

    Whoever writes its crew or its hour, the same checks are made.
    """

    _inherit = "fsm.order"

    creditbox_day = fields.Char(
        string="Day",
        compute="_compute_creditbox_day",
        store=True,
        index="btree_not_null",
        readonly=False,  # the board by day writes it when something is dragged
        group_expand="_group_expand_creditbox_day",
        help="For which day it is planned, where the company is: 2026-06-30.",
    )
    person_id = fields.Many2one(group_expand="_group_expand_person_id")

    @api.depends("scheduled_date_start", "company_id")
    def _compute_creditbox_day(self):
        for order in self:
            start = order.scheduled_date_start
            order.creditbox_day = (
                order.creditbox_operation
                and start
                and order.company_id._creditbox_local(start).date().isoformat()
            )

    @api.model
    def _group_expand_creditbox_day(self, days, domain):
        """The board by day shows the coming days too, to drag something there."""
        today = self.env.company._creditbox_today()
        coming = {
            (today + timedelta(days=number)).isoformat() for number in range(DAYS_SHOWN)
        }
        return sorted({*filter(None, days), *coming})

    @api.model
    def _group_expand_person_id(self, crews, domain):
        """The board by crew shows all crews, to drag something there."""
        if not self.env.context.get("creditbox_all_crews"):
            return crews
        companies = [False, *self.env.companies.ids]
        return crews | crews.search([("company_id", "in", companies)])

    def write(self, vals):
        if self.env.su or not PLAN_FIELDS.intersection(vals):
            return super().write(vals)
        ours = self.filtered("creditbox_operation")
        if not ours:
            return super().write(vals)
        plan = {name: vals[name] for name in PLAN_FIELDS.intersection(vals)}
        rest = {name: vals[name] for name in vals if name not in plan}
        if others := self - ours:
            super(FsmOrder, others).write(vals)
        if rest:
            super(FsmOrder, ours).write(rest)
        for order in ours:
            order._replan(plan)
        return True

    # ------------------------------------------------------------------
    # moved by hand
    # ------------------------------------------------------------------
    def action_assign(self, crew_id, day=None):
        """Give orders to a crew, on a day, at the first hour that is free.

        :param crew_id: int; False takes them from their crew
        :param day: str, ISO date; None: the day they are planned for, or today
        :raises UserError: with the reason why not
        """
        for order in self:
            plan = {"person_id": crew_id}
            if day:
                plan["creditbox_day"] = day
            elif not order.scheduled_date_start:
                today = order.company_id._creditbox_today()
                plan["creditbox_day"] = today.isoformat()
            order._replan(plan)
        return True

    def _replan(self, plan):
        """Move an order to another crew, day or hour, if it may go there.

        :param plan: dict of values of ``PLAN_FIELDS``
        :raises UserError: with the reason why not
        """
        self.ensure_one()
        self._require("creditbox_base.group_operator")
        crews = self.env["fsm.person"]
        crew = crews.browse(plan["person_id"]) if "person_id" in plan else None
        crew = self.person_id if crew is None else crew.exists()
        wanted = self._wanted(plan)
        if self._stays(crew, *wanted):
            return
        self._check_movable()
        (self.person_id | crew)._creditbox_lock()
        if not crew or not wanted[0]:
            self._set_plan(crew, *self._without_crew(crew, *wanted))
            return
        day, minute, minutes = wanted
        exact = bool(plan.get("scheduled_date_start"))
        place, refusal = self.env["creditbox.planner"]._place(
            self, crew, day, minutes, minute, exact
        )
        if refusal:
            raise UserError(
                self.env._("Order %(order)s: %(why)s", order=self.name, why=refusal)
            )
        self._set_plan(crew, day, place, minutes)

    def _wanted(self, plan):
        """:return: (day or None, minute after midnight, minutes that it takes)"""
        company = self.company_id
        start = self.scheduled_date_start
        if "scheduled_date_start" in plan:
            start = fields.Datetime.to_datetime(plan["scheduled_date_start"])
        minutes = round(plan.get("scheduled_duration", self.scheduled_duration) * 60)
        if minutes <= 0:
            kind = (self.creditbox_operation, self.creditbox_service_type_id.id)
            minutes = self.env["creditbox.work"]._minutes_of(company)(*kind)
        if start:
            local = company._creditbox_local(start)
            day, minute = local.date(), local.hour * 60 + local.minute
        else:
            day, minute = None, round(company.creditbox_order_hour_from * 60)
        if "creditbox_day" in plan:
            asked = plan["creditbox_day"]
            day = date.fromisoformat(asked) if asked else None
        return day, minute, minutes

    def _stays(self, crew, day, minute, minutes):
        if crew != self.person_id or minutes != round(self.scheduled_duration * 60):
            return False
        start = self.scheduled_date_start
        return start == (self._moment(day, minute) if day else False)

    def _moment(self, day, minute):
        return self.company_id._creditbox_moment(day, minute / 60)

    def _check_movable(self):
        if self.creditbox_state not in MOVABLE:
            raise UserError(
                self.env._(
                    "Order %(order)s is «%(state)s»: its planning does not change.",
                    order=self.name,
                    state=self._label("creditbox_state"),
                )
            )

    def _without_crew(self, crew, day, minute, minutes):
        """An order with only a day, or only a crew, is not planned yet."""
        if self.creditbox_state == "sent":
            raise UserError(
                self.env._("Order %s is with the crew: call it back first.", self.name)
            )
        if day:
            self._require_day(self._moment(day, minute))
        return day, minute, minutes

    def _set_plan(self, crew, day, minute, minutes):
        """Write the plan, tell the chatter and, of an order sent, the crews."""
        before = self.person_id
        days = {self.creditbox_day}
        text = self._planned_for()
        start = self._moment(day, minute) if day else False
        # nobody else writes the plan; the chatter says it once, not field by field
        self.sudo().with_context(tracking_disable=True).write(
            {
                "person_id": crew.id,
                "scheduled_date_start": start,
                "scheduled_date_end": start and start + timedelta(minutes=minutes),
                "scheduled_duration": minutes / 60,
            }
        )
        if crew and day and self.creditbox_state in ("requested", "accepted"):
            self._enter("planned")
        elif not (crew and day) and self.creditbox_state == "planned":
            self._enter("accepted")
        else:
            self._tell_move(text, before | crew)
        self._number(before | crew, {*days, self.creditbox_day})

    def _planned_for(self):
        """:return: str, crew, day and hour"""
        parts = [self.person_id.name]
        if self.scheduled_date_start:
            local = self.company_id._creditbox_local(self.scheduled_date_start)
            parts.append(format_date(self.env, local.date()))
            parts.append(self._clock(local.hour * 60 + local.minute))
        return " ".join(filter(None, parts))

    @api.model
    def _clock(self, minute):
        return f"{minute // 60:02d}:{minute % 60:02d}"

    def _bodies_of(self, state, reason):
        bodies = super()._bodies_of(state, reason)
        if state == "planned":
            for order in self.filtered("scheduled_date_start"):
                bodies[order.id] += f" – {order._planned_for()}"
        return bodies

    def _at_that_time(self, crew, day, minute):
        """:return: fsm.order that the crew does then, another than this"""
        moment = self._moment(day, minute)
        last = moment + timedelta(minutes=max(round(self.scheduled_duration * 60), 1))
        return self.search(
            Domain("person_id", "=", crew.id)
            & Domain("id", "!=", self.id)
            & Domain("scheduled_date_start", "<", last)
            & Domain("scheduled_date_end", ">", moment)
            & Domain("creditbox_state", "in", (*MOVABLE, "on_site", "done")),
            limit=1,
        )
