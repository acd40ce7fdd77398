from odoo import api, models
from odoo.tools import format_date

from .creditbox_lawfulness import Refusal


class CreditboxLawfulness(models.AbstractModel):
    """The days and hours at which nothing may be taken away."""

    _inherit = "creditbox.lawfulness"

    @api.model
    def _refusal_of_moment(self, order, moment):
        """Why what an order does against a customer may not be done then.

        :param moment: datetime.datetime in UTC
        :return: :class:`Refusal` or None
        """
        company = order.company_id
        local = company._creditbox_local(moment)
        hour = local.hour + local.minute / 60
        law = self.env["creditbox.chain"]._law(company, local.date())
        service = order.creditbox_supply_id.service_type_id
        for step in law.steps_of(service, order._legal_step()):
            if not step._permits(local.date()):
                return Refusal(
                    "forbidden_day",
                    self.env._(
                        "%(day)s is a day on which nothing may be taken away: Fridays, "
                        "Saturdays, Sundays, holidays and their eves (%(act)s).",
                        day=format_date(self.env, local.date()),
                        act=step._cited(),
                    ),
                )
        first, last = (
            company.creditbox_order_hour_from,
            company.creditbox_order_hour_to,
        )
        if not first <= hour < last:
            return Refusal(
                "forbidden_hour",
                self.env._(
                    "Nothing is taken away at this hour, only from %(first)s to "
                    "%(last)s (setting of the company).",
                    first=_clock(first),
                    last=_clock(last),
                ),
            )
        return None


def _clock(hour):
    return f"{int(hour):02d}:{round(hour % 1 * 60):02d}"
