from odoo import api, models
from odoo.exceptions import UserError


class CreditboxPlanPart(models.AbstractModel):
    """What a plan is made of: agreed once, it changes no more."""

    _name = "creditbox.plan.part"
    _description = "Part of a Plan"

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts._check_draft()
        return parts

    def write(self, vals):
        self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        self._check_draft()

    def _check_draft(self):
        """
        :raises UserError: the plan is no longer simulated, and a user changes it
        """
        if not self.env.su and any(plan.state != "draft" for plan in self.plan_id):
            raise UserError(
                self.env._("Instalments change only while the plan is simulated.")
            )
