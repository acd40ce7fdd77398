from odoo import fields, models


class CreditboxCaseClose(models.TransientModel):
    _name = "creditbox.case.close"
    _inherit = ["creditbox.guarded"]
    _description = "Close Cases"

    case_ids = fields.Many2many("creditbox.case", required=True)
    outcome = fields.Selection(
        [
            ("settled", "Settled"),
            ("no_result", "Without result: go on with the next step"),
            ("recalled", "Recalled"),
            ("cancelled", "Cancelled, as if it had never been opened"),
        ],
        required=True,
        default="no_result",
    )
    reason = fields.Char(required=True)

    def action_close(self):
        """Close the cases; their bills go on in the action table."""
        cases = self.case_ids
        cases._require("creditbox_base.group_supervisor")
        cases._check_state("open", "assigned", "accepted")
        cases._close(self.outcome, self.reason)
        return {"type": "ir.actions.act_window_close"}
