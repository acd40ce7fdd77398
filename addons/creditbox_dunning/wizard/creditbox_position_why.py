"""Why does a position get this action, or none? The table, read aloud in Python.

Written apart from the SQL of ``creditbox.evaluation`` on purpose: the tests hold the
one against the other.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..models.creditbox_action import DONE_STATES, PENDING_STATES
from ..models.creditbox_rule import CLASSIFICATION, WRITING_CODES


@dataclass
class OpenItem:
    """One overdue bill as the action table sees it."""

    line: models.Model  # account.move.line
    item: models.Model  # creditbox.item, empty before its first evaluation
    open: float
    rule: models.Model = None  # row that counts for it; None: it waits
    ripe: date = None
    next_step: int = 0  # 0: the table has no further step for it
    reasons: dict = field(default_factory=dict)  # row: first condition that fails

    @property
    def due(self):
        return self.line.date_maturity

    @property
    def supply(self):
        return self.line.move_id.creditbox_supply_id


class CreditboxPositionWhy(models.TransientModel):
    _name = "creditbox.position.why"
    _description = "Why this action?"

    position_id = fields.Many2one("creditbox.position", required=True)
    company_id = fields.Many2one(related="position_id.company_id")
    as_of = fields.Date(required=True)
    rule_set_id = fields.Many2one("creditbox.rule.set", required=True)
    rule_id = fields.Many2one("creditbox.rule", string="Action", readonly=True)
    verdict = fields.Text(readonly=True)
    explanation = fields.Html(
        readonly=True, sanitize=False, help="Bill by bill, the row that counts first."
    )

    @api.model_create_multi
    def create(self, vals_list):
        whys = super().create(vals_list)
        for why in whys:
            why._explain()
        return whys

    @api.onchange("as_of", "rule_set_id")
    def _onchange_explain(self):
        if self.position_id and self.as_of and self.rule_set_id:
            self._explain()

    # ------------------------------------------------------------------
    # the table, point by point (docs/action-table.md)
    # ------------------------------------------------------------------
    def _explain(self):
        """Say which row goes and, bill by bill, the first reason against the others."""
        items = self._items()
        exposure = sum(item.open for item in items)
        for item in items:
            self._explain_item(item, exposure)
        chosen = self._chosen(items)
        obstacle = self._obstacle(chosen) if chosen else None
        self.rule_id = chosen.rule if chosen and not obstacle else False
        self.verdict = obstacle or self._verdict(items, chosen)
        self.explanation = self.env["ir.qweb"]._render(
            "creditbox_dunning.why_bills",
            {"bills": [*self._blocks(items, chosen), *self._left_out(items)]},
        )

    def _open_lines(self):
        """Open entries of the customer, oldest due date first."""
        position = self.position_id
        return self.env["account.move.line"].search(
            [
                ("company_id", "=", position.company_id.id),
                ("partner_id.commercial_partner_id", "=", position.partner_id.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("amount_residual", "!=", 0),
            ],
            order="date_maturity, id",
        )

    def _items(self):
        """Points 1 and 2: the position's items with what credits leave open."""
        position = self.position_id
        open_lines = self._open_lines()
        open_amounts = self._cover(
            open_lines.filtered(self._takes_part),
            open_lines.filtered(lambda line: line.amount_residual < 0),
        )
        currency = position.currency_id
        return [
            OpenItem(line, self._item_of(line), amount)
            for line, amount in open_amounts.items()
            if line.move_id.creditbox_supply_id == position.supply_id
            and not currency.is_zero(amount)
        ]

    def _takes_part(self, line):
        return (
            line.amount_residual > 0
            and line.date_maturity
            and line.date_maturity < self.as_of
            and not self._hold(line)
            and not self._item_of(line).exclusion
        )

    def _hold(self, line):
        return self.env["creditbox.hold"].search(
            Domain("company_id", "=", line.company_id.id)
            & Domain("state", "!=", "released")
            & Domain("date_from", "<=", self.as_of)
            & Domain("date_to", ">=", self.as_of)
            & (
                Domain("move_id", "=", line.move_id.id)
                | Domain("customer_id", "=", line.partner_id.commercial_partner_id.id)
                & Domain("level", "=", "customer")
                | (
                    Domain("supply_id", "=", line.move_id.creditbox_supply_id.id)
                    & Domain("supply_id", "!=", False)
                )
            ),
            limit=1,
        )

    def _item_of(self, line):
        """:return: dunning state of the line, empty before its first evaluation"""
        return self.env["creditbox.item"].search([("move_line_id", "=", line.id)])

    def _cover(self, debts, credit_lines):
        """Return {line: open amount}: credits cover the oldest due dates first.

        Or costs and interest before them, where the company wants it.
        """
        currency = self.position_id.currency_id
        left = {line: line.amount_residual for line in debts}
        if not self.company_id.creditbox_use_credits:
            return left
        if self.company_id.creditbox_allocation == "charges":
            debts = debts.sorted(lambda line: not line.move_id.creditbox_charge)
        pots = defaultdict(float)
        for line in credit_lines:
            pots[line.move_id.creditbox_supply_id] -= line.amount_residual
        no_supply = self.env["creditbox.supply"]
        for own_supply in (True, False):
            for line in debts:
                pot = line.move_id.creditbox_supply_id if own_supply else no_supply
                if own_supply and not pot:
                    continue
                used = min(pots[pot], left[line])
                pots[pot] = currency.round(pots[pot] - used)
                left[line] = currency.round(left[line] - used)
        return left

    def _explain_item(self, item, exposure):
        """Points 4 and 5, into ``item``."""
        fitting = self.rule_set_id.rule_ids.filtered(lambda r: not self._misfit(r))
        later = fitting.filtered(lambda rule: rule.step > item.item.step)
        item.next_step = min(later.mapped("step"), default=0)
        passing = later.filtered(
            lambda rule: (
                rule.step == item.next_step
                and not self._amount_reason(rule, item, exposure)
            )
        ).sorted(lambda rule: (-rule._specificity(), rule.sequence, rule.id))
        if passing:
            item.rule = passing[0]
            item.ripe = self._ripe_date(item)
        for rule in self.rule_set_id.rule_ids:
            item.reasons[rule] = self._reason(rule, item, exposure)

    def _misfit(self, rule):
        """Return the label of the first classification column that does not fit."""
        for column in CLASSIFICATION:
            if rule[column] and rule[column] != self._classification()[column]:
                return rule._fields[column]._description_string(self.env)
        return None

    def _classification(self):
        position = self.position_id
        meter = position.supply_id.meter_id
        return {
            "customer_type_id": position.partner_id.creditbox_customer_type_id,
            "service_type_id": position.supply_id.service_type_id,
            "meter_state_id": meter.meter_state_id,
            "meter_type_id": meter.meter_type_id,
        }

    def _amount_reason(self, rule, item, exposure):
        currency = self.position_id.currency_id
        if currency.compare_amounts(rule.amount_from, exposure) > 0:
            return self.env._(
                "Exposure %(amount)s is under %(limit)s",
                amount=currency.format(exposure),
                limit=currency.format(rule.amount_from),
            )
        if rule.amount_to and currency.compare_amounts(exposure, rule.amount_to) >= 0:
            return self.env._(
                "Exposure %(amount)s reaches the limit %(limit)s",
                amount=currency.format(exposure),
                limit=currency.format(rule.amount_to),
            )
        if currency.compare_amounts(rule.threshold, item.open) > 0:
            return self.env._(
                "Open amount %(amount)s is under the minimum %(limit)s",
                amount=currency.format(item.open),
                limit=currency.format(rule.threshold),
            )
        return None

    def _ripe_date(self, item):
        """Return the day the item is ripe for its row, None while proof is missing."""
        last = item.item.last_action_id
        if not last:
            return item.due + timedelta(days=item.rule.wait_before)
        by_proof = last.rule_id.count_from == "delivery"
        reference = last.date_proof if by_proof else last.date_done
        days = last.rule_id.wait_after + item.rule.wait_before
        return reference and reference + timedelta(days=days)

    def _reason(self, rule, item, exposure):
        """Return the first condition of ``rule`` that fails for the bill."""
        misfit = self._misfit(rule)
        if misfit:
            return self.env._("%s does not fit", misfit)
        if rule.step <= item.item.step:
            return self.env._("The bill has passed step %s", rule.step)
        if rule.step != item.next_step:
            return self.env._("Step %s comes first", item.next_step)
        amount_reason = self._amount_reason(rule, item, exposure)
        if amount_reason:
            return amount_reason
        if rule != item.rule:
            return self.env._("«%s» is more specific or comes first", item.rule.name)
        if not item.ripe:
            return self.env._("Waits for the proof of delivery of the last action")
        if item.ripe > self.as_of:
            return self.env._("From %s", format_date(self.env, item.ripe))
        return self.env._("Matches")

    def _chosen(self, items):
        """Point 6: the ripe item whose row the position's one action follows."""
        ripe = [item for item in items if item.ripe and item.ripe <= self.as_of]
        return min(
            ripe,
            key=lambda item: (
                -item.rule.step,
                -item.rule._specificity(),
                item.rule.sequence,
                item.rule.id,
            ),
            default=None,
        )

    def _obstacle(self, chosen):
        """Point 7: what else is under way, or was done too short a time ago."""
        Action = self.env["creditbox.action"]
        if Action.search_count(
            [
                ("position_id", "=", self.position_id.id),
                ("state", "in", PENDING_STATES),
            ],
            limit=1,
        ):
            return self.env._("Another action of this position is under way.")
        if chosen.rule.code not in WRITING_CODES:
            return None
        contacts = Action.search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.position_id.partner_id.id),
                ("code", "in", WRITING_CODES),
                ("state", "in", DONE_STATES),
                ("date_done", "<=", self.as_of),
            ]
        ).filtered(
            lambda action: (
                action.date_done < self.as_of or action.position_id == self.position_id
            )
        )
        last = max(contacts.mapped("date_done"), default=None)
        delay = self.company_id.creditbox_contact_delay
        if last and (self.as_of - last).days < delay:
            return self.env._(
                "The customer was written to on %(day)s; the company waits %(delay)s"
                " days.",
                day=format_date(self.env, last),
                delay=delay,
            )
        return None

    def _verdict(self, items, chosen):
        if chosen:
            due = self.env._("«%s» is due.", chosen.rule.name)
            return " ".join(filter(None, (due, self._detour(chosen.rule))))
        if not items:
            return self.env._("Nothing overdue takes part in the action table.")
        dates = [item.ripe for item in items if item.ripe]
        if dates:
            return self.env._("Nothing before %s.", format_date(self.env, min(dates)))
        return self.env._("No row of the next step applies: the bills wait.")

    def _detour(self, rule):
        """Point 8: what becomes of the row where the customer has no address for it."""
        if self._reachable(rule.code):
            return None
        labels = dict(rule._fields["code"]._description_selection(self.env))
        if rule.fallback_code and self._reachable(rule.fallback_code):
            return self.env._(
                "The customer has no working address for %(channel)s: it goes by"
                " %(other)s.",
                channel=labels[rule.code],
                other=labels[rule.fallback_code],
            )
        return self.env._(
            "The customer has no working address for %s: it becomes an exception.",
            labels[rule.code],
        )

    def _reachable(self, code):
        condition = self.env["creditbox.channel"]._sql_address_conditions().get(code)
        if condition is None:
            return True
        partner = self.position_id.partner_id
        partner.flush_recordset()
        query = SQL(
            "SELECT %s FROM res_partner c WHERE c.id = %s", condition, partner.id
        )
        return self.env.execute_query(query)[0][0]
