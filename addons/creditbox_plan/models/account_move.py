from odoo import models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    def button_draft(self):
        """Entries of a plan that runs go back with the plan, not one by one."""
        running = (
            # bookkeepers need not see plans
            self.env["creditbox.plan.line"]
            .sudo()
            .search(
                [
                    ("move_id", "in", self.ids),
                    ("plan_id.state", "in", ("live", "late")),
                ],
                limit=1,
            )
        )
        if running:
            raise UserError(
                self.env._(
                    "%(entry)s belongs to the plan %(plan)s, which runs: break it off "
                    "or undo it there.",
                    entry=running.move_id.name,
                    plan=running.plan_id.name,
                )
            )
        return super().button_draft()
