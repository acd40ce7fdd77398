from odoo import models
from odoo.tools import format_date

from odoo.addons.creditbox_dunning.models.creditbox_chain import Wait

from .creditbox_lawfulness import Refusal
from .fsm_order import LEGAL_STEPS


class CreditboxLawfulness(models.AbstractModel):
    """The legal chain of the bills: begun, proved, its terms over, kept in order."""

    _inherit = "creditbox.lawfulness"

    def _of_chain(self, demand, case):
        step = LEGAL_STEPS.get(demand.operation)
        law = case["law"]
        service = demand.position.supply_id.service_type_id
        if not case["chain"] or not step or service not in law.steps.service_type_id:
            return
        if not law.steps_of(service, step):
            yield Refusal(
                "no_step",
                self.env._(
                    "The regulation of %(service)s knows no %(step)s.",
                    service=service.name,
                    step=self._step_name(step),
                ),
            )
        position = demand.position
        for problem in law.debt_problems(position, step, self._debt(position)):
            yield Refusal("small_debt", problem)
        for line in demand.lines:
            item = case["items"].get(line.id)
            yield from self._of_bill(line, item, step, case)

    def _debt(self, position):
        """:return: float, all that is overdue; held bills and credits apart"""
        held = position.amount_held + position.amount_credit
        return position.amount_overdue - held

    def _of_bill(self, line, item, step, case):
        """The terms of one bill: not begun, not proved, running, or kept badly."""
        bill = line.move_id.creditbox_ref or line.move_id.name
        if not item:
            yield Refusal(
                "chain",
                self.env._("Bill %s: no step of the procedure has been done.", bill),
            )
            return
        for wait in self._waits(item, step, case):
            if not wait.event:
                yield Refusal(
                    "chain",
                    self.env._(
                        "Bill %(bill)s: %(term)s – missing, or not proved (%(act)s).",
                        bill=bill,
                        term=wait.term.display_name,
                        act=wait.term._cited(),
                    ),
                )
            elif wait.over > case["day"]:
                yield Refusal(
                    "too_early",
                    self.env._(
                        "Bill %(bill)s: %(term)s – not before %(day)s (%(act)s).",
                        bill=bill,
                        term=wait.term.display_name,
                        day=format_date(self.env, wait.over),
                        act=wait.term._cited(),
                    ),
                )
        yield from self._of_steps_done(bill, item, case)

    def _waits(self, item, step, case):
        """The terms of the step; for residents also those that others need not keep:
        where the regulation has a limitation before the suspension, it comes first."""
        chain = self.env["creditbox.chain"]
        debt = self._debt(item.position_id)
        waits = chain._waits(item, step, case["law"], case["history"], debt)
        supply = item.position_id.supply_id
        if step == "suspension" and supply.residential:
            bound = {wait.term for wait in waits}
            waits += [
                Wait(term, chain._event_day(item, term, case["history"]))
                for term in case["law"].terms
                if term.event_step == "limitation"
                and term.legal_step == step
                and term.service_type_id == supply.service_type_id
                and term not in bound
            ]
        return waits

    def _of_steps_done(self, bill, item, case):
        """A step that was done before its time spoils those that follow."""
        chain = self.env["creditbox.chain"]
        for (item_id, done), actions in case["history"].items():
            if item_id != item.id:
                continue
            debt = chain._debt_of(actions[0])  # what it was then
            for wait in chain._waits(item, done, case["law"], case["history"], debt):
                if not wait.event or wait.over > actions[0].date_done:
                    yield Refusal(
                        "chain",
                        self.env._(
                            "Bill %(bill)s: a step was done too early: %(term)s "
                            "(%(act)s).",
                            bill=bill,
                            term=wait.term.display_name,
                            act=wait.term._cited(),
                        ),
                    )

    def _step_name(self, step):
        labels = self.env["creditbox.rule"]._fields["legal_step"]
        return dict(labels._description_selection(self.env))[step].lower()
