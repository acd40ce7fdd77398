from odoo import models

from odoo.addons.creditbox_plan.models.creditbox_plan import LIVE, PENDING
from odoo.addons.creditbox_utility.models.creditbox_lawfulness import Refusal


class CreditboxLawfulness(models.AbstractModel):
    """What a repayment plan forbids at a meter, in words of its own."""

    _inherit = "creditbox.lawfulness"

    def _case(self, company, demands, chain, own):
        case = super()._case(company, demands, chain, own)
        positions = self.env["creditbox.position"].union(*(d.position for d in demands))
        plans = (
            self.env["creditbox.plan"]
            .sudo()  # the law does not depend on who asks
            .search(
                [
                    ("position_id", "in", positions.ids),
                    ("state", "in", (*PENDING, *LIVE)),
                ]
            )
        )
        return {**case, "plans": {plan.position_id.id: plan for plan in plans}}

    def _of_debt(self, demand, case):
        plan = case["plans"].get(demand.position.id)
        currency = case["company"].currency_id
        if plan and currency.compare_amounts(demand.amount, 0) <= 0:
            yield Refusal(
                "plan",
                self.env._(
                    "Nothing is due but what is in the repayment plan %s.", plan.name
                ),
            )
        else:
            yield from super()._of_debt(demand, case)

    def _of_reactivation(self, demand, case):
        yield from super()._of_reactivation(demand, case)
        plan = case["plans"].get(demand.position.id)
        if plan and plan.state in LIVE and not plan._gives_back():
            when = dict(
                plan.company_id._fields[
                    "creditbox_plan_gives_back"
                ]._description_selection(self.env)
            )
            yield Refusal(
                "plan",
                self.env._(
                    "Plan %(plan)s: the supply is given back later (%(when)s).",
                    plan=plan.name,
                    when=when[plan.company_id.creditbox_plan_gives_back].lower(),
                ),
                forcible=True,
            )
