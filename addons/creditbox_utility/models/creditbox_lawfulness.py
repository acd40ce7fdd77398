from dataclasses import dataclass

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_amount, format_date

from odoo.addons.creditbox_dunning.models.creditbox_chain import Wait

from .fsm_order import AGAINST, CUTS, LEGAL_STEPS, OPEN_STATES


@dataclass(frozen=True)
class Demand:
    """An operation that somebody asks for at the meter of a position."""

    position: models.Model  # creditbox.position
    operation: str  # key of OPERATIONS
    lines: models.Model  # account.move.line, the bills that it is for
    amount: float  # due now of these bills
    action: models.Model  # creditbox.action that asks, or none


@dataclass(frozen=True)
class Refusal:
    """Why it must not be done: the rule and what is missing, in one sentence."""

    rule: str
    sentence: str
    forcible: bool = False  # our own rule, not the law's: the credit manager may


class CreditboxLawfulness(models.AbstractModel):
    """What the law, and the company, allow at a meter.

    Asked by the action table, by hand, by whoever starts on site; portals will too.
    """

    _name = "creditbox.lawfulness"
    _description = "Lawfulness of an Operation at the Meter"

    @api.model
    def _refusals(self, demands, chain=True, own=None):
        """Say of each demand why it must be refused today.

        The number of queries does not depend on that of the demands.

        :param demands: list of :class:`Demand`
        :param chain: also ask for the legal chain of the bills
        :param own: fsm.order that these demands are of: not in their own way
        :return: list of lists of :class:`Refusal`, in the order of the demands
        """
        refusals = [None] * len(demands)
        companies = {}
        for place, demand in enumerate(demands):
            companies.setdefault(demand.position.company_id, []).append(place)
        for company, places in companies.items():
            case = self._case(company, [demands[place] for place in places], chain, own)
            for place in places:
                refusals[place] = list(self._refusals_of(demands[place], case))
        return refusals

    def _refusals_of(self, demand, case):
        yield from self._of_meter(demand)
        if not demand.position.supply_id.meter_id:
            return
        yield from self._of_orders(demand, case)
        if demand.operation == "reactivation":
            yield from self._of_reactivation(demand, case)
        if demand.operation in AGAINST:
            yield from self._of_protection(demand, case)
            yield from self._of_holds(demand, case)
            yield from self._of_debt(demand, case)
            yield from self._of_chain(demand, case)

    # ------------------------------------------------------------------
    # what is asked for all demands of a company at once
    # ------------------------------------------------------------------
    def _case(self, company, demands, chain, own):
        """:return: dict of what the rules below look at"""
        day = company._creditbox_today()
        laws = self.env["creditbox.chain"]
        lines = self.env["account.move.line"].union(*(d.lines for d in demands))
        items = self.env["creditbox.item"].search([("move_line_id", "in", lines.ids)])
        return {
            "company": company,
            "day": day,
            "law": laws._law(company, day),
            "chain": chain,
            "items": {item.move_line_id.id: item for item in items},
            "history": laws._history(items) if chain else {},
            "holds": self._holds(company, day, demands),
            "orders": self._open_orders(demands, own),
        }

    def _holds(self, company, day, demands):
        """:return: {record held: creditbox.hold in force}"""
        positions = self.env["creditbox.position"].union(*(d.position for d in demands))
        moves = self.env["account.move.line"].union(*(d.lines for d in demands)).move_id
        holds = self.env["creditbox.hold"].search(
            Domain("company_id", "=", company.id)
            & Domain("state", "!=", "released")
            & Domain("date_from", "<=", day)
            & Domain("date_to", ">=", day)
            & (
                Domain("supply_id", "in", positions.supply_id.ids)
                | Domain("partner_id", "in", positions.partner_id.ids)
                | Domain("move_id", "in", moves.ids)
            )
        )
        return {
            held: hold
            for hold in holds.sorted("date_to")
            for held in (hold.supply_id or hold.partner_id or hold.move_id)
        }

    def _open_orders(self, demands, own):
        """:return: {creditbox.supply: fsm.order under way}"""
        supplies = self.env["creditbox.supply"].union(
            *(d.position.supply_id for d in demands)
        )
        orders = self.env["fsm.order"].search(
            [
                ("creditbox_supply_id", "in", supplies.ids),
                ("creditbox_state", "in", OPEN_STATES),
            ]
        )
        return (orders - own if own else orders).grouped("creditbox_supply_id")

    # ------------------------------------------------------------------
    # the rules
    # ------------------------------------------------------------------
    def _of_meter(self, demand):
        supply = demand.position.supply_id
        meter = supply.meter_id
        if not supply:
            yield Refusal(
                "no_supply", self.env._("The debt is of no supply: there is no meter.")
            )
        elif not meter:
            yield Refusal(
                "no_meter", self.env._("Supply %s has no meter.", supply.code)
            )
        else:
            yield from self._of_type(demand, meter)
            yield from self._of_state(demand, meter)

    def _of_type(self, demand, meter):
        flag = "removable" if demand.operation == "removal" else "suspendable"
        if demand.operation not in LEGAL_STEPS or meter.meter_type_id[flag]:
            return
        values = {
            "meter": meter.serial,
            "type": meter.meter_type_id.name or self.env._("unknown"),
        }
        if flag == "removable":
            sentence = self.env._(
                "Meter %(meter)s is of type «%(type)s»: it may not be removed.",
                **values,
            )
        else:
            sentence = self.env._(
                "Meter %(meter)s is of type «%(type)s»: its supply may not be limited "
                "or suspended.",
                **values,
            )
        yield Refusal("meter_type", sentence)

    def _of_state(self, demand, meter):
        state = meter.meter_state_id
        values = {"meter": meter.serial, "state": state.name}
        if state.final and demand.operation != "check":
            yield Refusal(
                "meter_state", self.env._("Meter %(meter)s is «%(state)s».", **values)
            )
        elif demand.operation in CUTS and state and not state.supplied:
            yield Refusal(
                "meter_state",
                self.env._(
                    "Meter %(meter)s is «%(state)s»: nothing flows that could be "
                    "limited or suspended.",
                    **values,
                ),
            )
        elif demand.operation in ("limitation", "power_reduction"):
            yield from self._of_limitation(demand, meter)
        elif demand.operation == "reactivation":
            if state.supplied and not meter.limited_since:
                yield Refusal(
                    "meter_state",
                    self.env._(
                        "Meter %(meter)s is «%(state)s»: there is nothing to "
                        "reactivate.",
                        **values,
                    ),
                )

    def _of_limitation(self, demand, meter):
        service = demand.position.supply_id.service_type_id
        if service._limiting_operation() != demand.operation:
            yield Refusal(
                "operation",
                self.env._("%s is limited in another way.", service.name),
            )
        if meter.limited_since:
            yield Refusal(
                "meter_state",
                self.env._(
                    "Meter %(meter)s is limited since %(day)s.",
                    meter=meter.serial,
                    day=format_date(self.env, meter.limited_since),
                ),
            )

    def _of_orders(self, demand, case):
        orders = case["orders"].get(demand.position.supply_id, ())
        for order in orders:
            if (order.creditbox_operation in AGAINST) == (demand.operation in AGAINST):
                yield Refusal(
                    "under_way",
                    self.env._(
                        "Order %(order)s (%(operation)s) is under way at this supply.",
                        order=order.name,
                        operation=order._label("creditbox_operation"),
                    ),
                )

    def _of_reactivation(self, demand, case):
        if demand.amount > 0:
            yield Refusal(
                "still_due",
                self.env._(
                    "Still due: %s. A supply is reactivated when all is paid.",
                    self._money(demand.amount, case["company"]),
                ),
                forcible=True,
            )

    def _of_protection(self, demand, case):
        supply, law = demand.position.supply_id, case["law"]
        step = LEGAL_STEPS.get(demand.operation)
        until = supply.protected_until
        if not step or not until or until < case["day"]:
            return
        steps = law.steps_of(supply.service_type_id, step)
        spared = steps.filtered("spares_protected")
        if steps and not spared:
            return  # the regulation lets it reach protected users
        yield Refusal(
            "protected",
            self.env._(
                "The customer is protected until %(day)s%(reason)s%(act)s.",
                day=format_date(self.env, until),
                reason=f" ({supply.protected_reason})"
                if supply.protected_reason
                else "",
                act=f" – {spared[:1]._cited()}" if spared else "",
            ),
        )

    def _of_holds(self, demand, case):
        position = demand.position
        holds = case["holds"]
        held = {
            holds[record]
            for record in (
                position.supply_id,
                position.partner_id,
                *demand.lines.move_id,
            )
            if record in holds
        }
        for hold in sorted(held, key=lambda hold: hold.id):
            yield Refusal(
                "hold",
                self.env._(
                    "On hold until %(day)s: %(reason)s (%(owner)s). Release it first.",
                    day=format_date(self.env, hold.date_to),
                    reason=hold.reason_id.name,
                    owner=hold.user_id.name,
                ),
            )

    def _of_debt(self, demand, case):
        company = case["company"]
        if company.currency_id.compare_amounts(demand.amount, 0) <= 0:
            yield Refusal(
                "nothing_due",
                self.env._("Nothing is due now: paid, held or in a plan."),
            )
        elif demand.amount < company.creditbox_order_threshold:
            yield Refusal(
                "threshold",
                self.env._(
                    "%(amount)s are due, less than the security threshold of "
                    "%(threshold)s.",
                    amount=self._money(demand.amount, company),
                    threshold=self._money(company.creditbox_order_threshold, company),
                ),
                forcible=True,
            )

    # ------------------------------------------------------------------
    # the chain
    # ------------------------------------------------------------------
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

    # ------------------------------------------------------------------
    # days and hours
    # ------------------------------------------------------------------
    @api.model
    def _refusal_of_moment(self, order, moment):
        """Why what an order does against a customer may not be done then.

        :param moment: datetime.datetime in UTC
        :return: :class:`Refusal` or None
        """
        company = order.company_id
        local = company._creditbox_local(moment)
        hour = local.hour + local.minute / 60
        law = self.env["creditbox.chain"]._law(company, local.date())
        service = order.creditbox_supply_id.service_type_id
        for step in law.steps_of(service, order._legal_step()):
            if not step._permits(local.date()):
                return Refusal(
                    "forbidden_day",
                    self.env._(
                        "%(day)s is a day on which nothing may be taken away: Fridays, "
                        "Saturdays, Sundays, holidays and their eves (%(act)s).",
                        day=format_date(self.env, local.date()),
                        act=step._cited(),
                    ),
                )
        first, last = (
            company.creditbox_order_hour_from,
            company.creditbox_order_hour_to,
        )
        if not first <= hour < last:
            return Refusal(
                "forbidden_hour",
                self.env._(
                    "Nothing is taken away at this hour, only from %(first)s to "
                    "%(last)s (setting of the company).",
                    first=_clock(first),
                    last=_clock(last),
                ),
            )
        return None

    def _money(self, amount, company):
        return format_amount(self.env, amount, company.currency_id)

    def _step_name(self, step):
        labels = self.env["creditbox.rule"]._fields["legal_step"]
        return dict(labels._description_selection(self.env))[step].lower()


def _clock(hour):
    return f"{int(hour):02d}:{round(hour % 1 * 60):02d}"
