from odoo import models

from .creditbox_past import LINE_COLUMNS

DEBT_FIELDS = {
    "account_id",
    "partner_id",
    "date_maturity",
    "balance",
    "debit",
    "credit",
    "amount_currency",
}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def write(self, vals):
        if DEBT_FIELDS.isdisjoint(vals):
            return super().write(vals)
        posted = self.filtered(lambda line: line.parent_state == "posted")
        self.env["creditbox.former"]._keep(posted, LINE_COLUMNS, vals)
        partner_ids, companies = posted._creditbox_debts()
        result = super().write(vals)
        new_partner_ids, _companies = posted._creditbox_debts()
        self.env["creditbox.position"]._touch(partner_ids | new_partner_ids, companies)
        return result

    def _reconcile_plan(self, reconciliation_plan):
        result = super()._reconcile_plan(reconciliation_plan)
        lines = self._creditbox_plan_lines(reconciliation_plan)
        self.env["creditbox.position"]._touch(*lines._creditbox_debts())
        return result

    def _creditbox_plan_lines(self, plan):
        if isinstance(plan, models.BaseModel):
            return plan
        return self.union(*(self._creditbox_plan_lines(part) for part in plan))

    def _creditbox_debts(self):
        """Whose debt these lines are part of.

        :return: the set of the ids of the customers and the companies, both empty
            within a bulk operation, whose author refreshes once at its end
        """
        if self.env.context.get("creditbox_bulk"):
            return set(), self.env["res.company"]
        debts = self.sudo().filtered(
            lambda line: (
                line.partner_id and line.account_id.account_type == "asset_receivable"
            )
        )
        return set(debts.partner_id.ids), debts.company_id
