"""The action table as a person reads it (docs/action-table.md, docs/regulation.md).

Plain Python, nothing of Odoo and nothing of the engine: the tests hold the engine
against it. Amounts are whole cents, days are datetime.date.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

WRITING = {"sms", "email", "letter", "registered", "pec"}
HOLIDAYS = {(1, 1), (1, 6), (4, 25), (5, 1), (6, 2), (8, 15), (10, 4), (11, 1)}
HOLIDAYS |= {(12, 8), (12, 25), (12, 26)}
EASTER_MONDAYS = {date(2026, 4, 6), date(2027, 3, 29)}


@dataclass(eq=False)
class Row:
    id: int
    step: int
    sequence: int
    code: str
    fallback: str | None = None
    before: int = 0
    after: int = 0
    count_from: str = "send"
    amount_from: int = 0
    amount_to: int = 0  # 0: no limit
    threshold: int = 0
    columns: tuple = (None, None, None, None)  # None: any
    legal: str | None = None

    def fits(self, columns):
        return all(
            mine in (None, theirs)
            for mine, theirs in zip(self.columns, columns, strict=True)
        )

    def counts(self, exposure, amount):
        return (
            self.amount_from <= exposure
            and (not self.amount_to or exposure < self.amount_to)
            and self.threshold <= amount
        )

    @property
    def place_in_line(self):
        """The most specific first, then the lowest sequence."""
        filled = sum(column is not None for column in self.columns)
        return -filled, self.sequence, self.id


@dataclass(eq=False)
class Customer:
    id: int
    kind: int | None
    email: str | None
    street: str | None

    def address(self, code):
        known = {"email": self.email, "letter": self.street, "registered": self.street}
        return known.get(code, "at the meter")


@dataclass(eq=False)
class Supply:
    id: int
    customer: Customer
    service: int
    meter_state: int
    meter_type: int
    touchable: bool
    protected_until: date | None = None
    subsidised: int = 0  # a year's subsidised band, 0: not known


@dataclass(eq=False)
class Bill:
    line: int
    customer: Customer
    supply: Supply | None
    due: date
    residual: int
    excluded: bool = False
    acts: list = field(default_factory=list)  # in the order in which they were done

    @property
    def place(self):
        return self.customer, self.supply

    @property
    def last(self):
        """The last action that was done on the bill, and still counts."""
        return next((act for act in reversed(self.acts) if act.state == "done"), None)

    @property
    def step(self):
        return self.last.row.step if self.last else 0


@dataclass(eq=False)
class Act:
    """One action on one place: a customer on a supply."""

    place: tuple
    row: Row
    bills: dict  # bill: open amount
    other: int
    code: str = ""
    exception: str | None = None
    state: str = "pending"
    day: date | None = None
    proof: date | None = None
    deadline: date | None = None
    address: str | None = None
    unreachable: bool = False

    @property
    def amount(self):
        return sum(self.bills.values())

    def is_followed(self, acts):
        """Whether one of the bills has gone on to a later step: it comes back first."""
        return any(
            act.row.step > self.row.step
            and act.state in ("done", "pending")
            and not self.bills.keys().isdisjoint(act.bills)
            for act in acts
        )


@dataclass(eq=False)
class Hold:
    target: object  # Bill, Supply or Customer
    first: date
    last: date

    def covers(self, bill, day):
        targets = (bill, bill.supply, bill.customer)
        return self.first <= day <= self.last and self.target in targets


@dataclass
class Term:
    """Days between an event and a step of the law."""

    step: str
    days: int
    unit: str
    event: str
    of: str | None = None
    debt_up_to: int = 0  # times the subsidised band of a year, 0: any debt

    def is_for(self, debt, yearly):
        return not self.debt_up_to or not yearly or debt <= self.debt_up_to * yearly

    def is_over(self, event, day):
        passed = (event + timedelta(days=n) for n in range(1, (day - event).days + 1))
        return sum(self.unit == "solar" or is_working(d) for d in passed) >= self.days


@dataclass
class Law:
    """The procedure of one service."""

    service: int
    channels: dict  # step: codes that may carry it out, None: any
    no_rest_days: set  # steps never done on or before a day of rest
    spared: set  # steps that never reach protected users
    terms: list
    debts: dict = field(default_factory=dict)  # step: (times, customer types or None)

    def is_too_small(self, act, debt, yearly):
        times, kinds = self.debts.get(act.row.legal, (0, None))
        if not times or (kinds and act.place[0].kind not in kinds):
            return False
        return not yearly or debt <= times * yearly

    def breach(self, act, day, yearly):
        """:return: exception, None where the act is lawful on the day"""
        supply = act.place[1]
        if not supply or supply.service != self.service:
            return None
        step = act.row.legal
        if not step:
            return "no_chain" if act.code == "technical" else None
        if step in self.no_rest_days and is_near_rest(day):
            return "forbidden_day"
        if step in self.channels:
            codes = self.channels[step]
            if codes is not None and act.code not in codes:
                return "unlawful_channel"
        debt = act.amount + act.other
        yearly = supply.subsidised or yearly
        if self.is_too_small(act, debt, yearly):
            return "small_debt"
        events = [
            (term, self.event(term, bill))
            for term in self.terms
            for bill in act.bills
            if term.step == step and term.is_for(debt, yearly)
        ]
        if any(event is None for _term, event in events):
            return "no_chain"
        if any(not term.is_over(event, day) for term, event in events):
            return "too_early"
        return None

    def event(self, term, bill):
        if term.event == "due":
            return bill.due
        acts = [a for a in bill.acts if a.state == "done" and a.row.legal == term.of]
        name = {"sent": "day", "delivered": "proof", "deadline": "deadline"}[term.event]
        days = [day for act in acts if (day := getattr(act, name))]
        if not days:
            return None
        return max(days) if term.event == "deadline" else min(days)


@dataclass(eq=False)
class Office:
    """A company with all that is owed to it."""

    delay: int
    uses_credits: bool
    channels: set
    law: Law
    subsidised: int = 0  # of supplies that do not say it
    bills: list = field(default_factory=list)
    credits: dict = field(default_factory=lambda: defaultdict(int))  # by place
    holds: list = field(default_factory=list)
    acts: list = field(default_factory=list)

    # points 1 and 2
    def open_amounts(self, day):
        """{bill: what credits leave of it}, of the bills that take part."""
        left = {
            bill: bill.residual
            for bill in sorted(self.bills, key=lambda bill: (bill.due, bill.line))
            if bill.residual > 0
            and bill.due < day
            and not bill.excluded
            and not any(hold.covers(bill, day) for hold in self.holds)
        }
        if not self.uses_credits:
            return left
        credits = dict(self.credits)
        for own in (True, False):
            for bill in left:
                if own and not bill.supply:
                    continue
                pot = (bill.customer, bill.supply if own else None)
                used = min(credits.get(pot, 0), left[bill])
                left[bill] -= used
                credits[pot] = credits.get(pot, 0) - used
        return {bill: amount for bill, amount in left.items() if amount > 0}

    def evaluate(self, day, rows):
        """:return: {place: act} that a table gives on a day"""
        places = defaultdict(dict)
        for bill, amount in self.open_amounts(day).items():
            places[bill.place][bill] = amount
        acts = {p: self.act_on(p, opens, day, rows) for p, opens in places.items()}
        return {place: act for place, act in acts.items() if act}

    def act_on(self, place, opens, day, rows):
        # point 3
        exposure = sum(opens.values())
        customer, supply = place
        columns = (customer.kind, None, None, None)
        if supply:
            columns = (
                customer.kind,
                supply.service,
                supply.meter_state,
                supply.meter_type,
            )
        fitting = [row for row in rows if row.fits(columns)]
        # points 4 and 5
        ripe = defaultdict(dict)
        for bill, amount in opens.items():
            row = self.next_row(bill, amount, exposure, fitting)
            if row and self.is_ripe(bill, row, day):
                ripe[row][bill] = amount
        # points 6 and 7
        if not ripe or any(a.place == place for a in self.under_way()):
            return None
        row = min(ripe, key=lambda row: (-row.step, row.place_in_line))
        if row.code in WRITING and self.wrote_lately(place, day):
            return None
        bills = ripe[row]
        act = Act(place, row, bills, exposure - sum(bills.values()), row.code)
        # point 8
        self.guard(act, opens, day)
        return act

    def next_row(self, bill, amount, exposure, fitting):
        steps = [row.step for row in fitting if row.step > bill.step]
        rows = [
            row
            for row in fitting
            if row.step == min(steps, default=0) and row.counts(exposure, amount)
        ]
        return min(rows, key=lambda row: row.place_in_line, default=None)

    def is_ripe(self, bill, row, day):
        last = bill.last
        if not last:
            return day >= bill.due + timedelta(days=row.before)
        reference = last.proof if last.row.count_from == "delivery" else last.day
        days = timedelta(days=last.row.after + row.before)
        return reference is not None and day >= reference + days

    def under_way(self):
        return [act for act in self.acts if act.state == "pending"]

    def wrote_lately(self, place, day):
        return any(
            act.state == "done"
            and act.code in WRITING
            and act.place[0] == place[0]
            and 0 <= (day - act.day).days < self.delay
            and (act.day < day or act.place == place)
            for act in self.acts
        )

    # point 8
    def guard(self, act, opens, day):
        customer, supply = act.place
        failed = self.has_failed(act, act.row.code, opens)
        usable = act.row.code in self.channels and customer.address(act.row.code)
        if failed or not usable:
            other = act.row.fallback
            if (
                other in self.channels
                and customer.address(other)
                and not self.has_failed(act, other, opens)
            ):
                act.code = other
            elif not customer.address(act.row.code):
                act.exception = "no_address"
            elif failed:
                act.exception = "not_delivered"
        if act.code == "technical" and not act.exception:
            act.exception = self.guard_of_supply(act, supply, day)
        act.exception = act.exception or self.law.breach(act, day, self.subsidised)
        if not act.exception and act.code not in self.channels:
            act.exception = "no_channel"
        if act.exception:
            act.state = "planned"

    def guard_of_supply(self, act, supply, day):
        if supply and self.is_spared(act, supply, day):
            return "protected"
        return None if supply and supply.touchable else "not_suspendable"

    def is_spared(self, act, supply, day):
        if not supply.protected_until or supply.protected_until < day:
            return False
        if supply.service != self.law.service:
            return True
        known = set(self.law.channels)
        return act.row.legal not in known or act.row.legal in self.law.spared

    def has_failed(self, act, code, opens):
        """Whether a channel has failed to bring this step's word about these bills."""
        return any(
            past.unreachable
            and past.place == act.place
            and past.row.step == act.row.step
            and past.code == code
            and past.address == act.place[0].address(code)
            and not opens.keys().isdisjoint(past.bills)
            for past in self.acts
        )

    # ------------------------------------------------------------------
    # what happens to actions
    # ------------------------------------------------------------------
    def check_due(self, day):
        """Who has paid hears nothing: asked at each payment and before sending."""
        opens = self.open_amounts(day)
        exposures = defaultdict(int)
        for bill, amount in opens.items():
            exposures[bill.place] += amount
        for act in self.under_way():
            exposure = exposures[act.place]
            act.bills = {
                bill: opens[bill]
                for bill in act.bills
                if bill in opens
                and bill.step < act.row.step
                and act.row.threshold <= opens[bill]
                and act.row.amount_from <= exposure
            }
            act.other = exposure - act.amount
            if not act.bills:
                act.state = "cancelled"

    def carry_out(self, act, day):
        act.state, act.day = "done", day
        for bill in act.bills:
            bill.acts.append(act)

    def revive(self, act, proof):
        """A proof comes for an action that was given up."""
        for other in self.acts:
            if (
                other is not act
                and other.state in ("pending", "planned")
                and other.row.step <= act.row.step
                and not act.bills.keys().isdisjoint(other.bills)
            ):
                other.state = "cancelled"
        if all(bill.step < act.row.step for bill in act.bills):
            for bill in act.bills:
                bill.acts.remove(act)
            self.carry_out(act, act.day)
            act.proof, act.unreachable = proof, False


def is_working(day):
    return day.weekday() < 5 and not is_holiday(day)


def is_holiday(day):
    return (day.month, day.day) in HOLIDAYS or day in EASTER_MONDAYS


def is_near_rest(day):
    """Friday, Saturday, Sunday, a holiday or its eve."""
    return day.weekday() > 3 or is_holiday(day) or is_holiday(day + timedelta(days=1))
