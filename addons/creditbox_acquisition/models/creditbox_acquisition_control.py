from odoo import api, fields, models
from odoo.tools import SQL


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

    def _control_differences(self):
        """Yield, for each total declared, whether it differs."""
        tolerance = self.source_id.control_tolerance or self.currency_id.rounding / 2
        if self.control_count:
            yield self.control_count != self.actual_count
        for name in ("sum", "balance"):
            declared = self[f"control_{name}"]
            if declared:
                yield abs(declared - self[f"actual_{name}"]) > tolerance

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
