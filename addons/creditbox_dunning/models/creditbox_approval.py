from odoo import models


class CreditboxApproval(models.AbstractModel):
    """What needs the approval of authorisation levels: runs, and single actions."""

    _name = "creditbox.approval"
    _inherit = "tier.validation"
    _description = "Approval by Levels"
    _tier_validation_manual_config = False
    _cancel_state = "cancelled"

    def _compute_need_validation(self):
        """Scripts and jobs of the system act with full rights."""
        res = super()._compute_need_validation()
        if self.env.su:
            self.need_validation = False
        return res

    def _tier_validation_check_write_allowed(self, vals):
        # the mixin asks a query a record: only those under review need it
        return super(
            CreditboxApproval, self.filtered("review_ids")
        )._tier_validation_check_write_allowed(vals)
