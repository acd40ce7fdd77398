from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from odoo import api, models

from odoo.addons.creditbox_dunning.models.creditbox_action import (
    DONE_STATES,
    PENDING_STATES,
)
from odoo.addons.creditbox_dunning.models.creditbox_communication import Case

from ..tools.words import APART  # write-offs are proposed, not said

SUPPLY_STEPS = ("limitation", "suspension", "removal")
UNTOLD = ("writeoff",)


@dataclass
class Outlook:
    """What is overdue on a supply, and what comes next; for the customer.

    ``kind``, ``done_kind``: a legal step, else the code of an action; «» none.
    ``debts``: tools.statement.Debt, open and neither covered by credits nor on hold.
    """

    position: object
    supply: object
    company: object
    debts: list = field(default_factory=list)
    apart: dict = field(default_factory=dict)  # {exclusion: bills}
    held_until: date | None = None
    kind: str = ""
    code: str = ""
    day: date | None = None  # not before
    under_way: bool = False
    done_kind: str = ""
    done_code: str = ""
    done_day: date | None = None
    deadline: date | None = None
    protected_until: date | None = None
    stopped: bool = False  # the meter does not supply

    @property
    def amount(self):
        return sum(debt.open_amount for debt in self.debts)

    @property
    def threatens_supply(self):
        return self.kind in SUPPLY_STEPS or self.done_kind in SUPPLY_STEPS


class CreditboxOutlook(models.AbstractModel):
    """What comes next and when, in a form that pages put into words.

    Read as the system: actions, rows and steps hold what the office notes for itself,
    so that users of the portal have no rights on them. Who asks names customers that
    the user has been checked for (res.users.creditbox_portal_customer_ids).
    """

    _name = "creditbox.outlook"
    _description = "What Comes Next for a Customer"

    @api.model
    def _of(self, customers, companies):
        """
        :param customers: res.partner
        :param companies: res.company, those that may be shown
        :return: list of Outlook of the positions with anything overdue, oldest first
        """
        positions = (
            self.env["creditbox.position"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", customers.ids),
                    ("company_id", "in", companies.ids),
                    ("amount_overdue", ">", 0),
                ],
                order="oldest_due_date, id",
            )
        )
        outlooks = {position.id: self._blank(position) for position in positions}
        for company, group in positions.grouped("company_id").items():
            self._add_debts(company, group, outlooks)
        self._add_items(positions, outlooks)
        self._add_actions(positions, outlooks)
        return list(outlooks.values())

    def _blank(self, position):
        supply, today = position.supply_id, position.company_id._creditbox_today()
        protected = supply.protected_until
        meter = supply.meter_state_id
        return Outlook(
            position,
            supply,
            position.company_id,
            held_until=position.held_until or None,
            protected_until=protected if protected and protected >= today else None,
            stopped=bool(meter) and not meter.supplied,
        )

    def _add_debts(self, company, positions, outlooks):
        today = company._creditbox_today()
        template = self.env["creditbox.template"]
        cases = [
            Case(key=position.id, position=position, template=template, as_of=today)
            for position in positions
        ]
        debts = self.env["creditbox.communication"].sudo()._statements(cases)
        for position_id, statement in debts.items():
            outlooks[position_id].debts = list(statement.bills)

    def _add_items(self, positions, outlooks):
        """The first step to come among the bills that are to pay; what is apart."""
        items = (
            self.env["creditbox.item"]
            .sudo()
            .search(
                [("position_id", "in", positions.ids)], order="next_date, step desc"
            )
        )
        for item in items:
            outlook = outlooks[item.position_id.id]
            if item.exclusion in APART:
                bills = outlook.apart.setdefault(item.exclusion, [])
                bills.append(item.move_id._creditbox_number())
            due = {debt.line_id for debt in outlook.debts}
            if outlook.day or not item.next_date or item.move_line_id.id not in due:
                continue
            self._set_next(outlook, item.next_rule_id, item.next_rule_id.code)
            outlook.day = item.next_date

    def _set_next(self, outlook, rule, code):
        if code in UNTOLD or self._cannot_be(outlook, rule.legal_step):
            return
        outlook.kind, outlook.code = rule.legal_step or code, code

    def _cannot_be(self, outlook, legal_step):
        """A meter that cannot be stopped is not threatened with it."""
        if legal_step not in SUPPLY_STEPS:
            return False
        meter = outlook.supply.meter_type_id
        return not (meter.removable if legal_step == "removal" else meter.suspendable)

    def _add_actions(self, positions, outlooks):
        """The action under way, and the last one that reached the customer."""
        actions = (
            self.env["creditbox.action"]
            .sudo()
            .search(
                [
                    ("position_id", "in", positions.ids),
                    ("state", "in", PENDING_STATES + DONE_STATES),
                ],
                order="date_done desc, id desc",
            )
        )
        by_position = defaultdict(list)
        for action in actions:
            by_position[action.position_id.id].append(action)
        for position_id, group in by_position.items():
            self._add_last(outlooks[position_id], group)

    def _add_last(self, outlook, actions):
        due = {debt.line_id for debt in outlook.debts}
        concerned = [
            action
            for action in actions
            if due & set(action.line_ids.item_id.move_line_id.ids)
        ]
        done = [
            action
            for action in concerned
            if action.state in DONE_STATES and action.code not in UNTOLD
        ]
        if done:
            last = done[0]
            outlook.done_kind = last.rule_id.legal_step or last.code
            outlook.done_code, outlook.done_day = last.code, last.date_done
            outlook.deadline = last.date_deadline or None
        pending = [
            a for a in concerned if a.state in PENDING_STATES and not a.exception
        ]
        if pending:
            first = pending[0]
            self._set_next(outlook, first.rule_id, first.code)
            outlook.day = outlook.company._creditbox_today()
            # what waits for an approval may still be refused
            outlook.under_way = first.state != "to_approve"
