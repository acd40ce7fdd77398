from odoo import models

from odoo.addons.creditbox_debt_file.tools.sections import Section


class CreditboxDebtFileContent(models.AbstractModel):
    """What was assigned to somebody else."""

    _inherit = "creditbox.debt.file.content"

    def _sections(self, scope):
        return [
            *super()._sections(scope),
            Section(97, self.env._("Assignments of credit"), self._assigned(scope)),
        ]

    def _assigned(self, scope):
        lines = self.env["creditbox.cession.line"].search(
            [
                ("position_id", "in", scope.positions.ids),
                ("state", "!=", "draft"),
            ],
            order="cession_id, date_due, id",
        )
        states = self._labels("creditbox.cession.line", "state")
        columns = [
            (self.env._("Assignment"), "text", 14),
            (self.env._("Assignee"), "text", 24),
            (self.env._("Assigned on"), "date", 11),
            (self.env._("Bill"), "text", 16),
            (self.env._("Due on"), "date", 11),
            (self.env._("Nominal"), "money", 12),
            (self.env._("State"), "text", 12),
            (self.env._("Returned on"), "date", 11),
            (self.env._("Why returned"), "text", 24),
        ]
        rows = [
            (
                line.cession_id.name,
                line.assignee_id.name,
                line.cession_id.date_assigned,
                line.move_id.creditbox_ref or line.move_id.name,
                line.date_due,
                line.amount,
                states[line.state],
                line.date_returned,
                line.return_reason or "",
            )
            for line in lines
        ]
        return self._listing(scope, self.env._("Assigned bills"), columns, rows)
