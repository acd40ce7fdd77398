from odoo import api, fields, models

from .creditbox_plan import LIVE, PENDING


class CreditboxPosition(models.Model):
    _inherit = "creditbox.position"

    plan_ids = fields.One2many("creditbox.plan", "position_id", string="Plans")
    plan_count = fields.Integer(compute="_compute_plan_count")

    def _compute_plan_count(self):
        counts = dict(
            self.env["creditbox.plan"]._read_group(
                [("position_id", "in", self.ids)], ["position_id"], ["__count"]
            )
        )
        for position in self:
            position.plan_count = counts.get(position._origin, 0)

    def _in_live_plan(self):
        """:return: those with a plan that is asked for, offered or running

        Nothing may be done at their meters for the bills in it.
        """
        # whoever asks: nobody's supply is cut because they may not see plans
        plans = self.env["creditbox.plan"].sudo()
        groups = plans._read_group(
            [("position_id", "in", self.ids), ("state", "in", (*PENDING, *LIVE))],
            ["position_id"],
        )
        return self.filtered(lambda p: p.id in {found.id for (found,) in groups})

    @api.model
    def _on_debt_changed(self, partner_ids):
        """Payments of customers in a plan cover instalments, or accept it."""
        res = super()._on_debt_changed(partner_ids)
        # a bookkeeper who posts a payment need not know plans
        self.env["creditbox.plan"].sudo()._follow_payments(partner_ids)
        return res

    def _plan_lines(self):
        """:return: bills overdue that take part in the action table, oldest first"""
        today = self.company_id._creditbox_today()
        # where bills stand is the system's to know
        items = self.env["creditbox.item"].sudo()
        apart = items.search(
            [("position_id", "=", self.id), ("exclusion", "!=", False)]
        ).move_line_id
        return self.open_line_ids.filtered(
            lambda line: (
                line.amount_residual > 0
                and (line.date_maturity or line.date) < today
                and line.id not in apart.ids
            )
        )

    def action_plan(self):
        """Simulate a plan for what is overdue.

        :return: window action of the plan under way, else of a new one
        """
        self.ensure_one()
        plans = self.env["creditbox.plan"]
        plan = plans.search(
            [
                ("position_id", "=", self.id),
                ("state", "in", ("draft", *PENDING, *LIVE)),
            ],
            limit=1,
        )
        plan = plan or plans.create(plans._prepare(self))
        return plan.get_formview_action()

    def action_open_plans(self):
        """:return: window action of the positions' plans"""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_plan.creditbox_plan_action"
        )
        return {**action, "domain": [("position_id", "in", self.ids)], "context": {}}
