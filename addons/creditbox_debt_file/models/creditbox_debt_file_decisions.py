from odoo import models
from odoo.fields import Domain
from odoo.tools import html2plaintext

from ..tools.sections import Section


class CreditboxDebtFileContent(models.AbstractModel):
    """What was decided, by whom and when: holds, steps, approvals, changes."""

    _inherit = "creditbox.debt.file.content"

    def _sections(self, scope):
        return [
            *super()._sections(scope),
            Section(70, self.env._("Holds"), self._holds(scope)),
            Section(99, self.env._("Log of decisions"), self._log(scope)),
        ]

    def _holds(self, scope):
        holds = self._holds_of(scope)
        levels = self._labels("creditbox.hold", "level")
        states = self._labels("creditbox.hold", "state")
        columns = [
            (self.env._("From"), "date", 10),
            (self.env._("Until"), "date", 10),
            (self.env._("What"), "text", 12),
            (self.env._("Which"), "text", 22),
            (self.env._("Reason"), "text", 24),
            (self.env._("State"), "text", 10),
            (self.env._("Owner"), "text", 18),
            (self.env._("Notes"), "text", 34),
        ]
        rows = [
            (
                hold.date_from,
                hold.date_to,
                levels[hold.level],
                hold.move_id.creditbox_ref
                or hold.move_id.name
                or hold.supply_id.code
                or "",
                hold.reason_id.name,
                states[hold.state],
                hold.user_id.name or "",
                hold.note or "",
            )
            for hold in holds
        ]
        return self._listing(scope, self.env._("List of the holds"), columns, rows)

    def _holds_of(self, scope):
        domain = Domain("customer_id", "=", scope.partner.id) & Domain(
            "company_id", "=", scope.company.id
        )
        if not scope.whole:
            supplies = [position.supply_id.id for position in scope.positions]
            domain &= (
                Domain("level", "=", "customer")
                | Domain("supply_id", "in", [s for s in supplies if s])
                | Domain("move_id", "any", self._domain_bills(scope))
            )
        return self.env["creditbox.hold"].search(domain, order="date_from, id")

    # ------------------------------------------------------------------
    # log
    # ------------------------------------------------------------------
    def _log(self, scope):
        actions = self._actions(
            scope, "|", ("state", "!=", "planned"), ("exception", "!=", False)
        )
        yield from self._steps(scope, actions)
        yield from self._approvals(scope, actions)
        yield from self._changes(scope, actions)

    def _steps(self, scope, actions):
        codes = self._labels("creditbox.action", "code")
        states = self._labels("creditbox.action", "state")
        exceptions = self._labels("creditbox.action", "exception")
        columns = [
            (self.env._("Planned on"), "date", 10),
            (self.env._("Done on"), "date", 10),
            (self.env._("Proof"), "date", 10),
            (self.env._("Step"), "count", 5),
            (self.env._("Channel"), "text", 14),
            (self.env._("What"), "text", 22),
            (self.env._("Supply"), "text", 16),
            (self.env._("Amount"), "money", 11),
            (self.env._("State"), "text", 11),
            (self.env._("Why"), "text", 26),
        ]
        rows = [
            (
                action.date_planned or None,
                action.date_done or None,
                action.date_proof or None,
                action.step,
                codes[action.code],
                action.rule_id.name or "",
                action.supply_id.code or "",
                action.amount,
                states[action.state],
                " – ".join(
                    filter(
                        None,
                        (
                            exceptions.get(action.exception),
                            action.exception_note,
                            action.reason,
                        ),
                    )
                ),
            )
            for action in actions
        ]
        return self._listing(
            scope, self.env._("Steps of the action table"), columns, rows
        )

    def _reviewed(self, scope, actions):
        """Addons add the records of theirs that are approved.

        :return: {model: list of ids}
        """
        return {
            "creditbox.action": actions.ids,
            "creditbox.run": actions.run_id.ids,
        }

    def _approvals(self, scope, actions):
        reviews = self.env["tier.review"].search(
            Domain.OR(
                Domain("model", "=", model) & Domain("res_id", "in", ids)
                for model, ids in self._reviewed(scope, actions).items()
            ),
            order="reviewed_date, id",
        )
        models = {
            name: self.env[name]._description for name in set(reviews.mapped("model"))
        }
        statuses = self._labels("tier.review", "status")
        columns = [
            (self.env._("When"), "text", 14),
            (self.env._("Who"), "text", 20),
            (self.env._("What"), "text", 24),
            (self.env._("Level"), "text", 30),
            (self.env._("Decision"), "text", 14),
            (self.env._("Comment"), "text", 30),
        ]
        rows = [
            (
                self._moment(scope, review.reviewed_date),
                review.done_by.name or "",
                models[review.model],
                review.name or "",
                statuses.get(review.status, ""),
                review.comment or "",
            )
            for review in reviews
        ]
        return self._listing(scope, self.env._("Approvals"), columns, rows)

    def _logged(self, scope, actions):
        """:return: {model: list of ids} whose chatters are read; addons add theirs"""
        charges = self.env["creditbox.charge"].search(
            [("position_id", "in", scope.positions.ids)]
        )
        return self._chatters(scope) | {
            "creditbox.action": actions.ids,
            "creditbox.hold": self._holds_of(scope).ids,
            "creditbox.charge": charges.ids,
        }

    def _changes(self, scope, actions):
        """What the system has noted: who changed what, and when."""
        messages = self.env["mail.message"].search(
            Domain("message_type", "in", ("notification", "auto_comment"))
            & Domain("id", "not in", self._own_texts(scope))
            & Domain.OR(
                Domain("model", "=", model) & Domain("res_id", "in", ids)
                for model, ids in self._logged(scope, actions).items()
            ),
            order="date, id",
        )
        changed = self._tracked(messages)
        columns = [
            (self.env._("When"), "text", 14),
            (self.env._("Who"), "text", 20),
            (self.env._("About"), "text", 26),
            (self.env._("What"), "text", 80),
        ]
        rows = []
        for message in messages:
            text = html2plaintext(message.body or "").strip()
            parts = [text, *changed.get(message.id, ())]
            if any(parts):
                rows.append(
                    (
                        self._moment(scope, message.date),
                        message.author_id.name or message.email_from or "",
                        message.record_name or "",
                        " · ".join(" ".join(part.split()) for part in parts if part),
                    )
                )
        return self._listing(scope, self.env._("Notes and changes"), columns, rows)

    def _tracked(self, messages):
        """:return: {message id: list of «field: before → after»}"""
        found = {}
        values = messages.tracking_value_ids
        owners = {value.id: value.mail_message_id.id for value in values}
        for value in values._tracking_value_format():
            before, after = value["oldValue"], value["newValue"]
            name = value["fieldInfo"]["changedField"]
            text = f"{name}: {before or '–'} → {after or '–'}"
            found.setdefault(owners[value["id"]], []).append(text)
        return found
