from dataclasses import dataclass
from datetime import date

from odoo import api, models
from odoo.tools import SQL

from .creditbox_regulation_term import EVENT_FIELDS


@dataclass(frozen=True)
class Law:
    """What binds a company on a day: the parts of the regulations in force."""

    day: date
    steps: object  # creditbox.regulation.step
    terms: object  # creditbox.regulation.term
    values: object  # creditbox.regulation.value
    costs: object  # creditbox.regulation.cost

    def steps_of(self, service, legal_step):
        return self.steps.filtered(
            lambda s: s.legal_step == legal_step and s.service_type_id == service
        )

    def figure(self, code, service):
        """:return: float, the greatest where several acts say it, 0 where none does"""
        values = self.values.filtered(
            lambda v: v.code == code and v.service_type_id == service
        )
        return max(values.mapped("value"), default=0)

    def contents_of(self, service, legal_step):
        return self.steps_of(service, legal_step).content_ids

    def terms_of(self, position, legal_step, debt=None):
        """:param debt: float, all that is overdue on the position; None: of any size"""
        return self.terms.filtered(
            lambda term: (
                term.legal_step == legal_step
                and term._binds(position)
                and term._binds_debt(position, debt)
            )
        )

    def debt_problems(self, position, legal_step, debt):
        """:return: list of str, why the debt is too small for the step"""
        steps = self.steps_of(position.supply_id.service_type_id, legal_step)
        return list(
            filter(None, (step._debt_problem(position, debt) for step in steps))
        )


@dataclass(frozen=True)
class Wait:
    """A term before a step of a bill.

    ``event``: day from which the term counts, None while it has not happened, or is
    not proved; ``over``: first day on which the term allows the step.
    """

    term: object  # creditbox.regulation.term
    event: date | None

    @property
    def over(self):
        return self.event and self.term._first_day(self.event)


class CreditboxChain(models.AbstractModel):
    """The legal chain of bills: what was done, what is proved, what may come next.

    The evaluation asks the same of a whole company in SQL (creditbox_evaluation_law).
    """

    _name = "creditbox.chain"
    _description = "Legal Chain"

    @api.model
    def _law(self, company, day):
        """:return: :class:`Law`"""
        regulations = self.env["creditbox.regulation"]._in_force(company, day)
        return Law(
            day,
            regulations.step_ids._in_force(day),
            regulations.term_ids._in_force(day),
            regulations.value_ids._in_force(day),
            regulations.cost_ids._in_force(day),
        )

    @api.model
    def _history(self, items):
        """Return what has been done of the procedure.

        :param items: creditbox.item
        :return: {(item id, legal step): creditbox.action, first done first}
        """
        lines = self.env["creditbox.action.line"].search(
            [
                ("item_id", "in", items.ids),
                ("executed", "=", True),
                ("rule_id.legal_step", "!=", False),
            ]
        )
        history = {}
        for line in lines.sorted(lambda line: (line.action_id.date_done, line.id)):
            key = (line.item_id.id, line.rule_id.legal_step)
            history[key] = history.get(key, line.action_id) | line.action_id
        return history

    @api.model
    def _waits(self, item, legal_step, law, history, debt):
        """Return the terms that a step of a bill must keep.

        :param item: creditbox.item
        :param history: of _history
        :param debt: float, all that is overdue on the position of the bill
        :return: list of :class:`Wait`
        """
        return [
            Wait(term, self._event_day(item, term, history))
            for term in law.terms_of(item.position_id, legal_step, debt)
        ]

    @api.model
    def _event_day(self, item, term, history):
        """:return: day of the term's event for the bill, None: not yet, not proved"""
        if term.event == "due":
            return item._date_due()
        actions = history.get((item.id, term.event_step))
        days = actions and list(filter(None, actions.mapped(EVENT_FIELDS[term.event])))
        if not days:
            return None
        # the customer may rely on the last day that was named
        return max(days) if term.event == "deadline" else min(days)

    @api.model
    def _hindrances(self, actions, law):
        """Return why the law does not allow actions of one company.

        :param actions: creditbox.action
        :return: {action id: (exception of creditbox.action, note)}; an action that is
            allowed is missing
        """
        history = self._history(actions.line_ids.item_id)
        hindrances = {
            action.id: self._hindrance_of_step(action, law)
            or self._hindrance_of_debt(action, law)
            or self._hindrance_of_terms(action, law, history)
            for action in actions
        }
        return {key: value for key, value in hindrances.items() if value}

    def _hindrance_of_step(self, action, law):
        service = action.position_id.supply_id.service_type_id
        if action.code == "technical" and not action.rule_id.legal_step:
            if service & law.steps.service_type_id:
                return "no_chain", self.env._("The row does not say its legal step")
        for step in law.steps_of(service, action.rule_id.legal_step):
            if not step._permits(law.day):
                return "forbidden_day", step._cited()
            if not step._allows(action.code):
                return "unlawful_channel", step._cited()
        return None

    def _hindrance_of_debt(self, action, law):
        for problem in law.debt_problems(
            action.position_id, action.rule_id.legal_step, self._debt_of(action)
        ):
            return "small_debt", problem
        return None

    @api.model
    def _debt_of(self, action):
        """:return: float, all that is overdue on the position of an action"""
        return action.amount + action.amount_other

    @api.model
    def _debt_at(self, position, day):
        """:return: float, all that is overdue on a position, held bills apart"""
        self.env.flush_all()
        ((debt,),) = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(SUM(amount_open), 0)
                  FROM (%s) o
                 WHERE supply_id IS NOT DISTINCT FROM %s
                """,
                self.env["creditbox.evaluation"]._sql_open_items(
                    position.company_id, day, position.partner_id
                ),
                position.supply_id.id or None,
            )
        )
        return float(debt)

    def _hindrance_of_terms(self, action, law, history):
        waits = [
            wait
            for item in action.line_ids.item_id
            for wait in self._waits(
                item, action.rule_id.legal_step, law, history, self._debt_of(action)
            )
            if not wait.event or wait.over > law.day
        ]
        if not waits:
            return None
        missing = any(not wait.event for wait in waits)
        note = "; ".join(sorted({wait.term.display_name for wait in waits}))
        return ("no_chain" if missing else "too_early"), note
