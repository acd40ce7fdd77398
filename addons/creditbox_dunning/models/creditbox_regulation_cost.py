from odoo import fields, models

COSTS = [
    ("interest", "Late interest"),
    ("postage", "Postage of reminders and notices"),
    ("limitation", "Limitation of the supply"),
    ("suspension", "Suspension of the supply"),
    ("removal", "Removal or interruption"),
    ("reactivation", "Reactivation"),
]


class CreditboxRegulationCost(models.Model):
    """Whether a cost of the procedure may be charged, and to whom."""

    _name = "creditbox.regulation.cost"
    _description = "Cost of a Regulation"
    _inherit = ["creditbox.regulation.dated"]
    _order = "regulation_id, sequence, id"
    _rec_name = "cost"

    sequence = fields.Integer(default=10)
    cost = fields.Selection(COSTS, required=True)
    customers = fields.Selection(
        [
            ("all", "All customers"),
            ("protected", "Protected users"),
            ("resident", "Resident domestic users"),
            ("other", "Other users"),
        ],
        required=True,
        default="all",
    )
    allowed = fields.Selection(
        [("yes", "Yes"), ("real", "Real cost only"), ("no", "No")],
        required=True,
        default="yes",
    )
    amount = fields.Float(help="Greatest amount in euro; 0: none is said.")
    condition = fields.Char(translate=True)
