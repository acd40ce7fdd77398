from odoo import models
from odoo.fields import Domain

from odoo.addons.creditbox_debt_file.tools.sections import Section


class CreditboxDebtFileContent(models.AbstractModel):
    """What was said: promises, calls, notes of the office."""

    _inherit = "creditbox.debt.file.content"

    def _sections(self, scope):
        return [
            *super()._sections(scope),
            Section(75, self.env._("Promises to pay"), self._promise_table(scope)),
            Section(97, self.env._("Calls and notes"), self._notes(scope)),
        ]

    def _promises(self, scope):
        domain = Domain("partner_id", "=", scope.partner.id) & Domain(
            "company_id", "=", scope.company.id
        )
        if not scope.whole:
            domain &= Domain("position_id", "in", [*scope.positions.ids, False])
        return self.env["creditbox.promise"].search(domain, order="date, id")

    def _promise_table(self, scope):
        states = self._labels("creditbox.promise", "state")
        columns = [
            (self.env._("Made on"), "date", 10),
            (self.env._("Supply"), "text", 18),
            (self.env._("By"), "date", 10),
            (self.env._("Promised"), "money", 12),
            (self.env._("Paid"), "money", 12),
            (self.env._("State"), "text", 14),
            (self.env._("Taken by"), "text", 18),
            (self.env._("Notes"), "text", 36),
        ]
        rows = [
            (
                promise.date,
                promise.position_id.supply_id.code or "",
                line.date,
                line.amount,
                line.amount_paid,
                states[line.state],
                promise.user_id.name or "",
                promise.note or "",
            )
            for promise in self._promises(scope)
            for line in promise.line_ids
        ]
        return self._listing(scope, self.env._("List of the promises"), columns, rows)

    def _notes(self, scope):
        """Calls of the customer with the company, and notes on the chatters."""
        yield from self._call_table(scope)
        messages = self._chatter_messages(
            scope,
            ("message_type", "=", "comment"),
            ("subtype_id.internal", "=", True),
        )
        yield from self._messages(
            scope, self.env._("Notes"), messages, self.env._("By")
        )

    def _call_table(self, scope):
        # a call is about all that the customer owes
        calls = self.env["creditbox.call"].search(
            [
                ("partner_id", "=", scope.partner.id),
                ("company_id", "=", scope.company.id),
            ],
            order="date, id",
        )
        outcomes = self._labels("creditbox.call", "outcome")
        columns = [
            (self.env._("When"), "text", 14),
            (self.env._("Direction"), "text", 12),
            (self.env._("Number"), "text", 16),
            (self.env._("Outcome"), "text", 20),
            (self.env._("Operator"), "text", 18),
            (self.env._("Notes"), "text", 50),
        ]
        rows = [
            (
                self._moment(scope, call.date),
                self.env._("received") if call.incoming else self.env._("made"),
                call.number or "",
                outcomes[call.outcome],
                call.user_id.name or "",
                call.note or "",
            )
            for call in calls
        ]
        return self._listing(scope, self.env._("List of the calls"), columns, rows)

    def _logged(self, scope, actions):
        return super()._logged(scope, actions) | {
            "creditbox.promise": self._promises(scope).ids
        }
