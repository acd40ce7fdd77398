from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CreditboxPostalOutcome(models.Model):
    """What can become of a letter, and what that means: the process, not the import.

    Of several outcomes of a letter the strongest counts, of equally strong ones the
    earliest: the order in which they arrive does not matter.
    """

    _name = "creditbox.postal.outcome"
    _description = "Postal Outcome"
    _order = "strength desc, id"

    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    strength = fields.Integer(required=True, default=10)
    is_proof = fields.Boolean(
        string="Proof of delivery",
        help="Of a registered letter: its date is that from which later waits count.",
    )
    is_failure = fields.Boolean(
        string="Not delivered",
        help="The bills go back, and the row's fallback channel is taken.",
    )
    is_resend = fields.Boolean(
        string="Do it again",
        help="Nobody has got it (lost, damaged, not printed): the bills go back, the "
        "next run does the same action again.",
    )
    is_bad_address = fields.Boolean(
        string="The address is wrong",
        help="It counts as none, for all letters, until it is corrected.",
    )
    is_final = fields.Boolean(
        string="Final", compute="_compute_is_final", help="Nothing more is awaited."
    )
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "This code is already there.")

    @api.depends("is_proof", "is_failure", "is_resend")
    def _compute_is_final(self):
        for outcome in self:
            outcome.is_final = (
                outcome.is_proof or outcome.is_failure or outcome.is_resend
            )

    @api.constrains("is_proof", "is_failure", "is_resend", "is_bad_address")
    def _check_flags(self):
        for outcome in self:
            flags = [outcome.is_proof, outcome.is_failure, outcome.is_resend]
            if sum(flags) > 1:
                raise ValidationError(
                    self.env._(
                        "%s: delivered, not delivered, or to be done again: only one.",
                        outcome.name,
                    )
                )
            if outcome.is_bad_address and not outcome.is_failure:
                raise ValidationError(
                    self.env._(
                        "%s: with a wrong address it is not delivered.", outcome.name
                    )
                )
