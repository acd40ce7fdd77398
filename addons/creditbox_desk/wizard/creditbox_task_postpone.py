from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class CreditboxTaskPostpone(models.TransientModel):
    _name = "creditbox.task.postpone"
    _inherit = ["creditbox.guarded"]
    _description = "Postpone Rows of My Day"

    tasks = fields.Char(required=True, readonly=True)
    date = fields.Date(
        string="Until", required=True, default=lambda self: self._default_date()
    )

    def _default_date(self):
        return self._workday(self.env.company._creditbox_today(), 1)

    @api.model
    def _workday(self, day, days):
        """:return: date so many days later, Monday where that is no working day"""
        day += timedelta(days=days)
        while day.weekday() > 4:
            day += timedelta(days=1)
        return day

    def action_postpone(self):
        """Put the rows off until the day chosen."""
        self._require("creditbox_base.group_operator")
        if self.date <= self.env.company._creditbox_today():
            raise UserError(self.env._("Choose a day that is still to come."))
        ids = [int(id_) for id_ in self.tasks.split(",")]
        self.env["creditbox.task"].browse(ids)._postpone(self.date)
        return {"type": "ir.actions.act_window_close"}
