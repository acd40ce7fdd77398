from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import places

IN_THE_DAY = ("planned", "sent", "on_site", "done", "not_executable")
FALLEN = ("stopped", "cancelled", "recalled")


class FsmOrder(models.Model):
    """The crew's day: numbered in the order of its hours, closed when one falls out."""

    _inherit = "fsm.order"

    @api.model
    def _number(self, crews, days):
        """Number the visits of these days of these crews, from 1.

        :param crews: fsm.person
        :param days: collection of ISO dates
        """
        self.env["fsm.order"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE fsm_order f SET creditbox_route_sequence = r.place
                  FROM (
                    SELECT id, CASE WHEN creditbox_state = ANY(%(live)s)
                           THEN row_number() OVER (
                                PARTITION BY person_id, creditbox_day,
                                             creditbox_state = ANY(%(live)s)
                                ORDER BY scheduled_date_start, id)
                           ELSE 0 END AS place
                      FROM fsm_order
                     WHERE person_id = ANY(%(crews)s) AND creditbox_day = ANY(%(days)s)
                       AND creditbox_operation IS NOT NULL
                  ) r
                 WHERE f.id = r.id
                   AND f.creditbox_route_sequence IS DISTINCT FROM r.place
                RETURNING f.id
                """,
                live=list(IN_THE_DAY),
                crews=crews.ids,
                days=[day for day in days if day],
            )
        )
        changed = self.browse(id_ for (id_,) in rows)
        changed.invalidate_recordset(["creditbox_route_sequence"], flush=False)

    def _close(self, state, reason=None, tell_action=True, **values):
        """Where an order falls out, its crew's day closes up."""
        planned = self._open_ones().filtered("creditbox_day").filtered("person_id")
        res = super()._close(state, reason, tell_action=tell_action, **values)
        if state in FALLEN and planned:
            planned.sudo()._fall_out()  # whoever pays has no right on crews' days
        return res

    def _fall_out(self):
        for company, orders in self.grouped("company_id").items():
            if company.creditbox_fall_out == "up":
                for (_crew, _day), fallen in orders.grouped(
                    lambda order: (order.person_id, order.creditbox_day)
                ).items():
                    fallen.sorted("scheduled_date_start")[:1]._move_up()
        self._number(self.person_id, set(self.mapped("creditbox_day")))

    def _move_up(self):
        """Bring the later visits of the crew's day forward, in their order."""
        later = self.search(
            [
                ("person_id", "=", self.person_id.id),
                ("creditbox_day", "=", self.creditbox_day),
                ("creditbox_state", "in", ("planned", "sent")),
                ("scheduled_date_start", ">=", self.scheduled_date_start),
            ],
            order="scheduled_date_start, id",
        )
        company, day = self.company_id, fields.Date.to_date(self.creditbox_day)
        hours = self.person_id._creditbox_hours(company, day, day)
        stretches = hours.get((self.person_id.id, day), [])
        now = fields.Datetime.now().replace(second=0, microsecond=0)
        free, before = max(self.scheduled_date_start, now), self.browse()
        for order in later:
            free = max(free, now) + timedelta(minutes=before._drive_to(order))
            start = order._not_before(free, stretches)
            if start < order.scheduled_date_start:
                order._bring_to(start)
            free, before = order.scheduled_date_end, order

    def _drive_to(self, order):
        """:return: int, minutes from this visit to another; 0 from none"""
        if not self:
            return 0
        km = places.distance(self._point(), order._point())
        return -int(-km * order.company_id.creditbox_travel_pace // 1)

    def _point(self):
        supply = self.creditbox_supply_id
        return places.point(supply.latitude, supply.longitude)

    def _not_before(self, moment, stretches):
        """:return: datetime, the first after a moment at which it fits the hours"""
        local = self.company_id._creditbox_local(moment)
        minute = local.hour * 60 + local.minute
        length = round(self.scheduled_duration * 60)
        for begin, end in stretches:
            start = max(begin, minute)
            if start + length <= end:
                return self._moment(local.date(), start)
        return self.scheduled_date_start

    def _bring_to(self, start):
        text = self._planned_for()
        length = timedelta(hours=self.scheduled_duration)
        self.with_context(tracking_disable=True).write(
            {"scheduled_date_start": start, "scheduled_date_end": start + length}
        )
        self._tell_move(text, self.person_id)

    # ------------------------------------------------------------------
    # telling the crews
    # ------------------------------------------------------------------
    def _tell_move(self, before, crews):
        """Say on the chatter where an order went; of one that was sent, tell the crews.

        :param before: str, of :meth:`_planned_for`
        :param crews: fsm.person, those it was and is with
        """
        body = self.env._(
            "Planned anew: %(before)s → %(now)s",
            before=before or "–",
            now=self._planned_for() or "–",
        )
        if self.creditbox_state != "sent":
            self._message_log(body=body)
            return
        # crews are told in their inbox too, where they have one
        logins = crews.sudo().partner_id.filtered("user_ids")
        self.sudo().message_post(body=body, partner_ids=logins.ids)
        self._announce("creditbox_order_replanned")
        for crew in crews:
            self.env["bus.bus"]._sendone(
                crew,
                "creditbox_crew_replanned",
                {"id": self.id, "name": self.name, "text": body},
            )
