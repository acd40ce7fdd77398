from odoo import models

from odoo.addons.creditbox_debt_file.tools.sections import Section


class CreditboxDebtFileContent(models.AbstractModel):
    """Cases: parties, terms, activities with their acts, what came in."""

    _inherit = "creditbox.debt.file.content"

    def _sections(self, scope):
        return [
            *super()._sections(scope),
            Section(90, self.env._("Legal cases"), self._case_files(scope)),
        ]

    def _cases(self, scope):
        return self.env["creditbox.case"].search(
            [
                ("partner_id", "=", scope.partner.id),
                ("line_ids", "any", [("position_id", "in", scope.positions.ids)]),
            ],
            order="date_open, id",
        )

    def _case_files(self, scope):
        cases = self._cases(scope)
        yield from self._case_table(scope, cases)
        yield from self._term_table(scope, cases)
        yield from self._activity_table(scope, cases)
        yield from self._collection_table(scope, cases)
        for activity in cases.activity_line_ids:
            day = activity.date_done or activity.date
            for file in activity.attachment_ids:
                yield self._act(activity.case_id, activity.name, file, day)
        acts = cases.activity_line_ids.attachment_ids
        by_id = {case.id: case for case in cases}
        for file in self._attachments(cases._name, cases.ids) - acts:
            case = by_id[file.res_id]
            yield self._act(case, case.name, file, self._day(scope, file.create_date))

    def _act(self, case, title, file, day):
        number = case.name.replace("/", "-")
        name = f"{self._stamp(day)} {number} {file.name}"
        return self._attached(file, day, f"{title}: {file.name}", name)

    def _case_table(self, scope, cases):
        kinds = self._labels("creditbox.case", "kind")
        states = self._labels("creditbox.case", "state")
        outcomes = self._labels("creditbox.case", "outcome")
        columns = [
            (self.env._("Case"), "text", 14),
            (self.env._("Kind"), "text", 18),
            (self.env._("Lawyer or agency"), "text", 20),
            (self.env._("Court"), "text", 22),
            (self.env._("Opened"), "date", 10),
            (self.env._("Closed on"), "date", 10),
            (self.env._("State"), "text", 12),
            (self.env._("Handed over"), "money", 11),
            (self.env._("Collected"), "money", 11),
            (self.env._("Due now"), "money", 11),
        ]
        rows = [
            (
                case.name,
                kinds[case.kind],
                case.provider_id.name or "",
                " ".join(
                    filter(None, (case.court, case.court_number, case.decree_number))
                ),
                case.date_open or None,
                case.date_closed or None,
                outcomes.get(case.outcome) or states[case.state],
                case.amount_handed,
                case.amount_collected,
                case.amount_due,
            )
            for case in cases
        ]
        return self._listing(scope, self.env._("List of the cases"), columns, rows)

    def _term_table(self, scope, cases):
        states = self._labels("creditbox.case.term", "state")
        columns = [
            (self.env._("Case"), "text", 14),
            (self.env._("Term"), "text", 34),
            (self.env._("Day of the event"), "date", 11),
            (self.env._("Due on"), "date", 11),
            (self.env._("State"), "text", 12),
            (self.env._("Met on"), "date", 11),
            (self.env._("Source"), "text", 30),
        ]
        rows = [
            (
                term.case_id.name,
                term.name or "",
                term.date_event or None,
                term.date_due or None,
                states[term.state],
                term.date_met or None,
                term.source or "",
            )
            for term in cases.term_ids
        ]
        return self._listing(scope, self.env._("Terms"), columns, rows)

    def _activity_table(self, scope, cases):
        states = self._labels("creditbox.case.activity", "state")
        columns = [
            (self.env._("Case"), "text", 14),
            (self.env._("Date"), "date", 10),
            (self.env._("What"), "text", 30),
            (self.env._("Operator"), "text", 18),
            (self.env._("State"), "text", 12),
            (self.env._("Done on"), "date", 10),
            (self.env._("Cost"), "money", 11),
            (self.env._("Result"), "text", 36),
        ]
        rows = [
            (
                activity.case_id.name,
                activity.date or None,
                activity.name or "",
                activity.user_id.name or "",
                states[activity.state],
                activity.date_done or None,
                activity.cost,
                activity.result or "",
            )
            for activity in cases.activity_line_ids
        ]
        return self._listing(scope, self.env._("Activities"), columns, rows)

    def _collection_table(self, scope, cases):
        columns = [
            (self.env._("Case"), "text", 14),
            (self.env._("Date"), "date", 10),
            (self.env._("Bill"), "text", 20),
            (self.env._("Amount"), "money", 12),
            (self.env._("Note"), "text", 24),
        ]
        rows = [
            (
                collection.case_id.name,
                collection.date or None,
                collection.line_id.move_id.name or "",
                collection.amount,
                self.env._("taken back")
                if collection.reversed
                else self.env._("credit note")
                if collection.is_credit
                else "",
            )
            for collection in cases.collection_ids
        ]
        return self._listing(scope, self.env._("Collections"), columns, rows)

    def _logged(self, scope, actions):
        return super()._logged(scope, actions) | {
            "creditbox.case": self._cases(scope).ids
        }
