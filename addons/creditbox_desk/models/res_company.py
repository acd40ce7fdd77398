from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    creditbox_promise_tolerance_days = fields.Integer(
        string="Days of Tolerance for Promises",
        default=3,
        help="A payment dated up to so many days after the promised day is in time: "
        "banks and post offices take a while.",
    )
    creditbox_promise_tolerance_amount = fields.Monetary(
        string="Tolerated Shortfall",
        currency_field="currency_id",
        default=1.0,
        help="A promise is kept even if so much of it is missing.",
    )
    creditbox_promise_broken_count = fields.Integer(
        string="Broken Promises before a Supervisor Decides",
        default=2,
        help="So many promises not kept, and the next one needs a supervisor. 0: "
        "never.",
    )
    creditbox_promise_broken_months = fields.Integer(
        string="Broken in the Last Months", default=12
    )

    _promise_settings_check = models.Constraint(
        """CHECK(
            COALESCE(creditbox_promise_tolerance_days, 0) >= 0
            AND COALESCE(creditbox_promise_tolerance_amount, 0) >= 0
            AND COALESCE(creditbox_promise_broken_count, 0) >= 0
            AND COALESCE(creditbox_promise_broken_months, 0) >= 0
        )""",
        "The settings of promises cannot be negative.",
    )
