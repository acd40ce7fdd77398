from odoo import api, fields, models


class CreditboxActionUndo(models.TransientModel):
    """What undoing chosen actions, or a lot, will give; then what it has given."""

    _name = "creditbox.action.undo"
    _description = "Undo Actions"
    _rec_name = "reason"

    action_ids = fields.Many2many("creditbox.action", readonly=True)
    lot_id = fields.Many2one("creditbox.letter.lot", readonly=True)
    reason = fields.Char()
    count = fields.Integer(compute="_compute_plan")
    plan = fields.Html(compute="_compute_plan", sanitize=False)
    report = fields.Html(readonly=True, sanitize=False)

    @api.depends("action_ids")
    def _compute_plan(self):
        for undo in self:
            plan = undo.action_ids._undo_plan()
            undo.count = len(plan.stopped | plan.recalled | plan.left)
            undo.plan = undo.action_ids._report_of_undo(plan)

    def _window(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Undo"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_undo(self):
        """Take the actions back.

        :return: window with the report, which is kept on the lot or the runs too
        """
        self.ensure_one()
        self.action_ids._require("creditbox_base.group_supervisor")
        reason = self.env._(
            "Undone by %(user)s: %(reason)s",
            user=self.env.user.name,
            reason=self.reason,
        )
        actions = self.action_ids
        undone = actions._undo_chosen(reason)
        self.report = actions._report_of_undo(undone, reason)
        if self.lot_id:
            # its messages are the system's: nobody may write a lot
            self.lot_id.sudo().message_post(body=self.report)
        for run, own in actions.grouped("run_id").items():
            run.message_post(body=own._report_of_undo(_only(undone, own), reason))
        return self._window()


def _only(undone, actions):
    """:return: the part of ``undone`` that is about some actions"""
    refused = {a: why for a, why in undone.refused.items() if a in actions}
    return undone._replace(
        stopped=undone.stopped & actions,
        recalled=undone.recalled & actions,
        left=undone.left & actions,
        refused=refused,
    )
