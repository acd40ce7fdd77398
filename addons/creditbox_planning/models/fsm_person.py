from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL


class FsmPerson(models.Model):
    """What a crew may do, where, when and how much of it."""

    _inherit = "fsm.person"

    creditbox_work_ids = fields.Many2many(
        "creditbox.work",
        "creditbox_crew_work",
        "crew_id",
        "work_id",
        string="Skills",
        help="The works that the crew may do. Empty: all of them.",
    )
    creditbox_area_ids = fields.Many2many(
        "creditbox.area",
        "creditbox_crew_area",
        "crew_id",
        "area_id",
        string="Areas",
        help="Where the crew works. Empty: everywhere.",
    )
    creditbox_day_orders = fields.Integer(
        string="Orders a day", help="At most so many visits a day. 0: no limit."
    )
    creditbox_absence_ids = fields.One2many(
        "creditbox.absence", "crew_id", string="Absences"
    )

    _creditbox_day_orders_positive = models.Constraint(
        "CHECK(creditbox_day_orders >= 0)", "Orders a day cannot be negative."
    )

    @api.model
    def _creditbox_crews(self, company):
        """:return: fsm.person, the crews that work for a company"""
        return self.search([("company_id", "in", (False, company.id))], order="id")

    def _creditbox_may(self, operation, service_id):
        """Whether the crew has the skill."""
        works = self.creditbox_work_ids
        return not works or any(w._fits(operation, service_id) for w in works)

    def _creditbox_hours(self, company, first, last):
        """Return when crews work for a company, as far as it lets them.

        :param first: datetime.date
        :param last: datetime.date, included
        :return: {(crew id, date): list of (from, to) in minutes after midnight there}
        """
        zone = company._creditbox_zone()
        calendars = self.calendar_id | company.resource_calendar_id
        worked = {
            calendar: calendar.sudo()._creditbox_minutes(company, first, last, zone)
            for calendar in calendars  # a few, and crews share them
        }
        away = {
            (absence.crew_id.id, first + timedelta(days=number))
            for absence in self.env["creditbox.absence"].search(
                [
                    ("crew_id", "in", self.ids),
                    ("date_from", "<=", last),
                    ("date_to", ">=", first),
                ]
            )
            for number in range((last - first).days + 1)
            if absence.date_from <= first + timedelta(days=number) <= absence.date_to
        }
        return {
            (crew.id, day): hours
            for crew in self
            for day, hours in worked[
                crew.calendar_id or company.resource_calendar_id
            ].items()
            if (crew.id, day) not in away
        }

    def _creditbox_lock(self):
        """Keep the days of these crews as they are until this transaction is over.

        The rows are written, unchanged: a second planner waits for the first, and as
        its snapshot is older it starts anew and sees what the first has planned.
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE fsm_person SET write_date = write_date
                 WHERE id IN (SELECT id FROM fsm_person WHERE id = ANY(%s)
                               ORDER BY id FOR UPDATE)
                """,
                self.ids,
            )
        )
