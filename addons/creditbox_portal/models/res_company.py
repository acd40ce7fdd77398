from datetime import timedelta

from odoo import fields, models

from odoo.addons.creditbox_base.tools.public_holidays import is_holiday


class ResCompany(models.Model):
    _inherit = "res.company"

    creditbox_declaration_days = fields.Integer(
        string="Hold for a declared payment (working days)",
        default=5,
        help="A bill that the customer says to have paid is held so long, once. 0: it "
        "is not held.",
    )
    creditbox_declarations_a_day = fields.Integer(
        string="Declared payments a day",
        default=5,
        help="How many a customer may send in one day.",
    )

    _creditbox_declaration_days_check = models.Constraint(
        "CHECK(creditbox_declaration_days BETWEEN 0 AND 15)",
        "The hold for a declared payment lasts at most 15 working days.",
    )
    _creditbox_declarations_a_day_check = models.Constraint(
        "CHECK(creditbox_declarations_a_day >= 1)",
        "Customers must be able to send at least one declaration a day.",
    )

    def _creditbox_working_day(self, day, count):
        """
        :param datetime.date day: where to start, itself not counted
        :param int count: how many working days later (no weekends, no holidays)
        :return: datetime.date
        """
        while count:
            day += timedelta(days=1)
            if day.weekday() < 5 and not is_holiday(day):
                count -= 1
        return day
