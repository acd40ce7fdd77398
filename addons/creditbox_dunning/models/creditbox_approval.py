from ast import literal_eval

from odoo import api, models
from odoo.fields import Domain


class CreditboxApproval(models.AbstractModel):
    """What needs the approval of authorisation levels: runs, and single actions."""

    _name = "creditbox.approval"
    _inherit = "tier.validation"
    _description = "Approval by Levels"
    _tier_validation_manual_config = False
    _cancel_state = "cancelled"

    @api.model
    def _domain_above_limit(self, companies):
        """:return: Domain of what a level of these companies must approve"""
        levels = (
            self.env["tier.definition"]
            .sudo()  # whoever asks need not see the levels
            .search(
                [
                    ("model", "=", self._name),
                    ("company_id", "in", [False, *companies.ids]),
                ]
            )
        )
        return Domain.OR(literal_eval(lv.definition_domain or "[]") for lv in levels)

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
