from odoo import fields, models
from odoo.fields import Command


class CreditboxPositionAssign(models.TransientModel):
    """Give positions, and what is to be done on them, to an operator."""

    _name = "creditbox.position.assign"
    _inherit = ["creditbox.guarded"]
    _description = "Assign Positions"

    position_ids = fields.Many2many("creditbox.position", readonly=True)
    tasks = fields.Char(readonly=True, help="Ids of rows of My Day.")
    user_id = fields.Many2one(
        "res.users",
        string="Operator",
        required=True,
        domain=lambda self: self._domain_user_id(),
        default=lambda self: self._default_user_id(),
    )

    def _default_user_id(self):
        return self.env.user

    def _domain_user_id(self):
        group = self.env.ref("creditbox_base.group_operator")
        return [("share", "=", False), ("all_group_ids", "in", group.ids)]

    def _open(self, positions, task_ids=()):
        """:return: window of the assistant"""
        wizard = self.create(
            {
                "position_ids": [Command.set(positions.ids)],
                "tasks": ",".join(map(str, task_ids)),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Assign"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_assign(self):
        """Assign, with a line on each chatter."""
        self._require("creditbox_base.group_operator")
        self.position_ids._assign(self.user_id)
        ids = [int(id_) for id_ in (self.tasks or "").split(",") if id_]
        self.env["creditbox.task"].browse(ids)._give(self.user_id)
        return {"type": "ir.actions.act_window_close"}
