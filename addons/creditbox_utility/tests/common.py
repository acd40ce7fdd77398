from datetime import date

from odoo.fields import Command

from odoo.addons.creditbox_dunning.tests.law import LawCommon

# a Tuesday, ten in the morning in Italy
NOW = "2026-06-30 08:00:00"
PROOF, DEADLINE = date(2026, 4, 10), date(2026, 5, 20)


class UtilityCommon(LawCommon):
    """A customer whose notice is proved: the suspension is lawful today."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.regulation.step_ids.filtered(
            lambda step: step.legal_step == "suspension"
        ).spares_protected = True
        cls.regulation.value_ids = [
            Command.create({"code": code, "name": code, "value": value, "unit": "days"})
            for code, value in (
                ("reactivation_days", 2),
                ("reactivation_late_hour", 18),
            )
        ]
        cls.Order = cls.env["fsm.order"]
        cls.suspended = cls.env.ref("creditbox_base.meter_state_suspended")
        cls.to_reactivate = cls.env.ref("creditbox_base.meter_state_to_reactivate")
        cls.closed = cls.env.ref("creditbox_base.meter_state_closed")
        cls.reason = cls.env.ref("creditbox_utility.order_reason_inaccessible")

    def _lawful(self):
        """:return: the position, whose notice is proved, and its bill"""
        action = self._notice(proof=PROOF, deadline=DEADLINE)
        bill = action.line_ids.move_id
        return action.position_id, bill

    def _workflow_order(self):
        """:return: the order that the action table makes today, and its bill"""
        _position, bill = self._lawful()
        action = self._execute().filtered(lambda a: a.code == "technical")
        return action.order_ids, bill

    def _ask(self, positions, operation="suspension", user=None, **values):
        """:return: the request, carried out"""
        request = (
            self.env["creditbox.order.request"]
            .with_user(user or self.env.user)
            .create({"position_ids": [Command.set(positions.ids)]})
        )
        request.write({"operation": operation, **values})
        request.action_request()
        return request

    def _hand_order(self, operation="suspension"):
        """:return: an order asked for by hand, and its bill"""
        position, bill = self._lawful()
        return self._ask(position, operation).line_ids.order_id, bill

    def _bring(self, order, state):
        """Walk an order up to a state."""
        for button, reached in (
            ("action_accept", "accepted"),
            ("action_send", "sent"),
            ("action_start", "on_site"),
        ):
            if order.creditbox_state == state:
                return order
            getattr(order, button)()
            self.assertEqual(order.creditbox_state, reached)
        return order

    def _cut(self, order):
        self._bring(order, "on_site").action_done()
        self.assertEqual(order.creditbox_state, "done")
        return order

    def _reactivations(self):
        return self.Order.search(
            [
                ("creditbox_supply_id", "=", self.supply.id),
                ("creditbox_operation", "=", "reactivation"),
            ]
        )

    def _figures(self, **figures):
        self.regulation.value_ids = [
            Command.create({"code": code, "name": code, "value": value, "unit": "%"})
            for code, value in figures.items()
        ]

    def _condominium_law(self):
        self._figures(condominium_share=50, condominium_months=6)
