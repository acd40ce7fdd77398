from odoo import models

from odoo.addons.creditbox_debt_file.tools.sections import Section


class CreditboxDebtFileContent(models.AbstractModel):
    """What an insurer was told of, and what he was asked to pay."""

    _inherit = "creditbox.debt.file.content"

    def _sections(self, scope):
        return [
            *super()._sections(scope),
            Section(96, self.env._("Credit insurance"), self._insured(scope)),
        ]

    def _insured(self, scope):
        own = [
            ("company_id", "=", scope.company.id),
            ("partner_id", "=", scope.partner.id),
        ]
        lines = self.env["creditbox.declaration.line"].search(
            [
                *own,
                ("live", "=", True),
                (
                    "move_line_id.move_id.creditbox_supply_id",
                    "in",
                    [*scope.positions.supply_id.ids, False],
                ),
            ]
        )
        yield from self._declared_table(scope, lines)
        for file in self._attachments("creditbox.claim", lines.claim_id.ids):
            yield self._attached(file)

    def _declared_table(self, scope, lines):
        states = self._labels("creditbox.claim", "state")
        columns = [
            (self.env._("Bill"), "text", 14),
            (self.env._("Due on"), "date", 10),
            (self.env._("Insurer"), "text", 18),
            (self.env._("Policy"), "text", 14),
            (self.env._("To declare by"), "date", 11),
            (self.env._("Declared on"), "date", 11),
            (self.env._("Declared"), "money", 11),
            (self.env._("Claim"), "text", 14),
            (self.env._("State"), "text", 14),
        ]
        rows = [
            (
                line.move_id.creditbox_ref or line.move_id.name,
                line.date_due,
                line.provider_id.name,
                line.policy_id.name,
                line.date_deadline,
                line.date_declared,
                line.amount,
                line.claim_id.name or "",
                states.get(line.claim_id.state, ""),
            )
            for line in lines
        ]
        return self._listing(scope, self.env._("Declared bills"), columns, rows)

    def _logged(self, scope, actions):
        claims = self.env["creditbox.claim"].search(
            [
                ("company_id", "=", scope.company.id),
                ("partner_id", "=", scope.partner.id),
            ]
        )
        return super()._logged(scope, actions) | {"creditbox.claim": claims.ids}
