from odoo import fields, models


class CreditboxRegulationPrescription(models.Model):
    """After how many years a bill is barred, and from when they count."""

    _name = "creditbox.regulation.prescription"
    _description = "Prescription of a Regulation"
    _inherit = ["creditbox.regulation.dated"]
    _order = "regulation_id, sequence, id"

    sequence = fields.Integer(default=10)
    years = fields.Integer(required=True)
    start = fields.Selection(
        [
            ("due", "Due date of the bill"),
            ("issue", "Day by which it had to be issued"),
        ],
        string="Counts from",
        required=True,
        default="due",
    )
    issue_days = fields.Integer(
        string="Issued within (days)", help="From the last day of the consumption."
    )
    due_after = fields.Date(string="Bills due after", help="Empty: all bills.")
    customer_type_ids = fields.Many2many(
        "creditbox.customer.type",
        string="Customer types",
        help="Empty: holds for all customers.",
    )

    _years_positive = models.Constraint("CHECK(years > 0)", "A year at least.")
