from odoo import api, fields, models

from odoo.addons.creditbox_base.tools.terms import forbids_suspension

from .creditbox_regulation import LEGAL_STEPS

CERTIFIED_CODES = ("registered", "pec")


class CreditboxRegulationStep(models.Model):
    """How a step of the procedure must be done: by which channel, when never."""

    _name = "creditbox.regulation.step"
    _description = "Step of a Regulation"
    _inherit = ["creditbox.regulation.dated"]
    _order = "regulation_id, sequence, id"
    _rec_name = "legal_step"

    sequence = fields.Integer(default=10)
    legal_step = fields.Selection(LEGAL_STEPS, required=True)
    channel = fields.Selection(
        [
            ("any", "Any"),
            ("certified", "Registered letter A/R or PEC"),
            ("technical", "At the meter"),
        ],
        required=True,
        default="certified",
    )
    forbidden_days = fields.Boolean(
        string="Not before a rest day",
        help="Never on Friday, Saturday, Sunday, holidays and their eves.",
    )
    spares_protected = fields.Boolean(
        string="Spares protected users",
        help="Never to the supply of a protected user.",
    )
    debt_multiple = fields.Float(
        string="Debt above (× band)",
        digits=(16, 2),
        help="How many times the supply's subsidised band of a year the debt must be "
        "more than. 0: any debt.",
    )
    debt_customer_type_ids = fields.Many2many(
        "creditbox.customer.type",
        "creditbox_regulation_step_customer_type_rel",
        string="Debt of",
        help="Whose debt must be so large. Empty: everybody's.",
    )
    content_ids = fields.One2many(
        "creditbox.regulation.content", "step_id", string="Must contain", copy=True
    )

    _one_a_regulation = models.Constraint(
        "UNIQUE(regulation_id, legal_step, date_from)",
        "A regulation has each step once.",
    )

    _debt_positive = models.Constraint(
        "CHECK(debt_multiple >= 0)", "A debt is not negative."
    )

    def _allows(self, code):
        """Whether the step may be done by an action of ``code``."""
        self.ensure_one()
        return {
            "any": True,
            "certified": code in CERTIFIED_CODES,
            "technical": code == "technical",
        }[self.channel]

    def _permits(self, day):
        """Whether the step may be done on a day of the week and the year."""
        self.ensure_one()
        return not (self.forbidden_days and forbids_suspension(day))

    def _asks_debt_of(self, customer_type):
        """Whether the step needs a certain debt of customers of a type."""
        self.ensure_one()
        types = self.debt_customer_type_ids
        return self.debt_multiple > 0 and (not types or customer_type in types)

    def _debt_problem(self, position, debt):
        """Return why the debt of a position is too small for the step.

        :param float debt: all that is overdue and open
        :return: str, None: it is large enough, or need not be
        """
        self.ensure_one()
        if not self._asks_debt_of(position.partner_id.creditbox_customer_type_id):
            return None
        yearly = position._subsidised_amount()
        if not yearly:
            return self._note_unknown_band()
        currency = position.currency_id
        limit = currency.round(self.debt_multiple * yearly)
        if currency.compare_amounts(debt, limit) > 0:
            return None
        return self._note_small_debt(self._figure(debt), self._figure(limit))

    def _note_small_debt(self, debt, limit):
        """The figures behind an exception; the evaluation fills them in by SQL."""
        return self.env._(
            "%(step)s: debt of %(debt)s, it must be more than %(limit)s"
            " (%(multiple)s times the subsidised band of a year, %(act)s)",
            step=self._step_label(),
            debt=debt,
            limit=limit,
            multiple=f"{self.debt_multiple:g}",
            act=self._cited(),
        )

    def _note_unknown_band(self):
        return self.env._(
            "%(step)s: what the supply pays in a year for the subsidised band is not"
            " known, neither from the supply nor from the company (%(act)s)",
            step=self._step_label(),
            act=self._cited(),
        )

    def _step_label(self):
        labels = self._fields["legal_step"]._description_selection(self.env)
        return dict(labels)[self.legal_step]

    @api.model
    def _decimal_point(self):
        lang = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        return lang.decimal_point or "."

    @api.model
    def _figure(self, amount):
        """:return: str, as the evaluation writes it in SQL: 1234,50"""
        return f"{amount:.2f}".replace(".", self._decimal_point())
