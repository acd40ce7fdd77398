from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

AUTHORITIES = [
    ("rqsii", "RQSII (water)"),
    ("tiqv", "TIQV (sale of electricity and gas)"),
    ("tiqe", "TIQE (distribution of electricity)"),
    ("remsi", "REMSI (arrears of the water service)"),
]


class CreditboxQualityRegulation(models.Model):
    """What a text of the Authority says of all its standards, since a day."""

    _name = "creditbox.quality.regulation"
    _description = "Regulation of Quality"
    _order = "authority, date_from desc, id"

    name = fields.Char(required=True)
    authority = fields.Selection(AUTHORITIES, required=True)
    date_from = fields.Date(string="In force from", required=True)
    date_to = fields.Date(string="In force until")
    late_hour = fields.Float(
        string="Late hour",
        help="What is received after it counts as received the next day. 0: never.",
    )
    double_from = fields.Float(
        string="Doubled beyond", default=2, help="Times the limit of the standard."
    )
    triple_from = fields.Float(
        string="Tripled beyond", default=3, help="Times the limit of the standard."
    )
    yearly_max = fields.Integer(
        string="Indemnities a year",
        help="To the same customer for the same standard. 0: no limit.",
    )
    pay_days = fields.Integer(
        string="To be paid within (days)",
        required=True,
        default=180,
        help="Solar days from the day on which the indemnity arises.",
    )
    warn_days = fields.Integer(
        string="Warning (days before)", required=True, default=30
    )
    bill_text = fields.Char(string="Text on the bill", required=True, translate=True)
    bill_sentence = fields.Char(string="Sentence that follows", translate=True)
    source = fields.Char(required=True)
    active = fields.Boolean(default=True)

    _figures = models.Constraint(
        "CHECK(late_hour >= 0 AND late_hour < 24 AND double_from > 1"
        " AND triple_from > double_from AND yearly_max >= 0 AND pay_days > 0"
        " AND warn_days >= 0)",
        "Hours are those of a day, the indemnity is doubled before it is tripled, and "
        "numbers are not negative.",
    )
    _dates = models.Constraint(
        "CHECK(date_to IS NULL OR date_from <= date_to)",
        "It cannot end before it is in force.",
    )

    @api.constrains("authority", "date_from", "date_to", "active")
    def _check_one_a_day(self):
        for text in self.filtered("active"):
            others = self.search(
                [
                    ("authority", "=", text.authority),
                    ("id", "!=", text.id),
                    (
                        "date_from",
                        "<=",
                        text.date_to or fields.Date.to_date("9999-12-31"),
                    ),
                    "|",
                    ("date_to", "=", False),
                    ("date_to", ">=", text.date_from),
                ],
                limit=1,
            )
            if others:
                raise ValidationError(
                    self.env._(
                        "%(one)s and %(other)s are in force on the same days.",
                        one=text.name,
                        other=others.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    @ormcache()
    def _texts(self):
        """:return: tuple of (authority, first day, last day or None, id)"""
        return tuple(
            (text.authority, text.date_from, text.date_to or None, text.id)
            for text in self.search([])
        )

    @api.model
    def _in_force(self, authority, day):
        """:return: creditbox.quality.regulation of a day, or empty"""
        for of, first, last, text_id in self._texts():
            if of == authority and first <= day and (last is None or day <= last):
                return self.browse(text_id)
        return self.browse()

    def _multiples(self):
        """:return: tuple of the multiples of the limit beyond which more is due"""
        return (1, self.double_from, self.triple_from)
