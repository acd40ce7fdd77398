from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.creditbox_base.tools import terms

from .creditbox_regulation import LEGAL_STEPS

UNITS = [
    (terms.SOLAR, "Days"),
    (terms.FERIAL, "Days, Monday to Saturday"),
    (terms.WORKING, "Working days"),
]
# event: column of creditbox.action that holds its day
EVENT_FIELDS = {
    "sent": "date_done",
    "delivered": "date_proof",
    "deadline": "date_deadline",
}


class CreditboxRegulationTerm(models.Model):
    """Days that must pass between an event and a step."""

    _name = "creditbox.regulation.term"
    _description = "Term of a Regulation"
    _inherit = ["creditbox.regulation.dated"]
    _order = "regulation_id, sequence, id"

    sequence = fields.Integer(default=10)
    legal_step = fields.Selection(
        LEGAL_STEPS, string="Step", required=True, help="What may not be done before."
    )
    days = fields.Integer(required=True, string="At least")
    unit = fields.Selection(UNITS, required=True, default=terms.SOLAR)
    event = fields.Selection(
        [
            ("due", "Due date of the bill"),
            ("sent", "Sending"),
            ("delivered", "Proof of delivery"),
            ("deadline", "Last day to pay named"),
        ],
        string="From",
        required=True,
        default="delivered",
    )
    event_step = fields.Selection(
        LEGAL_STEPS, string="Of", help="The step that the event is of."
    )
    customer_type_ids = fields.Many2many(
        "creditbox.customer.type",
        string="Customer types",
        help="Empty: holds for all customers.",
    )

    debt_up_to = fields.Float(
        digits=(16, 2),
        string="Debt up to (× band)",
        help="The term holds while the debt is at most so many times the supply's "
        "subsidised band of a year, or this is not known. 0: for any debt.",
    )

    _days_positive = models.Constraint("CHECK(days >= 0)", "A term cannot be negative.")
    _debt_positive = models.Constraint(
        "CHECK(debt_up_to >= 0)", "A debt is not negative."
    )

    @api.depends_context("lang")
    @api.depends("legal_step", "days", "event", "event_step", "unit", "debt_up_to")
    def _compute_display_name(self):
        for term in self:
            name = term._name_without_debt()
            if term.debt_up_to:
                name = self.env._(
                    "%(term)s, debt up to %(times)s times the subsidised band of a"
                    " year",
                    term=name,
                    times=f"{term.debt_up_to:g}",
                )
            term.display_name = name

    def _name_without_debt(self):
        if not self.days:
            return self.env._(
                "%(step)s: not before %(event)s",
                step=self._label("legal_step"),
                event=self._event_label(),
            )
        return self.env._(
            "%(step)s: at least %(days)s from %(event)s",
            step=self._label("legal_step"),
            days=f"{self.days} {(self._label('unit') or '').lower()}",
            event=self._event_label(),
        )

    @api.constrains("event", "event_step", "legal_step")
    def _check_event(self):
        order = [step for step, _label in LEGAL_STEPS]
        for term in self:
            if (term.event == "due") == bool(term.event_step):
                raise ValidationError(
                    self.env._("%s: say of which step the event is.", term.display_name)
                )
            if term.event_step and order.index(term.event_step) >= order.index(
                term.legal_step
            ):
                raise ValidationError(
                    self.env._(
                        "%s: a term counts from an earlier step.", term.display_name
                    )
                )

    def _label(self, name):
        """:return: the selection's label of a field, in the user's language"""
        labels = self._fields[name]._description_selection(self.env)
        return dict(labels).get(self[name], "")

    def _event_label(self):
        """:return: str, «proof of delivery (formal notice)»"""
        event = self._label("event").lower()
        step = self._label("event_step").lower()
        return f"{event} ({step})" if step else event

    def _binds_debt(self, position, debt):
        """Whether the term is for a debt so large; for any that cannot be measured."""
        self.ensure_one()
        limit = self.debt_up_to * position._subsidised_amount()
        return (
            debt is None
            or not limit
            or position.currency_id.compare_amounts(debt, limit) <= 0
        )

    def _binds(self, position):
        """Whether the term is for the service and the customer of a position."""
        self.ensure_one()
        customer_type = position.partner_id.creditbox_customer_type_id
        return self.service_type_id == position.supply_id.service_type_id and (
            not self.customer_type_ids or customer_type in self.customer_type_ids
        )

    def _first_day(self, event):
        """Return the first day on which the step may be done.

        :param event: datetime.date
        """
        self.ensure_one()
        return terms.end_of_term(event, self.days, self.unit)

    def _days_at_most(self, day):
        """Return the solar days of the term at their longest, holidays included.

        :param day: datetime.date, the year from which on holidays are looked at
        """
        self.ensure_one()
        if self.unit == terms.SOLAR:
            return self.days
        year = (day + timedelta(days=number) for number in range(366))
        return max((self._first_day(event) - event).days for event in year)

    def _latest_event(self, day):
        """Return the last day of the event for the step to be allowed on ``day``."""
        self.ensure_one()
        return terms.latest_event(day, self.days, self.unit)
