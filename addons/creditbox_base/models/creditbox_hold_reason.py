from odoo import fields, models


class CreditboxHoldReason(models.Model):
    _name = "creditbox.hold.reason"
    _description = "Hold Reason"
    _order = "sequence, code, id"

    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    max_days = fields.Integer(
        string="Longest Duration (days)",
        help="A hold for this reason cannot last longer. 0: no limit.",
        aggregator=None,
    )
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: shared by the whole group."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "This code is already in use."
    )
    _max_days_check = models.Constraint(
        "CHECK(max_days >= 0)", "The longest duration cannot be negative."
    )
