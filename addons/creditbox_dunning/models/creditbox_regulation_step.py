from odoo import fields, models

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
    content_ids = fields.One2many(
        "creditbox.regulation.content", "step_id", string="Must contain", copy=True
    )

    _one_a_regulation = models.Constraint(
        "UNIQUE(regulation_id, legal_step, date_from)",
        "A regulation has each step once.",
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
