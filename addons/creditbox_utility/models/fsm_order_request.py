from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL, plaintext2html

from .creditbox_lawfulness import Demand


class FsmOrder(models.Model):
    """How orders at the meter are born: many at a time."""

    _inherit = "fsm.order"

    @api.model
    def _request(self, demands, origin, forced=None, **values):
        """Make the orders of demands that have been found lawful.

        The number of queries does not depend on how many they are.

        :param demands: list of :class:`creditbox_lawfulness.Demand`
        :param origin: key of ``creditbox_origin``
        :param forced: str, why our own rules do not hold this time
        :return: fsm.order, in the order of the demands
        """
        if not demands:
            return self.browse()
        supplies = self.env["creditbox.supply"].union(
            *(demand.position.supply_id for demand in demands)
        )
        locations = self.env["fsm.location"]._creditbox_of(supplies)
        companies = supplies.company_id
        teams = {company: self._creditbox_team(company) for company in companies}
        common = {
            "creditbox_state": "requested",
            "creditbox_origin": origin,
            "creditbox_forced_reason": forced,
            "creditbox_requested_at": fields.Datetime.now(),
            "creditbox_user_id": self.env.uid,
            "stage_id": self._stage_of("requested").id,
            **values,
        }
        names = self._creditbox_names(len(demands))
        orders = (
            self.sudo()  # see the class
            .with_context(
                tracking_disable=True,
                mail_create_nolog=True,
                mail_create_nosubscribe=True,
            )
            .create(
                [
                    {
                        **common,
                        "name": name,
                        "team_id": teams[demand.position.company_id].id,
                        "location_id": locations[demand.position.supply_id].id,
                        **self._values_of(demand),
                    }
                    for name, demand in zip(names, demands, strict=True)
                ]
            )
        )
        orders = orders.with_env(self.env)
        orders._message_log_batch(bodies=orders._bodies_of_request())
        removals = orders.filtered(lambda o: o.creditbox_operation == "removal")
        # nobody needs rights on activities to answer one of them
        removals.sudo().creditbox_position_id._removal_ordered(removals)
        return orders

    @api.model
    def _values_of(self, demand):
        text = demand.action.rule_id.action_text
        return {
            "company_id": demand.position.company_id.id,
            "creditbox_operation": demand.operation,
            "creditbox_position_id": demand.position.id,
            "creditbox_supply_id": demand.position.supply_id.id,
            "creditbox_action_id": demand.action.id,
            "creditbox_amount": demand.amount,
            "creditbox_move_line_ids": [Command.set(demand.lines.ids)],
            "todo": text and plaintext2html(text),
        }

    def _bodies_of_request(self):
        requested = self.env._("Requested")
        return {
            order.id: f"{requested}: {order._label('creditbox_operation')}"
            + (
                f" – {order.creditbox_forced_reason}"
                if order.creditbox_forced_reason
                else ""
            )
            for order in self
        }

    @api.model
    def _creditbox_team(self, company):
        """:return: fsm.team that takes the orders of a company, made when missing"""
        teams = self.env["fsm.team"].sudo()  # set-up of Field Service
        team = teams.search(
            [("company_id", "in", [company.id, False])],
            order="company_id, sequence, id",
            limit=1,
        )
        return team or teams.create({"name": company.name, "company_id": company.id})

    @api.model
    def _creditbox_names(self, count):
        """Draw many numbers at once.

        :return: list of str
        """
        sequence = (
            self.env["ir.sequence"]
            .sudo()
            .search([("code", "=", "fsm.order")], order="company_id", limit=1)
        )
        if sequence.implementation != "standard" or sequence.use_date_range:
            return [sequence.next_by_id() for _number in range(count)]
        numbers = self.env.execute_query(
            SQL(
                "SELECT nextval(%s) FROM generate_series(1, %s)",
                f"ir_sequence_{sequence.id:03d}",
                count,
            )
        )
        return [sequence.get_next_char(number) for (number,) in numbers]

    # ------------------------------------------------------------------
    # demands
    # ------------------------------------------------------------------
    def _demands(self):
        """:return: list of the demands that the orders are, with the debt of now"""
        dues = self._dues()
        return [
            Demand(
                order.creditbox_position_id,
                order.creditbox_operation,
                order.sudo().creditbox_move_line_ids,
                dues.get(order.id, 0),
                order.creditbox_action_id,
            )
            for order in self
        ]

    @api.model
    def _demands_by_hand(self, positions, operation):
        """Say what an operation at the meters of positions would be for.

        :param positions: creditbox.position
        :return: list of demands, in their order; the bills are those that are due now
        """
        lines = self._due_lines(positions)
        none = self.env["creditbox.action"]
        # read together
        bills = self.env["account.move.line"].browse(
            line_id for ids in lines.values() for line_id in ids
        )
        return [
            Demand(
                position,
                operation,
                bills.browse(lines.get(position.id, {})).with_prefetch(bills.ids),
                sum(lines.get(position.id, {}).values()),
                none,
            )
            for position in positions
        ]
