from odoo import fields, models


class CreditboxTaskPutOff(models.Model):
    """A row of My Day that somebody has put off, or has settled."""

    _name = "creditbox.task.put.off"
    _description = "Row of My Day that Was Put off"

    task_id = fields.Integer(required=True, index=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    date_until = fields.Date(string="Until", readonly=True)
    done = fields.Boolean(readonly=True)
    user_id = fields.Many2one("res.users", string="By", readonly=True)

    _task_uniq = models.Constraint("UNIQUE(task_id)", "This row was put off already.")
