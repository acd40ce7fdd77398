from odoo import api, fields, models

from odoo.addons.creditbox_base.tools.public_holidays import is_holiday


class CreditboxLocalHoliday(models.Model):
    """The patron saint of a municipality: a holiday there alone."""

    _name = "creditbox.local.holiday"
    _description = "Local Holiday"
    _order = "city, month, day"
    _rec_name = "city"

    city = fields.Char(string="Municipality", required=True)
    zip = fields.Char(string="ZIP", help="Empty: known by the municipality alone.")
    name = fields.Char(string="Feast")
    month = fields.Integer(required=True)
    day = fields.Integer(required=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: everybody.")
    active = fields.Boolean(default=True)

    _day_of_year = models.Constraint(
        "CHECK(month BETWEEN 1 AND 12 AND day BETWEEN 1 AND 31"
        " AND (day < 31 OR month NOT IN (4, 6, 9, 11)) AND (day < 30 OR month <> 2))",
        "There is no such day.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        holidays = super().create(vals_list)
        holidays._recount()
        return holidays

    def write(self, vals):
        cities = self.mapped("city")
        result = super().write(vals)
        self._recount(cities)
        return result

    def unlink(self):
        cities, companies = self.mapped("city"), self.company_id
        result = super().unlink()
        clocks = self.env["creditbox.quality.clock"]
        clocks._recount_places(cities, companies)
        return result

    def _recount(self, cities=()):
        everybody = any(not holiday.company_id for holiday in self)
        self.env["creditbox.quality.clock"]._recount_places(
            {*cities, *self.mapped("city")},
            self.company_id.browse() if everybody else self.company_id,
        )

    @api.model
    def _calendars(self, company):
        """What a holiday is in each municipality that ``company`` knows.

        :return: callable(city, zip) -> callable(datetime.date) -> bool
        """
        days = {}
        for row in self.search([("company_id", "in", [company.id, False])]):
            for key in filter(None, (_plain(row.city), row.zip)):
                days.setdefault(key, set()).add((row.month, row.day))

        def calendar(city, code):
            own = days.get(_plain(city), set()) | days.get(code or None, set())
            if not own:
                return is_holiday
            return lambda day: (day.month, day.day) in own or is_holiday(day)

        return calendar


def _plain(city):
    return (city or "").strip().casefold()
