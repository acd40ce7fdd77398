from odoo import models

from odoo.addons.creditbox_debt_file.tools.sections import Section


class CreditboxDebtFileContent(models.AbstractModel):
    """What was given up, or settled, and why."""

    _inherit = "creditbox.debt.file.content"

    def _sections(self, scope):
        return [
            *super()._sections(scope),
            Section(
                95, self.env._("Write-offs and settlements"), self._given_up(scope)
            ),
        ]

    def _writeoffs(self, scope):
        return self.env["creditbox.writeoff"].search(
            [("position_id", "in", scope.positions.ids)], order="date_request, id"
        )

    def _given_up(self, scope):
        requests = self._writeoffs(scope)
        yield from self._writeoff_table(scope, requests)
        days = {request.id: request.date_request for request in requests}
        for file in self._attachments(requests._name, requests.ids):
            yield self._attached(file, days[file.res_id])

    def _writeoff_table(self, scope, requests):
        kinds = self._labels("creditbox.writeoff", "kind")
        states = self._labels("creditbox.writeoff", "state")
        columns = [
            (self.env._("Request"), "text", 14),
            (self.env._("Kind"), "text", 12),
            (self.env._("Requested on"), "date", 10),
            (self.env._("Reason"), "text", 20),
            (self.env._("Debt"), "money", 11),
            (self.env._("Agreed sum"), "money", 11),
            (self.env._("Written off"), "money", 11),
            (self.env._("Recovered"), "money", 11),
            (self.env._("State"), "text", 12),
            (self.env._("Approved by"), "text", 16),
            (self.env._("Notes"), "text", 26),
        ]
        rows = [
            (
                request.name,
                kinds[request.kind],
                request.date_request,
                request.reason_id.name,
                request.amount,
                request.amount_agreed,
                request.amount_written,
                request.amount_recovered,
                states[request.state],
                request.approved_by_id.name or "",
                " – ".join(
                    filter(None, (request.note, request.outcome, request.tax_note))
                ),
            )
            for request in requests
        ]
        return self._listing(scope, self.env._("Requests"), columns, rows)

    def _reviewed(self, scope, actions):
        return super()._reviewed(scope, actions) | {
            "creditbox.writeoff": self._writeoffs(scope).ids
        }

    def _logged(self, scope, actions):
        return super()._logged(scope, actions) | {
            "creditbox.writeoff": self._writeoffs(scope).ids
        }
