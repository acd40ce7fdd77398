from odoo import models


class CreditboxPlan(models.Model):
    """How a plan that has run comes to its end."""

    _inherit = "creditbox.plan"

    def _end(self, state, reason):
        """End plans before they are paid: the bills come back where they stood.

        :param state: broken, renegotiated or cancelled
        :param reason: str for the chatter
        """
        for plan in self:
            today = plan.company_id._creditbox_today()
            plan._value_lines(plan.company_id)
            instalments = plan.line_ids._receivable()
            plan._reopen_bills()
            apart = instalments | plan.bill_ids.move_line_id
            self.env["creditbox.item"]._include(apart, "plan")
            plan.line_ids.filtered(lambda line: line.state != "paid").write(
                {"state": "ended"}
            )
            plan.write(
                {
                    "state": state,
                    "reason": reason,
                    "date_end": today,
                    "next_date": False,
                    "next_amount": 0,
                    "late_count": 0,
                }
            )
            plan._forget_activities()
            plan._log(reason)
        self._settle_debt()

    def _pay_off(self):
        """All that is left is due today, without the interest of the days to come."""
        plan = self._quietly()
        today = self.company_id._creditbox_today()
        coming = plan.line_ids.filtered(
            lambda line: line.state in ("open", "late") and line.date_due > today
        )
        # the time of the next instalment has begun: its interest is due in part
        plan._drop_interest(coming[1:])
        for line in coming[1:]:
            line.interest = 0
        coming.write({"date_due": today})
        coming._receivable().write({"date_maturity": today})
        plan._sum_up()
        plan._log(
            self.env._(
                "Paid off early: %s are due at once.",
                self.currency_id.format(float(self._left())),
            )
        )
        self._settle_debt()
        self._value()
