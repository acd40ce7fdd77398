from odoo import api, fields, models
from odoo.tools import SQL

COLUMNS = ("order_id", "crew_id", "date_start", "date_end", "late", "reason")


class CreditboxPlanningLine(models.TransientModel):
    """What a preview says of one order."""

    _name = "creditbox.planning.line"
    _description = "Order of a Planning"
    _order = "date_start, crew_id, id"

    planning_id = fields.Many2one(
        "creditbox.planning", required=True, ondelete="cascade", index=True
    )
    order_id = fields.Many2one("fsm.order", required=True, readonly=True)
    operation = fields.Selection(related="order_id.creditbox_operation")
    partner_id = fields.Many2one(
        related="order_id.creditbox_partner_id", string="Customer"
    )
    street = fields.Char(related="order_id.creditbox_supply_id.street")
    city = fields.Char(related="order_id.creditbox_supply_id.city")
    deadline = fields.Date(related="order_id.creditbox_deadline")
    crew_id = fields.Many2one("fsm.person", readonly=True)
    date_start = fields.Datetime(string="When", readonly=True)
    date_end = fields.Datetime(string="Until", readonly=True)
    late = fields.Boolean(
        string="After its term",
        readonly=True,
        help="No crew that may do it was free before.",
    )
    reason = fields.Char(string="Why it is not planned", readonly=True)
    seen = fields.Datetime(readonly=True, help="Last change of the order then.")

    @api.model
    def _insert(self, planning, lines):
        """Write the lines of a preview: ten thousand in one statement."""
        columns = [[line.get(name) for line in lines] for name in COLUMNS]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO creditbox_planning_line (
                    planning_id, create_uid, write_uid, create_date, write_date,
                    order_id, crew_id, date_start, date_end, late, reason, seen)
                SELECT %s, %s, %s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC',
                       v.order_id, v.crew_id, v.date_start, v.date_end,
                       COALESCE(v.late, false), v.reason, f.write_date
                  FROM unnest(%s::int[], %s::int[], %s::timestamp[], %s::timestamp[],
                              %s::boolean[], %s::varchar[])
                    AS v(order_id, crew_id, date_start, date_end, late, reason)
                  JOIN fsm_order f ON f.id = v.order_id
                 ORDER BY v.date_start, v.crew_id, v.order_id
                """,
                planning.id,
                self.env.uid,
                self.env.uid,
                *columns,
            )
        )
        planning.invalidate_recordset()

    def _has_changed(self):
        """Whether somebody has touched the order since the preview."""
        return self.order_id.write_date != self.seen

    def _local(self, moment):
        return self.planning_id.company_id._creditbox_local(moment)

    def _local_day(self):
        return self._local(self.date_start).date()

    def _take(self, shifts):
        """Take the line's time out of its crew's day.

        :param shifts: {(crew id, date): Shift}, changed here
        :return: whether it was free
        """
        shift = shifts.get((self.crew_id.id, self._local_day()))
        start, end = self._local(self.date_start), self._local(self.date_end)
        begin = start.hour * 60 + start.minute
        until = begin + round((end - start).total_seconds() / 60)
        if not shift or shift.free == 0:
            return False
        for place, (first, last) in enumerate(shift.gaps):
            if first <= begin and until <= last:
                shift.gaps[place : place + 1] = [(first, begin), (until, last)]
                if shift.free is not None:
                    shift.free -= 1
                return True
        return False
