"""The legal chain of a position's bills: what a lawyer must be able to prove."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.tools import format_amount, format_date

from ..models.creditbox_regulation import LEGAL_STEPS
from ..models.creditbox_rule import CLASSIFICATION

# a term never keeps a step from being lawful for longer
LOOK_AHEAD_DAYS = 30


@dataclass
class Link:
    """One step of the chain of one bill."""

    legal_step: str
    state: str  # done, unproved, unlawful, open, waiting, blocked, later
    action: models.Model  # creditbox.action, empty while not done
    first_day: date = None  # first lawful day, None while something is missing
    notes: list = field(default_factory=list)


class CreditboxLegalChain(models.TransientModel):
    _name = "creditbox.legal.chain"
    _description = "Legal Chain of a Position"

    position_id = fields.Many2one("creditbox.position", required=True, readonly=True)
    company_id = fields.Many2one(related="position_id.company_id")
    as_of = fields.Date(required=True)
    explanation = fields.Html(compute="_compute_explanation", sanitize=False)

    @api.depends("position_id", "as_of")
    def _compute_explanation(self):
        for chain in self:
            chain.explanation = self.env["ir.qweb"]._render(
                "creditbox_dunning.legal_chain", {"bills": chain._bills()}
            )

    # ------------------------------------------------------------------
    # the chain
    # ------------------------------------------------------------------
    def _links(self):
        """Return the chain of each bill.

        :return: {creditbox.item: [:class:`Link`]}
        """
        self.ensure_one()
        position = self.position_id
        items = self.env["creditbox.item"].search(
            [("position_id", "=", position.id), ("amount_residual", ">", 0)]
        )
        chain = self.env["creditbox.chain"]
        law = chain._law(position.company_id, self.as_of)
        history = chain._history(items)
        debt = chain._debt_at(position, self.as_of)
        return {
            item: self._links_of(item, law, history, debt)
            for item in items.sorted(lambda item: (item._date_due(), item.id))
        }

    def _links_of(self, item, law, history, debt):
        links, reached = [], False
        for legal_step in self._legal_steps(item, law, history):
            actions = history.get((item.id, legal_step))
            if actions:
                link = self._done(item, legal_step, actions, law, history)
            else:
                link = self._open(item, legal_step, law, history, debt)
                if reached:
                    link.state = "later"
                reached = True
            links.append(link)
        return links

    def _legal_steps(self, item, law, history):
        """:return: steps that table and law know for such a customer, and those done"""
        known = set(self._rules().mapped("legal_step")) & set(
            law.steps.filtered(
                lambda s: s.service_type_id == self.position_id.service_type_id
            ).mapped("legal_step")
        )
        done = {legal_step for item_id, legal_step in history if item_id == item.id}
        return [step for step, _label in LEGAL_STEPS if step in known | done]

    def _rules(self):
        """:return: rows of the table in force for a customer like this, any meter"""
        table = self.env["creditbox.rule.set"]._published(self.company_id)
        position = self.position_id
        own = {
            "customer_type_id": position.partner_id.creditbox_customer_type_id,
            "service_type_id": position.service_type_id,
            "meter_type_id": position.supply_id.meter_id.meter_type_id,
        }
        return table.rule_ids.filtered(
            lambda rule: all(
                not rule[column] or rule[column] == own.get(column, rule[column])
                for column in CLASSIFICATION
            )
        )

    def _done(self, item, legal_step, actions, law, history):
        chain = self.env["creditbox.chain"]
        action = actions[0]
        debt = chain._debt_of(action)  # what it was then
        early = [
            wait.term.display_name
            for wait in chain._waits(item, legal_step, law, history, debt)
            if not wait.event or wait.over > action.date_done
        ]
        if early:
            return Link(legal_step, "unlawful", action, notes=early)
        if self._needs_proof(legal_step, law) and not any(actions.mapped("date_proof")):
            note = self.env._("The proof of delivery is missing")
            return Link(legal_step, "unproved", action, notes=[note])
        return Link(legal_step, "done", action)

    def _needs_proof(self, legal_step, law):
        """Whether a later term counts from the delivery of the step."""
        return any(
            term.event == "delivered" and term.event_step == legal_step
            for term in law.terms
            if term._binds(self.position_id)
        )

    def _open(self, item, legal_step, law, history, debt):
        chain = self.env["creditbox.chain"]
        none = self.env["creditbox.action"]
        waits = chain._waits(item, legal_step, law, history, debt)
        missing = [wait.term.display_name for wait in waits if not wait.event]
        missing += law.debt_problems(self.position_id, legal_step, debt)
        if missing:
            return Link(legal_step, "blocked", none, notes=missing)
        day = self._first_lawful(legal_step, law, [wait.over for wait in waits])
        running = [w.term.display_name for w in waits if w.over > self.as_of]
        state = "open" if day <= self.as_of else "waiting"
        return Link(legal_step, state, none, day, running)

    def _first_lawful(self, legal_step, law, days):
        """:return: datetime.date, the first that all terms and the calendar allow"""
        day = max([self.as_of, *days])
        steps = law.steps_of(self.position_id.service_type_id, legal_step)
        for _number in range(LOOK_AHEAD_DAYS):
            if all(step._permits(day) for step in steps):
                break
            day += timedelta(days=1)
        return day

    # ------------------------------------------------------------------
    # shown
    # ------------------------------------------------------------------
    def _bills(self):
        return [
            {
                "number": item.move_id.creditbox_ref or item.move_id.name,
                "move": item.move_id,
                "due": format_date(self.env, item._date_due()),
                "amount": format_amount(
                    self.env, item.amount_residual, item.currency_id
                ),
                "links": [self._shown(link) for link in links],
            }
            for item, links in self._links().items()
        ]

    def _shown(self, link):
        action = link.action
        day = lambda value: format_date(self.env, value) if value else ""  # noqa: E731
        labels = dict(
            self.env["creditbox.rule"]
            ._fields["legal_step"]
            ._description_selection(self.env)
        )
        codes = dict(action._fields["code"]._description_selection(self.env))
        return {
            "state": link.state,
            "step": labels[link.legal_step],
            "label": self._state_label(link),
            "channel": codes.get(action.code, ""),
            "sent": day(action.date_done),
            "proof": day(action.date_proof),
            "deadline": day(action.date_deadline),
            "notes": link.notes,
            "action": action,
        }

    def _state_label(self, link):
        day = format_date(self.env, link.first_day) if link.first_day else ""
        return {
            "done": self.env._("Done and proved"),
            "unproved": self.env._("Done, not proved"),
            "unlawful": self.env._("Done too early"),
            "open": self.env._("Lawful now"),
            "waiting": self.env._("Lawful from %s", day),
            "blocked": self.env._("Not lawful yet"),
            "later": self.env._("Later"),
        }[link.state]
