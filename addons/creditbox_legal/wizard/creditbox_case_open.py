from odoo import fields, models
from odoo.exceptions import UserError

from ..models.creditbox_case import KINDS


class CreditboxCaseOpen(models.TransientModel):
    _name = "creditbox.case.open"
    _inherit = ["creditbox.guarded"]
    _description = "Open a Case"

    position_ids = fields.Many2many("creditbox.position", required=True)
    kind = fields.Selection(KINDS, required=True, default="agency")
    user_id = fields.Many2one(
        "res.users",
        string="In charge",
        required=True,
        default=lambda self: self._default_user_id(),
        domain="[('share', '=', False)]",
    )

    def _default_user_id(self):
        return self.env.user

    def action_open(self):
        """:return: window action of the new cases"""
        self._require("creditbox_base.group_operator")
        self.position_ids.check_access("read")
        cases = self.env["creditbox.case"]._open(
            self.position_ids, self.kind, self.user_id
        )
        if not cases:
            raise UserError(
                self.env._(
                    "Nothing is overdue here that is neither on hold nor in a case."
                )
            )
        return cases._window()
