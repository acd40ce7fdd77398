from odoo import fields, models


class CreditboxWriteoffRefuse(models.TransientModel):
    """Why write-offs are refused or cancelled."""

    _name = "creditbox.writeoff.refuse"
    _description = "Refuse Write-offs"

    writeoff_ids = fields.Many2many("creditbox.writeoff", required=True)
    state = fields.Selection(
        [("refused", "Refused"), ("cancelled", "Cancelled")],
        required=True,
        default="refused",
    )
    reason = fields.Char(required=True)

    def action_confirm(self):
        """End the requests; their bills return to the action table."""
        self.ensure_one()
        role = "supervisor" if self.state == "refused" else "operator"
        self.writeoff_ids._require(f"creditbox_base.group_{role}")
        self.writeoff_ids._end(self.state, self.reason)
