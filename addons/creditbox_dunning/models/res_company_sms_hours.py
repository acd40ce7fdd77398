from datetime import timezone

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.sending_hours import SendingHours

HOURS = ("weekday", "saturday", "sunday")
HOUR_FIELDS = [
    f"creditbox_sms_{name}_{end}" for name in HOURS for end in ("from", "to")
]


class ResCompany(models.Model):
    """When SMS may ring at the customers'."""

    _inherit = "res.company"

    creditbox_sms_weekday_from = fields.Float(
        string="SMS Monday to Friday from", default=8.0
    )
    creditbox_sms_weekday_to = fields.Float(
        string="SMS Monday to Friday until", default=20.0
    )
    creditbox_sms_saturday_from = fields.Float(
        string="SMS on Saturday from", default=9.0
    )
    creditbox_sms_saturday_to = fields.Float(
        string="SMS on Saturday until", default=13.0
    )
    creditbox_sms_sunday_from = fields.Float(string="SMS on Sunday from")
    creditbox_sms_sunday_to = fields.Float(string="SMS on Sunday until")
    creditbox_sms_holidays = fields.Boolean(
        string="SMS on public holidays too",
        help="The national ones of Italy; at the hours of the day of the week.",
    )

    @api.constrains(*HOUR_FIELDS)
    def _check_creditbox_sms_hours(self):
        for company in self:
            spans = company._creditbox_sms_spans()
            for name, (begin, end) in zip(HOURS, spans, strict=True):
                if not 0 <= begin <= end <= 24:
                    field = company._fields[f"creditbox_sms_{name}_from"]
                    raise ValidationError(
                        self.env._(
                            "«%(field)s»: the hours must be between 0:00 and 24:00,"
                            " the second not before the first.",
                            field=field._description_string(self.env),
                        )
                    )
            if all(begin == end for begin, end in spans):
                raise ValidationError(
                    self.env._("SMS need at least one hour in the week to leave.")
                )

    def write(self, vals):
        res = super().write(vals)
        if not vals.keys().isdisjoint([*HOUR_FIELDS, "creditbox_sms_holidays"]):
            self.env["sms.sms"].sudo()._creditbox_hours_changed(self)
        return res

    def _creditbox_sms_spans(self):
        return [
            (
                self[f"creditbox_sms_{name}_from"],
                self[f"creditbox_sms_{name}_to"],
            )
            for name in HOURS
        ]

    def _creditbox_sms_opening(self):
        """Return when an SMS that is ready now may leave.

        :return: datetime.datetime in UTC without time zone; False: at once
        """
        self.ensure_one()
        hours = SendingHours(
            self._creditbox_zone(),
            *self._creditbox_sms_spans(),
            self.creditbox_sms_holidays,
        )
        now = fields.Datetime.now().replace(tzinfo=timezone.utc)
        opening = hours.opening(now)
        return opening > now and opening.replace(tzinfo=None)
