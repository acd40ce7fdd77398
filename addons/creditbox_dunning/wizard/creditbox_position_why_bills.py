from odoo import models
from odoo.tools import format_date


class CreditboxPositionWhy(models.TransientModel):
    """The explanation bill by bill, for the eye."""

    _inherit = "creditbox.position.why"

    def _blocks(self, items, chosen):
        """What takes part, oldest due date first, each bill with all rows."""
        for item in items:
            yield self._block(item.line, item.open, item.item.step) | {
                "due": self._goes(item, chosen),
                "row": item.rule and item.rule.display_name,
                "reason": self._item_reason(item, chosen),
                "others": [
                    (rule.display_name, reason)
                    for rule, reason in item.reasons.items()
                    if rule != item.rule
                ],
            }

    def _left_out(self, items):
        """Open bills of the position that take no part, and why."""
        shown = {item.line for item in items}
        for line in self._open_lines().filtered(lambda ln: ln.amount_residual > 0):
            if line.move_id.creditbox_supply_id != self.position_id.supply_id:
                continue
            if line not in shown:
                step = self._item_of(line).step
                yield self._block(line, line.amount_residual, step) | {
                    "reason": self._out_reason(line)
                }

    def _block(self, line, amount, step):
        move = line.move_id
        return {
            "move": move,
            "number": move.creditbox_ref or move.name,
            "date": format_date(self.env, line.date_maturity),
            "amount": self.position_id.currency_id.format(amount),
            "step": step,
            "due": False,
            "row": None,
            "others": [],
        }

    def _goes(self, item, chosen):
        ripe = item.ripe and item.ripe <= self.as_of
        return bool(ripe and chosen and item.rule == chosen.rule)

    def _item_reason(self, item, chosen):
        """Why the bill is, or is not, in today's action."""
        if not item.rule:
            return self._waiting_reason(item)
        if not self._goes(item, chosen) and item.ripe and item.ripe <= self.as_of:
            return self.env._("One action at a time: «%s» goes first", chosen.rule.name)
        return item.reasons[item.rule]

    def _waiting_reason(self, item):
        """The first reason against a row that would be next."""
        rows = [
            rule
            for rule in item.reasons
            if rule.step == item.next_step and not self._misfit(rule)
        ]
        if not rows:
            return self.env._("No further row fits")
        return item.reasons[min(rows, key=lambda r: (-r._specificity(), r.sequence))]

    def _out_reason(self, line):
        if not line.date_maturity or line.date_maturity >= self.as_of:
            return self.env._("Not overdue yet")
        hold = self._hold(line)
        if hold:
            return self.env._(
                "On hold until %(day)s: %(reason)s",
                day=format_date(self.env, hold.date_to),
                reason=hold.reason_id.name,
            )
        item = self._item_of(line)
        if item.exclusion:
            selection = item._fields["exclusion"]._description_selection(self.env)
            return dict(selection)[item.exclusion]
        return self.env._("Covered by payments and credit notes not yet matched")
