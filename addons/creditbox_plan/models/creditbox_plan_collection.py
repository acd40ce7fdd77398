"""Payments of customers who are in a plan: the oldest instalment first."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .creditbox_plan import LIVE


class CreditboxPlan(models.Model):
    _inherit = "creditbox.plan"

    @api.model
    def _follow_payments(self, partner_ids):
        """Match new payments, accept what is accepted by paying, value the plans.

        :param partner_ids: ids of customers whose debt has changed
        """
        if self.env.context.get("creditbox_plan_following"):
            return
        plans = self.search(
            Domain("partner_id.commercial_partner_id", "in", list(partner_ids))
            & Domain("state", "in", ("proposed", *LIVE, "kept"))
        ).with_context(creditbox_plan_following=True)
        for plan in plans.filtered(lambda plan: plan.state == "proposed"):
            plan._accept_by_payment()
        running = plans.filtered(lambda plan: plan.state in LIVE)
        running._collect()
        plans.filtered(lambda plan: plan.state in (*LIVE, "kept"))._value()

    def _accept_by_payment(self):
        """Whoever pays the first instalment in time has accepted."""
        if self.date_expiry < self.company_id._creditbox_today():
            return
        open_now = sum(self.bill_ids.move_line_id.mapped("amount_residual"))
        paid = (
            self.amount
            - open_now
            - sum(
                self.env["account.move.line"]
                .browse(line_id for line_id, _plan in self._open_credits())
                .mapped("amount_residual")
            )
        )
        if self.currency_id.compare_amounts(paid, self.line_ids[:1].capital) >= 0:
            self._start(self.env._("Accepted by paying the first instalment"))

    def _collect(self):
        """Match payments that name nothing with what is due, and what is due next."""
        found = self._open_credits() if self else []
        for line_id, plan_id in found:
            plan = self.browse(plan_id)._quietly()
            credit = plan.env["account.move.line"].browse(line_id)
            for debit in plan._payable():
                if credit.reconciled:
                    break
                if debit.account_id == credit.account_id:
                    plan._match(debit, credit)
        if found:
            self.browse({plan_id for _line, plan_id in found})._settle_debt()

    def _payable(self):
        """:return: receivable lines due, and the one that falls due next"""
        lines = self.line_ids._receivable().filtered(lambda x: not x.reconciled)
        lines = lines.sorted(lambda line: (line.date_maturity, line.id))
        today = self.company_id._creditbox_today()
        due = lines.filtered(lambda line: line.date_maturity <= today)
        return due | lines[len(due) : len(due) + 1]

    def _open_credits(self):
        """Payments since the plan was asked for that cover nothing yet.

        Those of the supply, or of none that bear no other's name.

        :return: [(id of the account.move.line, id of the plan)], oldest first
        """
        self.env["creditbox.position"]._flush_debts()
        self.flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (line.date, line.id) line.id, plan.id
                  FROM creditbox_plan plan
                  JOIN creditbox_position position ON position.id = plan.position_id
                  JOIN res_partner partner
                    ON partner.commercial_partner_id = plan.partner_id
                  JOIN account_move_line line
                    ON line.partner_id = partner.id
                   AND line.company_id = plan.company_id
                  JOIN account_move move ON move.id = line.move_id
                 WHERE plan.id = ANY(%(ids)s)
                   AND line.account_id = ANY(%(accounts)s)
                   AND line.parent_state = 'posted'
                   AND line.reconciled IS NOT TRUE
                   AND line.amount_residual < 0
                   AND line.date >= plan.date_request
                   AND move.move_type = 'entry'
                   AND move.id NOT IN (
                       SELECT move_id FROM creditbox_plan_line
                        WHERE move_id IS NOT NULL)
                   AND (move.creditbox_supply_id IS NULL
                        OR move.creditbox_supply_id
                           IS NOT DISTINCT FROM position.supply_id)
                 ORDER BY line.date, line.id, plan.date_request, plan.id
                """,
                ids=self.ids,
                accounts=self._receivable_account_ids(),
            )
        )

    def _receivable_account_ids(self):
        positions = self.env["creditbox.position"]
        return [
            account_id
            for company in self.company_id
            for account_id in positions._receivable_accounts(company).ids
        ]
