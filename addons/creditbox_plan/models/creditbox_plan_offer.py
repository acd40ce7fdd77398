from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError, ValidationError


class CreditboxPlan(models.Model):
    """Plans that the action table offers to customers."""

    _inherit = "creditbox.plan"

    @api.model
    def _offer(self, actions):
        """Draw up a plan for each action, granted already: the table was approved.

        :param actions: creditbox.action of code «plan», still due
        :return: those that have one; the others are held back with the reason
        """
        offered = actions.browse()
        for action in actions:
            # the batch goes on when one customer may have none
            try:
                with self.env.cr.savepoint():
                    self._offer_one(action)
            except (UserError, ValidationError) as error:
                action._hold_back("plan_refused", str(error)[:200])
            else:
                offered |= action
        return offered

    def _offer_one(self, action):
        company = action.company_id
        today = company._creditbox_today()
        until = today + timedelta(days=company.creditbox_plan_offer_days)
        lines = action.line_ids.item_id.move_line_id
        # the system offers, whoever runs the table
        plan = self.sudo().create(
            self._prepare(
                action.position_id,
                origin="table",
                action_id=action.id,
                user_id=action.run_id.create_uid.id or self.env.uid,
                date_first=company._creditbox_plan_first(until),
                bill_ids=[(0, 0, {"move_line_id": line.id}) for line in lines],
            )
        )
        # the customer's right is not at stake: the company itself offers
        plan._check_terms_of_offer()
        plan._set_right()
        plan.line_ids._give_codes()

    def _check_terms_of_offer(self):
        company = self.company_id
        broken = self._broken_counts(company).get(self.partner_id, 0)
        if broken > company.creditbox_plan_broken_max:
            raise UserError(
                self.env._("The customer has broken %s plans lately.", broken)
            )
        self._check_terms()

    def _offered(self):
        """The letter or the e-mail has left: wait for the customer's answer."""
        for company, plans in self.grouped("company_id").items():
            days = timedelta(days=company.creditbox_plan_offer_days)
            plans.write(
                {"state": "proposed", "date_expiry": company._creditbox_today() + days}
            )
        self._set_apart()
