from odoo.tests import freeze_time

from odoo.addons.creditbox_dunning.tests.common import TODAY, DunningCommon


class PlanCommon(DunningCommon):
    """A customer with two overdue bills of water, 100 and 60.01 euro."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(TODAY))
        cls.older = cls._bill(100, 60)
        cls.newer = cls._bill(60.01, 30)
        cls.position = cls._position(cls.supply)
        cls.operator = cls._user("operator")
        cls.supervisor = cls._user("supervisor")
        cls.manager = cls._user("manager")

    @classmethod
    def _position(cls, supply):
        return cls.env["creditbox.position"].search([("supply_id", "=", supply.id)])

    @classmethod
    def _plan(cls, position=None, user=None, **values):
        """:return: a simulated plan"""
        plans = cls.env["creditbox.plan"]
        if user:
            plans = plans.with_user(user)
        position = position or cls.position
        return plans.create(plans._prepare(position.with_env(plans.env), **values))

    @classmethod
    def _live(cls, position=None, **values):
        plan = cls._plan(position, **values)
        plan.action_request()
        plan.action_approve()
        plan.action_accept()
        return plan

    @classmethod
    def _receivable(cls, move):
        return move.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )

    def _item(self, move):
        line = self._receivable(move)
        return self.env["creditbox.item"].search([("move_line_id", "in", line.ids)])
