from odoo import fields, models


class CreditboxMilestone(models.Model):
    """A moment that counts in a request: received, admitted, quoted, answered…

    Standards of quality run from one of them to another, by its code.
    """

    _name = "creditbox.milestone"
    _description = "Milestone"
    _order = "sequence, id"

    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)

    _code_uniq = models.Constraint("UNIQUE(code)", "This code is already in use.")
