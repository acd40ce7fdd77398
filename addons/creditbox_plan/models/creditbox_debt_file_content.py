from functools import partial

from odoo import models

from odoo.addons.creditbox_debt_file.tools.sections import Document, Section


class CreditboxDebtFileContent(models.AbstractModel):
    """Repayment plans: agreements, as printed and as signed, and instalments."""

    _inherit = "creditbox.debt.file.content"

    def _sections(self, scope):
        return [
            *super()._sections(scope),
            Section(80, self.env._("Repayment plans"), self._plan_files(scope)),
        ]

    def _plans(self, scope):
        return self.env["creditbox.plan"].search(
            [("position_id", "in", scope.positions.ids)], order="date_request, id"
        )

    def _plan_files(self, scope):
        plans = self._plans(scope)
        yield from self._plan_table(scope, plans)
        signed = {
            file.res_id: file
            for file in self._attachments(plans._name, plans.ids, "signed_file")
        }
        for plan in plans.filtered("line_ids"):
            day, title = plan.date_request, self.env._("Agreement %s", plan.name)
            name = f"{self._stamp(day)} {plan.name}.pdf"
            yield Document(name, title, partial(self._agreement, plan), day)
            if file := signed.get(plan.id):
                name = f"{self._stamp(day)} {plan.signed_name or plan.name}"
                title = self.env._("Signed agreement %s", plan.name)
                yield self._attached(file, day, title, name)

    def _agreement(self, plan):
        return plan._agreement_file()[1]

    def _plan_table(self, scope, plans):
        states = self._labels("creditbox.plan", "state")
        parts = self._labels("creditbox.plan.line", "state")
        columns = [
            (self.env._("Plan"), "text", 14),
            (self.env._("State"), "text", 16),
            (self.env._("Asked on"), "date", 10),
            (self.env._("Instalment"), "count", 8),
            (self.env._("Due on"), "date", 10),
            (self.env._("Capital"), "money", 12),
            (self.env._("Interest"), "money", 12),
            (self.env._("Paid"), "money", 12),
            (self.env._("State of it"), "text", 12),
        ]
        rows = [
            (
                plan.name,
                states[plan.state],
                plan.date_request,
                line.number,
                line.date_due,
                line.capital,
                line.interest,
                line.amount_paid,
                parts[line.state],
            )
            for plan in plans
            for line in plan.line_ids
        ]
        return self._listing(scope, self.env._("Plans and instalments"), columns, rows)

    def _reviewed(self, scope, actions):
        return super()._reviewed(scope, actions) | {
            "creditbox.plan": self._plans(scope).ids
        }

    def _logged(self, scope, actions):
        return super()._logged(scope, actions) | {
            "creditbox.plan": self._plans(scope).ids
        }
