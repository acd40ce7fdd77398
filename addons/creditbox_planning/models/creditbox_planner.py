from dataclasses import dataclass
from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.creditbox_utility.models.fsm_order import AGAINST

from ..tools import places
from ..tools.planner import Shift, Visit, plan

# the first goes first where priority is the same
PRECEDENCE = (
    "reactivation",
    "limitation",
    "power_reduction",
    "notice",
    "suspension",
    "removal",
    "check",
)
URGENT = "3"  # of Field Service


@dataclass(frozen=True)
class Proposal:
    """What is proposed for an order: crew and moment, or why not."""

    order_id: int
    minutes: int
    crew_id: int | None = None
    start: datetime | None = None  # UTC
    late: bool = False  # after the regulated term
    reason: str | None = None


class CreditboxPlanner(models.AbstractModel):
    """Gathers what planning needs of orders, crews and law, in sets."""

    _name = "creditbox.planner"
    _description = "Planner of Orders at the Meter"

    @api.model
    def _plan(self, orders, company, first, last):
        """Propose crew, day and hour for orders of a company.

        Whatever these orders are planned for already counts as free.

        :param orders: fsm.order
        :param first: datetime.date
        :param last: datetime.date, included
        :return: list of :class:`Proposal`, one for each order
        """
        case = self._case(orders, company, first, last)
        visits = [self._visit(row, case) for row in case["rows"]]
        points = places.fill_in(
            [visit.point for visit in visits], [row["keys"] for row in case["rows"]]
        )
        visits = [
            Visit(**{**vars(visit), "point": spot})
            for visit, spot in zip(visits, points, strict=True)
        ]
        shifts = self._shifts(case)
        left = plan([visit for visit in visits if visit.crews], shifts)
        left += [visit for visit in visits if not visit.crews]
        placed = [
            self._proposal(visit, shift, minute, company)
            for shift in shifts
            for visit, minute in zip(shift.visits, shift.lay(shift.visits), strict=True)
        ]
        return placed + self._unplaced(left, case, shifts)

    def _proposal(self, visit, shift, minute, company):
        return Proposal(
            visit.key,
            visit.minutes,
            shift.crew,
            company._creditbox_moment(shift.day, minute / 60),
            bool(visit.deadline and shift.day > visit.deadline),
        )

    # ------------------------------------------------------------------
    # what is asked for all orders at once
    # ------------------------------------------------------------------
    def _case(self, orders, company, first, last):
        """:return: dict of what the methods below look at"""
        rows = self._rows(orders)
        crews = self.env["fsm.person"]._creditbox_crews(company)
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        forbidden = self._forbidden(rows, company, days)
        return {
            "company": company,
            "rows": rows,
            "by_id": {row["id"]: row for row in rows},
            "days": days,
            "crews": crews,
            "hours": crews._creditbox_hours(company, first, last),
            "busy": self._busy(orders, crews, company, first, last),
            "skilled": {
                kind: [crew for crew in crews if crew._creditbox_may(*kind)]
                for kind in {row["kind"] for row in rows}
            },
            "covers": {crew: crew.creditbox_area_ids._coverage() for crew in crews},
            "minutes": self.env["creditbox.work"]._minutes_of(company),
            "refusals": forbidden,
            "forbidden": {
                kind: frozenset(refused) for kind, refused in forbidden.items()
            },
            "able": {},
        }

    def _rows(self, orders):
        """:return: list of dict, what is known of the orders and where they are"""
        orders.flush_recordset()
        self.env["creditbox.supply"].flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT f.id, f.creditbox_operation AS operation, f.priority,
                       f.creditbox_deadline AS deadline, s.service_type_id,
                       COALESCE(f.creditbox_requested_at, f.create_date) AS asked,
                       s.street, s.zip, s.city, COALESCE(s.latitude, 0) AS latitude,
                       COALESCE(s.longitude, 0) AS longitude
                  FROM fsm_order f
                  LEFT JOIN creditbox_supply s ON s.id = f.creditbox_supply_id
                 WHERE f.id = ANY(%s)
                 ORDER BY f.id
                """,
                orders.ids,
            )
        )
        for row in rows:
            row["latitude"] = float(row["latitude"])
            row["longitude"] = float(row["longitude"])
            row["kind"] = (row["operation"], row["service_type_id"])
            row["place"] = tuple(
                row[name] for name in ("zip", "city", "latitude", "longitude")
            )
            row["street_key"] = places.street_key(row["street"], *row["place"][:2])
            row["keys"] = [
                key
                for key in (row["street_key"], row["zip"], places.town(row["city"]))
                if key
            ]
        return rows

    def _visit(self, row, case):
        operation, service_id = row["kind"]
        return Visit(
            key=row["id"],
            minutes=case["minutes"](operation, service_id),
            crews=self._able(row, case),
            forbidden=case["forbidden"].get(row["kind"], frozenset()),
            rank=(
                int(URGENT) - int(row["priority"] or 0),
                PRECEDENCE.index(operation),
                row["asked"],
                row["id"],
            ),
            point=places.point(row["latitude"], row["longitude"]),
            street=row["street_key"],
            deadline=row["deadline"],
        )

    def _able(self, row, case):
        """:return: frozenset of the crews that have the skill and work there"""
        key = (row["kind"], row["place"])
        if key not in case["able"]:
            case["able"][key] = frozenset(
                crew.id
                for crew in case["skilled"][row["kind"]]
                if case["covers"][crew](*row["place"])
            )
        return case["able"][key]

    def _forbidden(self, rows, company, days):
        """Ask the law once for each kind of order and day.

        :return: {kind: {day: sentence of the refusal}}
        """
        lawfulness = self.env["creditbox.lawfulness"]
        hour = company.creditbox_order_hour_from
        examples = {
            row["kind"]: self.env["fsm.order"].browse(row["id"])
            for row in rows
            if row["operation"] in AGAINST
        }
        refused = {}
        for kind, order in examples.items():
            for day in days:
                moment = company._creditbox_moment(day, hour)
                if refusal := lawfulness._refusal_of_moment(order, moment):
                    refused.setdefault(kind, {})[day] = refusal.sentence
        return refused

    # ------------------------------------------------------------------
    # crews
    # ------------------------------------------------------------------
    def _busy(self, orders, crews, company, first, last):
        """Return what crews have to do already, for whatever company.

        :return: {(crew id, date): list of (from, to, latitude, longitude)}
        """
        self.env["fsm.order"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT f.person_id, f.scheduled_date_start,
                       COALESCE(f.scheduled_date_end, f.scheduled_date_start
                           + COALESCE(f.scheduled_duration, 0) * interval '1 hour'),
                       COALESCE(s.latitude, 0), COALESCE(s.longitude, 0)
                  FROM fsm_order f
                  LEFT JOIN creditbox_supply s ON s.id = f.creditbox_supply_id
                 WHERE f.person_id = ANY(%s)
                   AND f.scheduled_date_start >= %s AND f.scheduled_date_start < %s
                   AND (f.creditbox_state IS NULL OR f.creditbox_state NOT IN
                        ('not_executable', 'stopped', 'cancelled', 'recalled'))
                   AND f.id != ALL(%s)
                 ORDER BY f.scheduled_date_start
                """,
                crews.ids,
                company._creditbox_moment(first, 0),
                company._creditbox_moment(last, 24),
                orders.ids,
            )
        )
        busy = {}
        for crew_id, start, end, latitude, longitude in rows:
            begin = company._creditbox_local(start)
            minute = begin.hour * 60 + begin.minute
            length = max(round((end - start).total_seconds() / 60), 1)
            stretch = (minute, minute + length, float(latitude), float(longitude))
            busy.setdefault((crew_id, begin.date()), []).append(stretch)
        return busy

    def _shifts(self, case):
        company = case["company"]
        now = company._creditbox_local(fields.Datetime.now())
        shifts = []
        for crew in case["crews"]:
            home = places.point(crew.partner_latitude, crew.partner_longitude)
            for day in case["days"]:
                hours = case["hours"].get((crew.id, day), [])
                busy = case["busy"].get((crew.id, day), [])
                begun = now.hour * 60 + now.minute if day == now.date() else 0
                limit = crew.creditbox_day_orders
                spots = [places.point(*stretch[2:]) for stretch in busy]
                shift = Shift(
                    crew.id,
                    day,
                    free_stretches(hours, [*busy, (0, begun)]),
                    max(limit - len(busy), 0) if limit else None,
                    company.creditbox_travel_pace,
                    home,
                    next(filter(None, spots), None),
                )
                if shift.gaps and shift.free != 0 and day >= now.date():
                    shifts.append(shift)
        return shifts


def free_stretches(hours, busy):
    """:return: list of (from, to) of the working hours that nothing is in"""
    free = list(hours)
    for taken_from, taken_to, *_where in busy:
        free = [
            piece
            for begin, end in free
            for piece in (
                (begin, min(end, taken_from)),
                (max(begin, taken_to), end),
            )
            if piece[0] < piece[1]
        ]
    return free
