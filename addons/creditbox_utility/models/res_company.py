from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    creditbox_order_threshold = fields.Monetary(
        string="Security threshold",
        default=0,
        help="No supply is touched for less. 0: no threshold.",
    )
    creditbox_debt_check_minutes = fields.Integer(
        string="Age of the debt check (minutes)",
        default=15,
        help="An order is carried out only with a look at the debt that is younger.",
    )
    creditbox_counter_days = fields.Integer(
        string="Hold of a payment shown (working days)",
        default=7,
        help="By then the payment must have arrived; otherwise the procedure goes on.",
    )
    creditbox_order_hour_from = fields.Float(string="At the meter from", default=8.0)
    creditbox_order_hour_to = fields.Float(string="At the meter until", default=18.0)
    creditbox_reactivation_cost = fields.Monetary(
        string="Real cost of a reactivation",
        default=0,
        help="Charged to the customer where the regulation allows it. 0: nothing.",
    )
    creditbox_removal_days = fields.Integer(
        string="Removal proposed after (days suspended)",
        default=30,
        help="Not before the terms of the law. 0: never proposed.",
    )

    _creditbox_debt_check_positive = models.Constraint(
        "CHECK(creditbox_debt_check_minutes > 0)",
        "The debt check must have some minutes.",
    )
    _creditbox_counter_days_within = models.Constraint(
        "CHECK(creditbox_counter_days BETWEEN 1 AND 15)",
        "A payment that was shown is waited for 1 to 15 working days.",
    )
    _creditbox_removal_days_positive = models.Constraint(
        "CHECK(creditbox_removal_days >= 0)",
        "A removal cannot be proposed before the suspension.",
    )
    _creditbox_order_hours_ordered = models.Constraint(
        "CHECK(creditbox_order_hour_from < creditbox_order_hour_to)",
        "The hours at the meter must end after they begin.",
    )

    def _creditbox_moment(self, day, hour):
        """Return when it is an hour of a day where the company is.

        :param day: datetime.date
        :param float hour: 0 to 24
        :return: datetime.datetime in UTC, without time zone
        """
        local = datetime.combine(day, time(), self._creditbox_zone())
        moment = local + timedelta(hours=hour)
        return moment.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
