"""What stands beside each row of My Day: read for the rows that are shown, in a fixed
number of queries."""

from odoo import api, models

from .creditbox_task import ACTION, PROMISE


class CreditboxTask(models.Model):
    _inherit = "creditbox.task"

    @api.depends("kind")
    def _compute_why(self):
        texts = {
            "reply": self.env._("The customer has answered and waits."),
            "callback": self.env._("The customer expects a call."),
            "promise_broken": self.env._("He has not kept his word: speak with him."),
            "promise_due": self.env._("The promised day has come: has he paid?"),
            "failed": self.env._("The message did not arrive: find another way."),
            "exception": self.env._("The run asks what to do."),
            "doubt": self.env._("Nobody knows whether the message has left."),
            "activity": self.env._("Somebody has planned it."),
            "hold": self.env._("Reminders start again when the hold ends."),
            "waiting": self.env._("The run will do it by itself."),
            "done": self.env._("The run has done it by itself."),
        }
        for task in self:
            task.why = texts.get(task.kind, "")

    @api.depends("summary", "source", "record_id")
    def _compute_what(self):
        """The summary, with what only the record of the row knows."""
        more = self._more_of_promises() | self._more_of_actions()
        for task in self:
            parts = (task.summary, more.get((task.source, task.record_id)))
            task.what = " · ".join(filter(None, parts))

    def _more_of_promises(self):
        """:return: {(source, id): how much was promised}"""
        return {
            (PROMISE, line.id): self.env._(
                "%s promised", line.currency_id.format(line.amount - line.amount_paid)
            )
            for line in self._records(PROMISE)
        }

    def _more_of_actions(self):
        """:return: {(source, id): why an action is stuck}"""
        actions = self.env["creditbox.action"]
        exceptions = dict(actions._fields["exception"]._description_selection(self.env))
        return {
            (ACTION, action.id): exceptions.get(action.exception) or action.reason
            for action in self._records(ACTION)
        }

    @api.depends("position_id")
    def _compute_next(self):
        for task in self:
            task.next_rule_id = task.position_id.next_rule_id
            task.next_date = task.position_id.next_date

    @api.depends("position_id")
    def _compute_chain(self):
        """The last legal step that counts among the bills of each position."""
        steps = dict(
            self.env["creditbox.rule"]
            ._fields["legal_step"]
            ._description_selection(self.env)
        )
        items = self.env["creditbox.item"].search(
            [
                ("position_id", "in", self.position_id.ids),
                ("last_action_id", "!=", False),
            ],
            order="step desc, id",
        )
        furthest = {}
        for item in items:
            action = item.last_action_id
            if action.rule_id.legal_step:
                furthest.setdefault(item.position_id.id, action)
        for task in self:
            action = furthest.get(task.position_id.id)
            task.chain = action and " ".join(
                filter(
                    None,
                    (steps[action.rule_id.legal_step], action.date_proof and "✓"),
                )
            )

    @api.depends("partner_id")
    def _compute_promise_date(self):
        promises = self.env["creditbox.promise"].search(
            [("partner_id", "in", self.partner_id.ids), ("state", "=", "open")],
            order="date_last desc",
        )
        last = {(p.partner_id.id, p.company_id.id): p.date_last for p in promises}
        for task in self:
            task.promise_date = last.get((task.partner_id.id, task.company_id.id))

    @api.depends("position_id")
    def _compute_held_until(self):
        for task in self:
            task.held_until = task.position_id.held_until

    @api.depends("partner_id")
    def _compute_last_contact(self):
        """The last message that left, or call with the customer."""
        partners = self.partner_id.ids
        written = self.env["creditbox.action"]._read_group(
            [("partner_id", "in", partners), ("date_done", "!=", False)],
            ["partner_id", "company_id"],
            ["date_done:max"],
        )
        spoken = self.env["creditbox.call"]._read_group(
            [
                ("partner_id", "in", partners),
                ("outcome", "not in", ("no_answer", "wrong_number")),
            ],
            ["partner_id", "company_id"],
            ["date:max"],
        )
        last = {(p.id, company.id): day for p, company, day in written}
        for partner, company, moment in spoken:
            day = company._creditbox_local(moment).date()
            key = partner.id, company.id
            last[key] = max(day, last.get(key) or day)
        for task in self:
            task.last_contact = last.get((task.partner_id.id, task.company_id.id))
