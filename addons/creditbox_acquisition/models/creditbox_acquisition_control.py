from odoo import api, fields, models
from odoo.tools import SQL

TOTALS = ("count", "sum", "balance")


class CreditboxAcquisition(models.Model):
    """Control totals: what the billing system says it sent, and what was taken."""

    _inherit = "creditbox.acquisition"

    control_count = fields.Integer(
        string="Rows, as Declared", help="Number of rows that the billing system sent."
    )
    control_sum = fields.Monetary(
        string="Sum, as Declared", help="Sum of the amounts that it sent."
    )
    control_balance = fields.Monetary(
        string="Open Balance, as Declared",
        help="What all its customers owe, as the billing system sees it.",
    )
    # a number cannot be empty: what is declared to be zero is said apart
    control_count_zero = fields.Boolean(string="No Rows, as Declared")
    control_sum_zero = fields.Boolean(string="Sum Declared as Zero")
    control_balance_zero = fields.Boolean(string="Open Balance Declared as Zero")
    actual_count = fields.Integer(
        string="Rows Taken", readonly=True, copy=False, help="Without refused rows."
    )
    actual_sum = fields.Monetary(string="Sum Taken", readonly=True, copy=False)
    actual_balance = fields.Monetary(
        string="Open Balance Here", readonly=True, copy=False
    )
    control_state = fields.Selection(
        [
            ("none", "Not declared"),
            ("match", "Squares"),
            ("mismatch", "Does not square"),
        ],
        compute="_compute_control_state",
        store=True,
    )

    @api.depends(
        "control_count",
        "control_sum",
        "control_balance",
        "control_count_zero",
        "control_sum_zero",
        "control_balance_zero",
        "actual_count",
        "actual_sum",
        "actual_balance",
        "source_id.control_tolerance",
        "state",
    )
    def _compute_control_state(self):
        for acquisition in self:
            differences = list(acquisition._control_differences())
            if not differences or acquisition.state not in ("done", "done_errors"):
                acquisition.control_state = "none"
            else:
                bad = any(differences)
                acquisition.control_state = "mismatch" if bad else "match"

    @api.model
    def _control_values(self, declared):
        """Values of the fields for totals as a system or a person declares them.

        :param declared: {count, sum, balance: number, None when not declared}
        """
        values = {}
        for name in TOTALS:
            total = declared.get(name)
            values[f"control_{name}"] = total or 0
            values[f"control_{name}_zero"] = total is not None and not total
        return values

    def _control_differences(self):
        """Yield, for each total declared, whether it differs."""
        tolerance = self.source_id.control_tolerance or self.currency_id.rounding / 2
        for name in TOTALS:
            declared = self[f"control_{name}"]
            if declared or self[f"control_{name}_zero"]:
                allowed = 0 if name == "count" else tolerance
                yield abs(declared - self[f"actual_{name}"]) > allowed

    def _open_balance(self):
        """What all customers of the company owe, less their credits."""
        self.env["creditbox.position"].flush_model()
        ((balance,),) = self.env.execute_query(
            SQL(
                "SELECT COALESCE(SUM(amount_balance), 0) FROM creditbox_position "
                "WHERE company_id = %s",
                self.company_id.id,
            )
        )
        return float(balance)
