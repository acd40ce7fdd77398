from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date

STYLES = {"late": "danger", "live": "success"}
PLAN_LIMIT = 3


class CreditboxCustomerPage(models.AbstractModel):
    """Plans under way, at the head of the customer's page; the button of a new one."""

    _inherit = "creditbox.customer.page"

    def _buttons(self, partner, company):
        plan = {
            "label": self.env._("Repayment plan"),
            "icon": "fa-calendar-check-o",
            "method": "open_plan",
        }
        return [*super()._buttons(partner, company), plan]

    @api.model
    def open_plan(self, partner_id, company_id):
        """Simulate a plan, or go to the one that is under way.

        :return: window action of it; of the overdue positions where there are several
        :raises UserError: nothing is overdue
        """
        partner, company = self._working(partner_id, company_id)
        positions = self._all_positions(partner, company)
        overdue = positions.filtered("amount_overdue") | positions._in_live_plan()
        if not overdue:
            raise UserError(self.env._("Nothing is overdue here."))
        if len(overdue) == 1:
            return overdue.action_plan()
        return overdue._get_records_action(
            name=self.env._("Which supply is the plan about?")
        )

    def _badges(self, partner, company):
        return [
            *super()._badges(partner, company),
            *self._plan_badges(partner, company),
        ]

    def _plan_badges(self, partner, company):
        """The state of each plan, and what is to be paid next."""
        for plan in self.env["creditbox.plan"].search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", company.id),
                ("state", "in", ("to_approve", "proposed", "live", "late")),
            ],
            limit=PLAN_LIMIT,
        ):
            states = dict(plan._fields["state"]._description_selection(self.env))
            yield {
                "label": self.env._("Repayment plan"),
                "value": states[plan.state],
                "style": STYLES.get(plan.state, "info"),
                "hint": self.env._(
                    "Next: %(amount)s by %(day)s; still to pay %(left)s",
                    amount=plan.currency_id.format(plan.next_amount),
                    day=format_date(self.env, plan.next_date),
                    left=plan.currency_id.format(plan.amount_open),
                ),
                "action": plan._get_records_action(),
            }
