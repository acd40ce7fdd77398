from odoo import models
from odoo.tools import LazyTranslate

from odoo.addons.creditbox_dunning.tools.placeholder_names import PLACEHOLDERS

# there is no environment yet
# pylint: disable=prefer-env-translation
_lt = LazyTranslate(__name__)

# what the texts that offer a plan may hold too
PLACEHOLDERS.update(
    {
        "plan_number": _lt("Number of the plan"),
        "plan_count": _lt("Number of its instalments"),
        "plan_first": _lt("First instalment with its due date"),
        "plan_list": _lt("All instalments with their due dates"),
        "plan_total": _lt("Sum of the instalments"),
        "plan_deadline": _lt("Last day to accept the plan"),
    }
)


class CreditboxCommunication(models.AbstractModel):
    _inherit = "creditbox.communication"

    def _values(self, communication):
        return super()._values(communication) | self._plan_values(communication)

    def _plan_values(self, communication):
        """What an offer says; examples where a text is only looked at."""
        action = communication.case.action
        # offers are read for whoever runs the table
        plan = action.sudo().plan_ids[:1] if action else None
        if not plan:
            return dict.fromkeys(
                (name for name in PLACEHOLDERS if name.startswith("plan_")), "…"
            )
        date, money = communication.formatter.date, communication.formatter.money

        def told(line):
            return self.env._(
                "%(amount)s by %(day)s",
                amount=money(line.amount),
                day=date(line.date_due),
            )

        deadline = plan.company_id._creditbox_plan_deadline(communication.today)
        return {
            "plan_number": plan.name,
            "plan_count": str(len(plan.line_ids)),
            "plan_first": told(plan.line_ids[:1]),
            "plan_list": "; ".join(map(told, plan.line_ids)),
            "plan_total": money(plan.amount_total),
            "plan_deadline": date(plan.date_expiry or deadline),
        }
