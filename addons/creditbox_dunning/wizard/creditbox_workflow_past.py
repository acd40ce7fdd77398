from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError


class CreditboxWorkflowPast(models.TransientModel):
    """The day on which the workflow of a company is looked at."""

    _name = "creditbox.workflow.past"
    _description = "Workflow on a Past Day"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    day = fields.Date(
        string="As it was on",
        required=True,
        default=lambda self: self._default_day(),
        help="By the table in force then, on what was known then.",
    )

    def _default_day(self):
        return self.env.company._creditbox_today() - timedelta(days=1)

    def action_open(self):
        """:return: window action of the picture of that day"""
        self.ensure_one()
        company = self.company_id
        if self.day >= company._creditbox_today():
            raise UserError(self.env._("Choose a past day."))
        self.env["creditbox.past"]._check_known(company, self.day)
        table = self.env["creditbox.run"]._table_of(company, self.day)
        if not table:
            raise UserError(self.env._("There is no published action table."))
        workflow = self.env["creditbox.workflow"]._of(company, table, self.day)
        workflow._refresh()
        return workflow._window()
