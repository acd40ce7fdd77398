from dataclasses import dataclass

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_amount, format_date

from .fsm_order import AGAINST, LEGAL_STEPS, OPEN_STATES


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
            yield from self._of_deposit(demand, case)
            yield from self._of_half_payment(demand, case)
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
            "half_paid": self.env["creditbox.half.payment"]._until(
                self.env["creditbox.position"].union(*(d.position for d in demands))
            ),
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
    # the rules that no other file has
    # ------------------------------------------------------------------
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

    def _of_deposit(self, demand, case):
        """Where the act says so, the security deposit is looked at first."""
        supply, law = demand.position.supply_id, case["law"]
        share = law.figure("deposit_share", supply.service_type_id)
        covered = supply.deposit * share / 100
        if demand.operation in LEGAL_STEPS and 0 < demand.amount <= covered:
            yield Refusal(
                "deposit",
                self.env._(
                    "%(amount)s are due, no more than the security deposit of "
                    "%(deposit)s: use it first.",
                    amount=self._money(demand.amount, case["company"]),
                    deposit=self._money(supply.deposit, case["company"]),
                ),
            )

    def _of_half_payment(self, demand, case):
        until = case["half_paid"].get(demand.position.id)
        if until and demand.operation in LEGAL_STEPS:
            yield Refusal(
                "half_paid",
                self.env._(
                    "Part payment of a condominium within the last day to pay: the "
                    "balance may wait until %s.",
                    format_date(self.env, until),
                ),
            )

    def _money(self, amount, company):
        return format_amount(self.env, amount, company.currency_id)
